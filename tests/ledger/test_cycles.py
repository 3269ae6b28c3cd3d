"""Python looks for cycles except while a backlog is worked off."""

import gc
from collections.abc import Iterator

import pytest

from jifen_ledger.application.cycles import FEW_OBJECTS, Cycles


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    assert gc.isenabled()
    yield
    gc.enable()
    gc.unfreeze()


def test_nobody_looks_for_cycles_while_a_backlog_is_worked_off() -> None:
    cycles = Cycles()
    cycles.backlog(there_is=True)
    during = gc.isenabled()
    cycles.backlog(there_is=False)

    assert (during, gc.isenabled()) == (False, True)


def test_the_backlog_of_one_scheme_is_enough() -> None:
    one, other = Cycles(), Cycles()
    one.backlog(there_is=True)
    other.backlog(there_is=True)
    one.backlog(there_is=True)
    one.backlog(there_is=False)
    still = gc.isenabled()
    other.backlog(there_is=False)

    assert (still, gc.isenabled()) == (False, True)


@pytest.mark.parametrize(("objects", "are_looked_through"), [(FEW_OBJECTS * 2, False), (10, True)])
def test_what_piled_up_in_a_backlog_holds_nobody_up_after_it(
    objects: int,
    are_looked_through: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    cycles = Cycles()
    gc.collect()
    cycles.backlog(there_is=True)
    made = [[number] for number in range(objects)]
    cycles.backlog(there_is=False)

    young = gc.get_objects(generation=0)
    assert any(one is made[-1] for one in young) is are_looked_through


def test_in_a_backlog_cycles_go_when_the_state_has_been_forgotten() -> None:
    cycles = Cycles()
    gc.collect()
    cycles.backlog(there_is=True)
    ring: list[object] = []
    ring.append(ring)
    del ring
    cycles.forgotten()
    left = gc.collect()
    cycles.backlog(there_is=False)

    assert left == 0

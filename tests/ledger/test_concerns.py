"""Concerns (马上办): what is accepted from whom, by the fold and by the model (domain.md §6.2)."""

import pytest

from tests.support.concerns import confirmed, handed, handled, raised, reopened, resolved
from tests.support.ledgers import Ledger
from tests.support.organisation import assigned, registered
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    GROUP_X1,
    LEADER,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.stored import sha

OTHER_SOURCE = "urn:jifen:source:survey"


def outcome(ledger: Ledger, *payloads: bytes) -> str:
    """What became of the last of the messages: its code, else its status."""
    for payload in payloads:
        record = ledger.receive(payload)
    return record.code or record.status


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (raised(unit="u-nowhere"), "unknown_unit"),
        (raised("cn-known"), "already_exists"),
        (raised("cn-known", unit=BRANCH_Y), "already_exists"),
        (raised(parent="cn-none"), "unknown_reference"),
        (raised(parent="cn-closed"), "unknown_reference"),
        (raised(origin="H00"), "unknown_reference"),
        (raised(origin="H17"), "unknown_reference"),
        (raised(origin="H16"), "recorded"),
        (raised(origin="visit-nobody-has-claimed-yet"), "recorded"),
        (raised(by=None), "recorded"),
        (raised(by="an-alias"), "recorded"),
        (raised(unit=SCHEME), "recorded"),
        (raised(parent="cn-known"), "recorded"),
    ],
)
def test_a_concern_is_raised_by_anybody_about_a_unit(
    ledger: Ledger, payload: bytes, expected: str
) -> None:
    past = (raised("cn-known", on="2023-07-01"), *handled("cn-closed"))

    assert outcome(ledger, *past, payload) == expected


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (RECORDER, "recorded"),
        (SECRETARY, "recorded"),
        (UPPER, "recorded"),
        (COMMITTEE, "not_permitted"),
        (LEADER, "not_permitted"),
        (ANNA, "not_permitted"),
        (SECRETARY_Y, "not_permitted"),
        (SPECIALIST, "not_permitted"),
        ("m-nobody", "not_permitted"),
    ],
)
def test_the_branchs_recorder_its_secretary_and_upper_assign(
    ledger: Ledger, by: str, expected: str
) -> None:
    assert outcome(ledger, raised(), handed(by=by)) == expected


def test_the_leader_of_a_group_assigns_what_concerns_the_group(ledger: Ledger) -> None:
    group = raised(unit=GROUP_X1)

    assert outcome(ledger, group, handed(unit=GROUP_X1, by=LEADER)) == "recorded"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (handed("cn-none"), "unknown_reference"),
        (handed(unit=BRANCH_Y, by=SECRETARY_Y), "unknown_reference"),
        (handed(merge_into="cn-none"), "unknown_reference"),
        (handed(reached="parts"), "unknown_reference"),
        (handed(stages={"parts": "2023-07-12"}, reached="parts"), "recorded"),
        (handed("cn-closed", on="2023-07-15"), "wrong_state"),
        (handed(merge_into="cn-closed"), "wrong_state"),
        (handed(merge_into="cn-1"), "wrong_state"),
        (handed(merge_into="cn-y"), "not_permitted"),
        (handed(merge_into="cn-y", by=UPPER), "recorded"),
        (handed(handler="m-nobody"), "unknown_member"),
        (handed(handler_unit="u-nowhere"), "unknown_unit"),
        (handed(pause=("2023-07-11", "2023-07-12")), "reason_required"),
    ],
)
def test_an_assignment_is_refused_by_its_first_fault(
    ledger: Ledger, payload: bytes, expected: str
) -> None:
    past = (raised(), *handled("cn-closed"), raised("cn-y", unit=BRANCH_Y))

    assert outcome(ledger, *past, payload) == expected


def test_e65_a_third_pause_is_refused_and_the_reason_is_asked_for_first(ledger: Ledger) -> None:
    pauses = [("2023-07-11", "2023-07-12"), ("2023-07-13", "2023-07-14")]
    two = [handed(pause=pause, reason="parts_ordered") for pause in pauses]
    third = ("2023-07-17", "2023-07-18")

    assert outcome(ledger, raised(), *two) == "recorded"
    assert outcome(ledger, handed(pause=third)) == "reason_required"
    assert outcome(ledger, handed(pause=third, reason="parts_ordered")) == "pause_limit"
    assert outcome(ledger, handed(reason="parts_ordered")) == "recorded"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (resolved("cn-none"), "unknown_reference"),
        (resolved("cn-raised"), "wrong_state"),
        (resolved("cn-closed", on="2023-07-15"), "wrong_state"),
        (resolved(by=RECORDER), "not_permitted"),
        (resolved(by=ANNA), "not_permitted"),
        (resolved("cn-whole", evidence=[]), "children_open"),
        (resolved(evidence=[]), "evidence_required"),
        (resolved(), "recorded"),
    ],
)
def test_only_the_handler_resolves_a_concern_with_evidence(
    ledger: Ledger, payload: bytes, expected: str
) -> None:
    past = (
        raised(),
        handed(),
        raised("cn-raised"),
        *handled("cn-closed"),
        raised("cn-whole"),
        raised("cn-part", parent="cn-whole"),
        handed("cn-whole"),
    )

    assert outcome(ledger, *past, payload) == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (confirmed("cn-none"), "unknown_reference"),
        (confirmed("cn-open"), "wrong_state"),
        (confirmed("cn-closed", on="2023-07-15"), "wrong_state"),
        (confirmed(by=BO), "not_raiser"),
        (confirmed(by=UPPER), "not_raiser"),
        (confirmed(by=COMMITTEE), "not_raiser"),
        (confirmed(by=None), "not_raiser"),
        (confirmed(by=None, survey_code="any-code"), "not_raiser"),
        (confirmed(satisfaction=3), "recorded"),
    ],
)
def test_only_the_raiser_confirms(ledger: Ledger, payload: bytes, expected: str) -> None:
    past = (*handled(confirmed_by=None), raised("cn-open"), handed("cn-open"))

    assert outcome(ledger, *past, *handled("cn-closed"), payload) == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (reopened("cn-none"), "unknown_reference"),
        (reopened("cn-open"), "wrong_state"),
        (reopened(by=BO, reason=None), "not_raiser"),
        (reopened(by=COMMITTEE), "not_raiser"),
        (reopened(reason=None), "reason_required"),
        (reopened(by=UPPER, reason=None), "reason_required"),
        (reopened(), "recorded"),
        (reopened(by=UPPER), "recorded"),
        (reopened("cn-closed", on="2024-01-10"), "recorded"),
    ],
)
def test_the_raiser_or_upper_reopens_with_a_reason(
    ledger: Ledger, payload: bytes, expected: str
) -> None:
    past = (*handled(confirmed_by=None), raised("cn-open"), *handled("cn-closed"))

    assert outcome(ledger, *past, payload) == expected


def test_what_was_reopened_is_its_handlers_again_without_a_new_assignment(ledger: Ledger) -> None:
    assert outcome(ledger, *handled(), reopened()) == "recorded"
    assert outcome(ledger, resolved(in_use="2023-07-20")) == "recorded"


def test_a_raiser_who_was_silent_for_seven_days_may_still_confirm(ledger: Ledger) -> None:
    late = confirmed(on="2023-08-30")

    assert outcome(ledger, *handled(confirmed_by=None), late) == "recorded"


def test_e66_the_survey_code_of_an_alias_speaks_for_the_raiser_from_anywhere(
    ledger: Ledger,
) -> None:
    hidden = handled(by=sha("my-code"), confirmed_by=None)
    wrong = confirmed(by=None, survey_code="her-code")
    right = confirmed(by=None, survey_code="my-code", source=OTHER_SOURCE)

    assert outcome(ledger, *hidden, wrong) == "not_raiser"
    assert outcome(ledger, right) == "recorded"
    assert outcome(ledger, reopened(by=None, survey_code="my-code")) == "recorded"


def test_e66_without_any_name_the_source_that_took_the_concern_in_vouches_for_one_code(
    ledger: Ledger,
) -> None:
    nameless = handled(by=None, confirmed_by=None)
    foreign = confirmed(by=None, survey_code="code-1", source=OTHER_SOURCE)

    assert outcome(ledger, *nameless, foreign) == "not_raiser"
    assert outcome(ledger, confirmed(by=ANNA)) == "not_raiser"
    assert outcome(ledger, confirmed(by=None, survey_code="code-1")) == "recorded"
    assert outcome(ledger, reopened(by=None, survey_code="code-2")) == "not_raiser"
    assert outcome(ledger, reopened(by=None, survey_code="code-1")) == "recorded"


def test_a_part_may_be_closed_by_being_merged_into_its_whole(ledger: Ledger) -> None:
    past = (raised("cn-whole"), raised("cn-part", parent="cn-whole"), handed("cn-whole"))

    assert outcome(ledger, *past, resolved("cn-whole")) == "children_open"
    assert outcome(ledger, handed("cn-part", merge_into="cn-whole")) == "recorded"
    assert outcome(ledger, resolved("cn-whole", on="2023-07-13")) == "recorded"


def test_a_whole_waits_for_the_parts_of_what_was_merged_into_it(ledger: Ledger) -> None:
    past = (
        raised(),
        raised("cn-2"),
        raised("cn-2-part", parent="cn-2"),
        handed(),
        handed("cn-2", merge_into="cn-1"),
    )

    assert outcome(ledger, *past, resolved()) == "children_open"


def test_a_part_that_is_reopened_opens_its_whole(ledger: Ledger) -> None:
    past = (raised("cn-whole", by=BO), raised("cn-part", parent="cn-whole"), handed("cn-part"))
    ledger_past = (*past, resolved("cn-part"), handed("cn-whole"), resolved("cn-whole"))

    assert outcome(ledger, *ledger_past, confirmed("cn-whole", by=BO)) == "recorded"
    assert outcome(ledger, reopened("cn-part")) == "recorded"
    assert outcome(ledger, confirmed("cn-whole", by=BO, on="2023-07-15")) == "wrong_state"
    assert outcome(ledger, resolved("cn-whole", on="2023-07-15")) == "children_open"


def merged(number: int) -> list[bytes]:
    """One concern that stands for others, raised by Anna, Bo, Chen and Dora in turn."""
    raisers = [ANNA, BO, CHEN, DORA][:number]
    concerns = [raised(f"cn-{one}", by=by) for one, by in enumerate(raisers, start=1)]
    merges = [handed(f"cn-{one}", merge_into="cn-1") for one in range(2, number + 1)]
    return [*concerns, handed(), *merges, resolved()]


def test_merged_concerns_are_confirmed_by_more_than_half_of_all_raisers(ledger: Ledger) -> None:
    """Each speaks under the concern that they raised, or the one that stands for it."""
    past = (*merged(4), confirmed(), confirmed("cn-2", by=BO))

    assert outcome(ledger, *past) == "recorded"
    assert outcome(ledger, handed("cn-3", on="2023-07-15")) == "wrong_state"
    assert outcome(ledger, confirmed("cn-1", by=CHEN)) == "recorded"
    assert outcome(ledger, confirmed("cn-3", by=CHEN, on="2023-07-15")) == "wrong_state"
    assert outcome(ledger, confirmed("cn-4", by=DORA)) == "recorded"


def test_one_of_three_raisers_does_not_undo_what_two_confirm(ledger: Ledger) -> None:
    past = (*merged(3), confirmed(), confirmed("cn-2", by=BO), reopened("cn-3", by=CHEN))

    assert outcome(ledger, *past) == "recorded"
    assert outcome(ledger, resolved(on="2023-07-15")) == "wrong_state"


def test_half_of_the_raisers_reopen_what_they_merged(ledger: Ledger) -> None:
    past = (*merged(4), confirmed(), reopened("cn-3", by=CHEN))

    assert outcome(ledger, *past, resolved(on="2023-07-15")) == "wrong_state"
    assert outcome(ledger, reopened("cn-4", by=DORA)) == "recorded"
    assert outcome(ledger, resolved(on="2023-07-16")) == "recorded"


def test_upper_reopens_what_all_raisers_confirmed(ledger: Ledger) -> None:
    past = (*merged(2), confirmed(), confirmed("cn-2", by=BO), reopened(by=UPPER))

    assert outcome(ledger, *past, resolved(on="2023-07-15")) == "recorded"


def test_a_person_who_raised_two_merged_concerns_is_one_raiser(ledger: Ledger) -> None:
    past = (raised(), raised("cn-2"), handed(), handed("cn-2", merge_into="cn-1"), resolved())

    assert outcome(ledger, *past, confirmed("cn-2")) == "recorded"
    assert outcome(ledger, confirmed(on="2023-07-15")) == "wrong_state"


def test_the_fix_of_a_red_line_is_resolved_and_confirmed_by_upper_alone(ledger: Ledger) -> None:
    past = (raised(kind="fix", origin="H10"), handed())

    assert outcome(ledger, *past, resolved()) == "not_permitted"
    assert outcome(ledger, resolved(by=UPPER)) == "recorded"
    assert outcome(ledger, confirmed()) == "not_raiser"
    assert outcome(ledger, confirmed(by=UPPER_TWO)) == "recorded"
    assert outcome(ledger, reopened()) == "recorded"


def test_what_concerned_a_closed_branch_is_assigned_by_its_successor(ledger: Ledger) -> None:
    heir = (
        registered("u-z", since="2023-07-11", came_from=[BRANCH_X], recorded="2023-07-11"),
        assigned(BO, "recorder", "u-z", since="2023-07-11", recorded="2023-07-11"),
        registered(BRANCH_X, to="2023-07-11", recorded="2023-07-11"),
    )

    assert outcome(ledger, raised(), *heir, handed(on="2023-07-12")) == "not_permitted"
    assert outcome(ledger, handed(by=BO, on="2023-07-12")) == "recorded"

"""Workers share the schemes: all are held, none has too many, and nothing moves without need."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_ledger.application.shares import Held, Seen, fair_share, to_claim, to_release

SCHEMES = [f"s-{number:02}" for number in range(20)]
ROUNDS = 12

Serving = Mapping[str, frozenset[str]]


def settled(serving: Serving, leases: dict[str, str]) -> dict[str, str]:
    """Let every worker look, let go and claim in its turn, until nothing can move any more."""
    looks_free: dict[str, int] = {}
    for _ in range(ROUNDS):
        for worker in serving:
            seen = seen_of(serving, leases)
            for scheme in to_release(seen, worker):
                del leases[scheme]
            free = {scheme for scheme in SCHEMES if scheme not in leases}
            looks_free = {one: looks_free.get(one, 0) + 1 for one in free}
            long_free = {one for one, looks in looks_free.items() if looks > len(serving)}
            for scheme in to_claim(seen_of(serving, leases), worker, long_free):
                leases[scheme] = worker
    return leases


def seen_of(serving: Serving, leases: Mapping[str, str]) -> Seen:
    return Seen(serving, {one: Held(worker, 0, "") for one, worker in leases.items()}, {})


workers = st.dictionaries(
    st.sampled_from(["w-1", "w-2", "w-3", "w-4"]),
    st.frozensets(st.sampled_from(SCHEMES), min_size=1),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(workers, st.dictionaries(st.sampled_from(SCHEMES), st.sampled_from(["w-1", "w-2", "w-9"])))
def test_every_scheme_that_somebody_serves_comes_to_be_held_and_stays(
    serving: Serving, before: dict[str, str]
) -> None:
    live = {one: worker for one, worker in before.items() if one in serving.get(worker, ())}
    held = settled(serving, dict(live))

    assert held.keys() == set().union(*serving.values())
    assert all(scheme in serving[worker] for scheme, worker in held.items())
    assert settled(serving, dict(held)) == held


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 7), st.dictionaries(st.sampled_from(SCHEMES), st.just("w-0")))
def test_workers_that_serve_the_same_schemes_come_to_hold_the_same_number(
    number: int, before: dict[str, str]
) -> None:
    serving = {f"w-{one}": frozenset(SCHEMES) for one in range(number)}
    held = list(settled(serving, dict(before)).values())

    shares = [held.count(worker) for worker in serving]
    assert (sum(shares), max(shares) <= -(-len(SCHEMES) // number)) == (len(SCHEMES), True)


def test_a_share_counts_a_scheme_by_those_who_serve_it() -> None:
    both, own = frozenset(SCHEMES[:10]), frozenset(SCHEMES[10:13])
    seen = seen_of({"w-1": both | own, "w-2": both}, {})

    assert (fair_share(seen, "w-1"), fair_share(seen, "w-2")) == (8, 5)

"""Patterns that deserve a second look: favours on both sides, and approvals within a minute."""

from jifen_ledger.domain.patterns import Approval, Favour, bursts, mutual_favours


def favours(doer: str, holder: str, number: int) -> list[Favour]:
    return [Favour(doer, holder, f"c-{doer}-{holder}-{count}") for count in range(number)]


def approvals(by: str, *seconds: float, first_seq: int = 1) -> list[Approval]:
    return [
        Approval(by, int(second * 1000), seq) for seq, second in enumerate(seconds, start=first_seq)
    ]


def test_e16_two_people_who_approve_each_other_from_three_claims_on_each_side_are_a_pair() -> None:
    found = mutual_favours(
        [
            *favours("b", "a", 3),
            *favours("a", "b", 5),
            *favours("a", "c", 9),
            *favours("c", "a", 2),
            *favours("d", "c", 4),
            *favours("c", "d", 4),
            *favours("a", "a", 9),
        ]
    )

    assert [tuple(pair) for pair in found] == [("c", "d", 4, 4), ("a", "b", 5, 3)]


def test_whoever_approves_a_claim_at_both_stages_did_one_favour() -> None:
    twice = [*favours("a", "b", 2), *favours("a", "b", 2), *favours("b", "a", 3)]

    assert mutual_favours(twice) == []


def test_e16_fifty_approvals_within_a_minute_are_a_burst_and_forty_nine_are_none() -> None:
    found = bursts(
        [
            *approvals("a", *(0.5 * number for number in range(49))),
            *approvals("b", *(59.999 * number / 49 for number in range(50)), first_seq=100),
            # The last one is a whole minute after the first.
            *approvals("c", *(60 * number / 49 for number in range(50)), first_seq=200),
        ]
    )

    assert [tuple(burst) for burst in found] == [("b", 50, 100, 0, 59_999)]


def test_bursts_that_overlap_are_one_and_those_apart_are_several() -> None:
    steady = [number * 0.5 for number in range(200)]
    later = [3_600 + number * 0.1 for number in range(60)]
    found = bursts(approvals("a", *later, *steady))

    assert [(burst.approvals, burst.first_ms, burst.last_ms) for burst in found] == [
        (200, 0, 99_500),
        (60, 3_600_000, 3_605_900),
    ]

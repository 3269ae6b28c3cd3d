"""What a published year counts of a quarter, asked of the fold and of the model (§5.2, §5.4)."""

from tests.support import builders as build
from tests.support.bulletins import FACTS, MONTHS, anna_s_quarter, corrected, published
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import ANNA, PANEL_X, QUORUM, SPECIALIST
from tests.support.quarters import Q3, Q4, advanced, published_quarter, waiver

LATE = "c-b01-2023-09"


def counted(ledger: Ledger) -> int | None:
    return ledger.published_score(ANNA, "member", Q3)


def fourth_quarter() -> list[bytes]:
    return published_quarter(Q4, recorded="2024-01-10")


def without_a_fact() -> list[bytes]:
    """Anna's quarter, published without the meetings of September: base 50.0 of 53.0."""
    lives = [one for one in anna_s_quarter() if LATE.encode() not in one]
    there = {(ANNA, item, month) for item, _ in FACTS for month in MONTHS}
    there.remove((ANNA, "B01", "2023-09"))
    return [
        *lives,
        advanced("preliminary"),
        advanced("verified", waive=waiver(but=there)),
        advanced("published"),
    ]


def late_fact(done: int) -> list[bytes]:
    """The meetings of September, in time to be claimed, and verified in November."""
    return [
        build.fact(LATE, period="2023-09", required=3, done=done, recorded="2023-10-20"),
        build.preliminary(LATE, recorded="2023-10-21"),
        build.verified(LATE, deciders=QUORUM, recorded="2023-11-02"),
    ]


def test_e02_a_late_duty_that_was_not_done_lowers_the_published_year_from_the_next_bulletin(
    ledger: Ledger,
) -> None:
    told = []
    for step in (without_a_fact(), late_fact(0), fourth_quarter()):
        taken(ledger, step)
        told.append(counted(ledger))

    # 50.0 of 53.0, then 50.0 of 57.0; bonus 13.5 and deductions 2.0 as before.
    assert told == [881, 881, 841]
    assert ledger.records[-4].postings == (), "a duty that was not done posts nothing"


def test_e02_a_late_duty_that_was_done_counts_there_too(ledger: Ledger) -> None:
    taken(ledger, [*without_a_fact(), *late_fact(3)])
    before = counted(ledger)
    taken(ledger, fourth_quarter())

    assert (before, counted(ledger)) == (881, 883)


def test_e13_taking_back_that_nothing_was_done_raises_the_published_year_from_the_next_bulletin(
    ledger: Ledger,
) -> None:
    told = []
    mistaken = build.reversal("c-b02-2023-09", deciders=PANEL_X[:3], recorded="2023-11-02")
    for step in ([*anna_s_quarter(), *published(stated=[ANNA])], [mistaken], fourth_quarter()):
        taken(ledger, step)
        told.append(counted(ledger))

    # 54.0 of 57.0, then 54.0 of 54.0.
    assert told == [883, 883, 915]


def test_g19_a_revision_counts_from_its_record_on(ledger: Ledger) -> None:
    taken(ledger, [*anna_s_quarter(), *published(stated=[ANNA])])
    *before, revision = corrected()
    taken(ledger, before)
    first = counted(ledger)
    taken(ledger, [revision])

    assert (first, counted(ledger)) == (883, 903)


def test_what_is_decided_after_the_next_bulletin_counts_in_the_one_after_it(
    ledger: Ledger,
) -> None:
    late = [
        build.earned("c-late", on="2023-08-20", recorded="2023-10-12", deed="deed-late"),
        build.preliminary("c-late", deciders=(SPECIALIST,), recorded="2023-10-13"),
    ]
    decided = build.verified("c-late", deciders=QUORUM, recorded="2024-01-11")
    following = published_quarter("2024-Q1", recorded="2024-04-10")
    told = []
    first = [*anna_s_quarter(), *published(stated=[ANNA]), *late, *fourth_quarter()]
    for step in (first, [decided], following):
        taken(ledger, step)
        told.append(counted(ledger))

    assert told == [883, 883, 888]

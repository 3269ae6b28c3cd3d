"""A quarter of branch X as golden examples 5 and 19 tell it: stated, published, corrected."""

from collections.abc import Iterable

from tests.support import builders as build
from tests.support.people import UPPER_TWO
from tests.support.quarters import Q3, advanced, answered, objected, revised, waiver
from tests.support.stored import told

# What is due of a member of the small world, but for the self-assessments.
FACTS = (("B01", 3), ("B02", 3), ("B03", 3), ("B05", 3), ("C01", 3), ("C05", 3), ("C08", 3))
MONTHS = ("2023-07", "2023-08", "2023-09")


def anna_s_quarter() -> list[bytes]:
    """The member of golden example 5: base 54.0 of 57.0, bonus 13.5, deductions 2.0."""
    lives: list[bytes] = []
    for month in MONTHS:
        for item, required in FACTS:
            done = 0 if (item, month) == ("B02", "2023-09") else required
            claim = f"c-{item}-{month}".lower()
            lives += build.decided(
                build.fact(claim, item, period=month, required=required, done=done)
            )
    lives += build.decided(build.deduction("c-b06", on="2023-08-10"))
    for number in range(3):
        lives += build.decided(build.earned(f"c-d03-{number}", deed=f"deed-{number}"))
    lives += build.decided(build.earned("c-c07", "C07", member=build.tier("company")))
    lives += build.decided(build.earned("c-c10", "C10", member=build.tier("effective")))
    return lives


def published(
    quarter: str = Q3, *, stated: Iterable[str] = (), recorded: str = "2023-10-10"
) -> list[bytes]:
    """The quarter published; `stated` are the members who have the facts of Anna's quarter."""
    there = {(member, item, month) for member in stated for item, _ in FACTS for month in MONTHS}
    return [
        advanced("preliminary", quarter, recorded=recorded),
        advanced("verified", quarter, waive=waiver(quarter, but=there), recorded=recorded),
        advanced("published", quarter, recorded=recorded),
    ]


def corrected() -> list[bytes]:
    """The deduction was wrong: objection, answer, reversal, revision 2."""
    return [
        objected(claim="c-b06", recorded="2023-10-12"),
        answered(corrects=["c-b06"], recorded="2023-10-16"),
        told(
            build.reversal(
                "c-b06", cause="objection", deciders=(UPPER_TWO,), recorded="2023-10-17"
            ),
            objection="ob-1",
        ),
        revised(2, objections=["ob-1"], recorded="2023-10-18"),
    ]

"""A history whose claims turn in every way: what was said of them at a moment is hard to tell."""

from tests.support.builders import (
    changed,
    count,
    decided,
    deduction,
    earned,
    fact,
    preliminary,
    rejected,
    returned,
    reversal,
    tier,
    verified,
    withdrawal,
    world,
)
from tests.support.organisation import assigned, enrolled, published
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, SPECIALIST
from tests.support.plots import TWIN
from tests.support.stored import stamp_of, told


def revived() -> list[bytes]:
    """A copy that was rejected counts once its original is reversed."""
    return [
        *decided(earned("c-first", deed="hole")),
        earned("c-copy", holder=BO, deed="hole", on="2023-07-13"),
        rejected("c-copy", BO, deciders=(SPECIALIST,), duplicate_of="c-first", reason="copy"),
        reversal("c-first"),
        verified("c-copy", BO, recorded="2023-08-21"),
    ]


def stated_again() -> list[bytes]:
    """A claim comes back with another day in another quarter, then is lowered and moved."""
    claim = earned("c-again", "C09", member=tier("larger"), on="2023-06-30", recorded="2023-07-01")
    again = changed(claim, id="again", recordedtime=stamp_of("2023-07-06"))
    return [
        claim,
        returned("c-again", deciders=(SPECIALIST,), reason="unclear", recorded="2023-07-03"),
        told(changed(again, time="2023-07-05T10:00:00+08:00"), deed="other"),
        preliminary(
            "c-again", deciders=(SPECIALIST,), points={"member": "1"}, reason="partly_shown"
        ),
        verified("c-again", item="D03", measure={"member": count()}, reason="other_item"),
        withdrawal("c-again", recorded="2023-08-09"),
        reversal("c-again"),
    ]


def over_the_bonus_part() -> list[bytes]:
    """More bonus than counts, and less again."""
    prize = earned("c-prize", "C04", member=tier("nation-1"), on="2023-08-10", group="contest")
    labour = earned("c-labour", "C07", member=tier("company"), on="2023-08-11")
    return [*decided(prize), *decided(labour), reversal("c-labour", recorded="2023-09-01")]


def two_records() -> list[bytes]:
    """Bo's second record has claims of its own on the same deeds, until both are one."""
    return [
        enrolled(TWIN),
        assigned(TWIN, "member", BRANCH_X),
        *decided(earned("c-twin-1", holder=TWIN, deed="d-twin")),
        *decided(earned("c-twin-2", holder=TWIN, deed="d-twin-2")),
        *decided(fact("c-twin-3", holder=TWIN)),
        *decided(earned("c-bo-1", "C09", BO, member=tier("general"), deed="d-twin")),
        *decided(deduction("c-twin-4", holder=TWIN)),
        earned("c-twin-5", holder=TWIN, deed="d-twin-5"),
        enrolled(BO, same_as=TWIN, recorded="2023-08-25"),
        reversal("c-twin-2", BO, recorded="2023-08-26"),
    ]


def moved_away() -> list[bytes]:
    """Anna's home is corrected while a claim of hers is open."""
    claim = earned("c-moved", on="2023-08-20", deed="d-moved")
    until = "2023-08-15"
    return [
        claim,
        assigned(ANNA, "member", BRANCH_X, to=until, recorded="2023-08-22"),
        assigned(ANNA, "member", BRANCH_Y, since=until, recorded="2023-08-22"),
        preliminary("c-moved", deciders=(SPECIALIST,), recorded="2023-08-23"),
    ]


def turned_claims() -> list[bytes]:
    """All of it, one after the other."""
    return [
        *world(),
        *revived(),
        *stated_again(),
        *over_the_bonus_part(),
        *two_records(),
        *moved_away(),
        published(2, "2023-10-01", recorded="2023-09-20"),
    ]

"""A year with something behind every read, and the addresses that ask for it."""

from collections.abc import Sequence

from tests.support import builders as build
from tests.support.board_world import BEST, FELLOW, GRADED, QUARTER, history
from tests.support.judgements import awarded, graded, revoked, veto_lifted, vetoed
from tests.support.organisation import absent
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, COMMITTEE, DORA, SCHEME
from tests.support.shop import fulfilled
from tests.support.stored import sha, told

YEAR = "2023"
ENROLMENT = next(
    seq for seq, one in enumerate(build.world(), start=1) if b"jifen.member.enrolled.v1" in one
)
# The year is over, and its grades are decided.
TODAY = "2024-02-20T10:00:00.000+08:00"


def year() -> list[bytes]:
    """The board's plant, what was corrected after its quarter, and the grades of its year."""
    begun = len(build.world())
    # From the beginning, so that the file of its basis is named at every moment.
    early = awarded(DORA, award="aw-0", since="2023-01-01", to="2023-02-01", recorded="2023-01-03")
    come = build.enrolled("m-guest", "applicant", since="2023-10-20", recorded="2023-10-20")
    return [
        *history()[:begun],
        early,
        *history()[begun:],
        told(come, channel="station-7"),
        vetoed(BO, since="2023-09-20", recorded="2023-10-20"),
        # Office and home are corrected back to a day before claims that were verified.
        build.assigned(COMMITTEE, "committee", BRANCH_X, to="2023-08-15", recorded="2023-10-21"),
        absent(BO, "2023-10-01", "2023-11-01", recorded="2023-10-22"),
        fulfilled("rd-anna", recorded="2023-10-23"),
        revoked(ANNA, recorded="2023-10-24"),
        awarded(FELLOW, "badge", award="aw-2", since="2023-10-01", recorded="2023-10-25"),
        veto_lifted(BO, recorded="2023-11-20"),
        build.enrolled("m-guest", "full", since="2024-01-10", recorded="2024-01-11"),
        build.preliminary("c-open", recorded="2024-01-15"),
        graded(BEST, "excellent"),
        graded(BEST, "qualified", reason="review", recorded="2024-02-01"),
    ]


def of_holder(holder: str) -> list[str]:
    own = f"/members/{holder}"
    unit = holder.startswith("u-")
    capacity = "unit" if unit else "member"
    of_members = () if unit else (
        f"{own}/wallet",
        f"{own}/redemptions",
        f"{own}/vetoes",
        f"{own}/grades",
        f"{own}/timeline?limit=200",
        f"{own}/statement?capacity=wallet",
        f"{own}/sheet?period={QUARTER}",
        f"{own}/sheet?period={YEAR}",
        f"{own}/year?year={YEAR}",
    )  # fmt: skip
    return [
        f"{own}/balance",
        f"{own}/statement?capacity={capacity}",
        f"{own}/scores?year={YEAR}",
        f"{own}/rank?period={QUARTER}&capacity={capacity}",
        f"{own}/radar?period={QUARTER}",
        f"{own}/awards",
        f"{own}/assessment?month=2023-07",
        f"{own}/catalogue",
        f"/explain/figures?holder={holder}&capacity={capacity}&period={QUARTER}",
        *of_members,
    ]


def of_branch(branch: str) -> list[str]:
    own, unit = f"/branches/{branch}", f"/units/{branch}"
    return [
        f"{own}/bulletins",
        f"{own}/bulletins/{QUARTER}",
        f"{own}/bulletins/{QUARTER}/sheet?revision=1",
        f"{own}/grades?year={YEAR}",
        f"{own}/grades?year={YEAR}&pool={BRANCH_Y}",
        f"{own}/quarters?year={YEAR}",
        f"{own}/quarters/2023-Q4/missing-facts",
        f"{own}/quarters/{QUARTER}/missing-facts",
        f"{own}/quarters/{QUARTER}/recheck",
        f"{own}/deeds/d-open/attendance",
        f"{own}/transfers",
        f"{own}/patterns?period={QUARTER}",
        f"{own}/inbox",
        f"{own}/objections?period={QUARTER}",
        f"{unit}/timeline?limit=200",
        f"{unit}/unfit-claims?period={YEAR}",
        f"{unit}/assessments?month=2023-07",
        f"{unit}/assessments/on-time?period={QUARTER}",
        f"{unit}/drafts?month=2023-09",
        f"{unit}/drafts?month=2023-10",
        f"{unit}/concerns?period={YEAR}",
    ]


def of_scheme(seqs: Sequence[int], ids: Sequence[str]) -> list[str]:
    """Reads of the whole scheme, and of single things; `seqs` and `ids` are of its records."""
    return [
        f"/rankings?period={QUARTER}&capacity=member",
        f"/rankings?period={QUARTER}&capacity=member&figures=published",
        f"/units/comparison?period={QUARTER}",
        "/objections/ob-1",
        "/concerns",
        "/concerns?overdue=true",
        *(f"/concerns/{one}" for one in ("cn-1", "cn-cold", "cn-fix")),
        "/visits/visit-1",
        "/awards",
        f"/awards?unit={GRADED}",
        "/offers?state=all",
        "/redemptions/rd-anna",
        "/wallets/totals",
        *(f"/claims/{one}" for one in ("c-b06", "c-open", "c-d03-0")),
        "/claims/c-b06/same-evidence",
        "/registrations",
        *(f"/outcomes?source={build.SOURCE}&id={one}" for one in ids),
        *(f"/records/{one}" for one in seqs),
        # Of somebody's enrolment: who opens it is not changed by what comes later.
        f"/records/{ENROLMENT}/opening",
        *(f"/explain/postings/{one}/1" for one in seqs),
        f"/evidence/{sha('decision')}",
        f"/evidence/{sha('decision')}/uses",
        "/trial-balance",
        "/status",
        "/export",
        "/scheme",
        "/scheme/differences?from=1&to=2",
    ]


def addresses(seqs: Sequence[int], ids: Sequence[str], *, more: bool = False) -> list[str]:
    """An address of every read that answers at a moment; with `more` about more holders."""
    holders = (ANNA, BO, COMMITTEE, DORA, BEST, BRANCH_X) if more else (ANNA, BRANCH_X)
    branches = (BRANCH_X, BRANCH_Y, GRADED) if more else (BRANCH_X,)
    return [
        *(path for one in holders for path in of_holder(one)),
        *(path for one in branches for path in of_branch(one)),
        f"/members/{BEST}/grades",
        f"/members/{BO}/vetoes",
        f"/members/{COMMITTEE}/catalogue",
        f"/branches/{GRADED}/grades?year={YEAR}",
        f"/units/{SCHEME}/timeline?limit=200",
        *of_scheme(seqs, ids),
    ]

"""Turns of affairs that judge people, for random histories."""

from tests.support.judgements import awarded, continued, erased, revoked, veto_lifted, vetoed
from tests.support.organisation import enrolled
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    COMMITTEE,
    DORA,
    GROUP_X1,
    RECORDER,
    SCHEME,
    SECRETARY_Y,
    UPPER,
    UPPER_TWO,
)
from tests.support.plots import TWIN

VETOES: tuple[bytes, ...] = (
    vetoed(ANNA, "2023-07-31", "2023-08-02", veto="ve-1"),
    vetoed(ANNA, "2023-06-30", "2023-07-01", veto="ve-2", recorded="2023-07-20"),
    vetoed(BO, "2023-08-01", veto="ve-3"),
    vetoed(TWIN, "2023-08-01", veto="ve-4"),
    vetoed(TWIN, "2023-08-01", veto="ve-4"),
    vetoed(COMMITTEE, "2023-05-01", veto="ve-5", effect="block"),
    vetoed(COMMITTEE, "2023-09-30", veto="ve-6", by=UPPER_TWO),
    vetoed(DORA, "2023-09-30", "2023-09-30", veto="ve-7"),
    vetoed(DORA, "2023-09-01", veto="ve-7", basis=None),
    vetoed(ANNA, "2023-09-01", veto="ve-8", by=RECORDER),
    vetoed(UPPER, "2023-09-01", veto="ve-9"),
    vetoed("m-nobody", veto="ve-10"),
    veto_lifted(ANNA, veto="ve-1"),
    veto_lifted(ANNA, veto="ve-1", on="2023-08-01"),
    veto_lifted(ANNA, veto="ve-2", on="2023-06-30"),
    veto_lifted(BO, veto="ve-3", by=UPPER),
    veto_lifted(BO, veto="ve-3", on="2023-08-20"),
    veto_lifted(BO, veto="ve-4"),
    veto_lifted(TWIN, veto="ve-4", on="2023-10-10"),
    veto_lifted(BO, veto="ve-4", by=TWIN, recorded="2023-09-02"),
    veto_lifted(COMMITTEE, veto="ve-5", reason=None),
    veto_lifted(COMMITTEE, veto="ve-6", by=UPPER, on="2023-10-01"),
)

BADGE, VOUCHER = "先锋", "券"

AWARDS: tuple[bytes, ...] = (
    awarded(ANNA, "badge", award="aw-1", name=BADGE, since="2023-07-15"),
    awarded(ANNA, "badge", award="aw-2", name=BADGE, to="2023-08-31", by=COMMITTEE),
    awarded(BO, "badge", award="aw-3", name=BADGE, since="2023-06-01", recorded="2023-08-05"),
    awarded(TWIN, "badge", award="aw-4", name=BADGE, since="2023-06-01", recorded="2023-08-05"),
    awarded(ANNA, "benefit", award="aw-5", name=VOUCHER, month="2023-09", since="2023-09-01"),
    awarded(ANNA, "benefit", award="aw-6", name=VOUCHER, since="2023-09-01"),
    awarded(BO, "benefit", award="aw-7", name=VOUCHER, month="2023-09", since="2023-09-05"),
    awarded(TWIN, "benefit", award="aw-8", name=VOUCHER, month="2023-09", by=RECORDER),
    awarded(COMMITTEE, "honour", award="aw-9", by=COMMITTEE),
    awarded(COMMITTEE, "honour", award="aw-9", by=RECORDER, level="plant"),
    awarded(DORA, "title", award="aw-10", by=RECORDER),
    awarded(DORA, "title", award="aw-10", by=SECRETARY_Y, basis=None),
    awarded(DORA, "unit_award", award="aw-11"),
    awarded(BRANCH_X, "unit_award", award="aw-11", by=COMMITTEE),
    awarded(BRANCH_X, "unit_award", award="aw-11", level="company"),
    awarded(GROUP_X1, "unit_award", award="aw-12", by=COMMITTEE),
    awarded(SCHEME, "unit_award", award="aw-13"),
    awarded(BRANCH_X, "honour", award="aw-14"),
    revoked(ANNA, award="aw-1", recorded="2023-09-01"),
    revoked(ANNA, award="aw-2"),
    revoked(BO, award="aw-3", recorded="2023-08-31"),
    revoked(BO, award="aw-4", recorded="2023-08-31"),
    revoked(TWIN, award="aw-4", recorded="2023-08-31"),
    revoked(BO, award="aw-3", by=RECORDER),
    revoked(COMMITTEE, award="aw-9", reason=None),
    revoked(BRANCH_X, award="aw-11", by=UPPER_TWO),
    revoked(GROUP_X1, award="aw-12", by=COMMITTEE),
)

ENDS: tuple[bytes, ...] = (
    erased(TWIN),
    erased(BO),
    erased("m-nobody"),
    enrolled(BO, "retired", since="2023-09-01", recorded="2023-09-15"),
    continued(),
)

# What may happen at any time between the claims; what names the same object meets.
JUDGEMENTS: tuple[bytes, ...] = (*VETOES, *AWARDS, *ENDS)

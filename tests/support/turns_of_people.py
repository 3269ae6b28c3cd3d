"""Turns of affairs that judge people, for random histories."""

from tests.support.judgements import veto_lifted, vetoed
from tests.support.people import ANNA, BO, COMMITTEE, DORA, RECORDER, UPPER, UPPER_TWO
from tests.support.plots import TWIN

# What may happen at any time between the claims; what names the same veto meets.
JUDGEMENTS: tuple[bytes, ...] = (
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

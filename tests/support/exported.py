"""A year for exports: something of everything that an export has a table for."""

from tests.support import builders as build
from tests.support.bulletins import anna_s_quarter, corrected, published
from tests.support.concerns import handled, paid_for
from tests.support.judgements import awarded, erased, graded, revoked, veto_lifted, vetoed
from tests.support.organisation import absent, assessment
from tests.support.people import ANNA, BO, CHEN, DORA, SPECIALIST
from tests.support.shop import cancelled, fulfilled, offered, reserved

BEFORE_THE_CORRECTION = [
    *build.world(),
    absent(DORA, "2023-07-03", "2023-07-05"),
    *anna_s_quarter(),
    *handled(),
    *build.decided(paid_for()),
    build.earned("c-bo", holder=BO, on="2023-10-08"),
    build.earned("c-bo", holder=BO, on="2023-10-08", deed="another"),
    build.returned("c-bo", BO, by=SPECIALIST, recorded="2023-10-09"),
    b"no event",
    offered(),
    reserved("rd-1", quantity=3),
    fulfilled("rd-1"),
    reserved("rd-2", recorded="2023-08-13"),
    cancelled("rd-2", recorded="2023-08-14"),
    awarded(name="=1+1"),
    vetoed(DORA),
    assessment(ANNA),
    build.shares("pj-1", {ANNA: 50, BO: 50}),
    build.enrolled("m-twice"),
    build.enrolled(BO, same_as="m-twice"),
    build.left(CHEN, "2023-10-02"),
    *published(stated=[ANNA]),
]
AFTERWARDS = [
    *corrected(),
    *build.decided(build.earned("c-late", on="2023-09-12", recorded="2023-10-19")),
    # Its points were spent: a debt is left.
    *(build.reversal(f"c-d03-{one}", recorded="2023-10-19") for one in range(3)),
    graded(recorded="2024-01-22"),
    build.earned("c-bo", holder=BO, on="2023-10-08", recorded="2023-10-12"),
    veto_lifted(DORA, recorded="2023-10-20"),
    revoked(recorded="2023-10-21"),
    erased(DORA, recorded="2023-10-22"),
]
THEN = len(BEFORE_THE_CORRECTION)
NOW = THEN + len(AFTERWARDS)

"""`absence.recorded`: what is accepted, and what the register holds (domain.md §2.2, E40)."""

from datetime import date

import pytest

from jifen_ledger.domain.absences import Absence
from tests.support.builders import world
from tests.support.folded import FoldedLedger
from tests.support.organisation import absent
from tests.support.people import ANNA, SCHEME


def receiving(*payloads: bytes) -> FoldedLedger:
    ledger = FoldedLedger(SCHEME)
    for payload in (*world(), *payloads):
        ledger.receive(payload)
    return ledger


def test_an_absence_sent_again_under_its_id_is_corrected() -> None:
    ledger = receiving(
        absent(ANNA, "2023-07-03", "2023-07-10", absence="ab-1"),
        absent(ANNA, "2023-07-03", "2023-07-14", absence="ab-1", kind="sick"),
    )
    first = len(ledger.records) - 1

    assert ledger.state.absences.get((ANNA, "ab-1")) == Absence(
        first, ANNA, "ab-1", "sick", date(2023, 7, 3), date(2023, 7, 14), has_basis=False
    )
    assert ledger.state.absences_of.get(ANNA) == ((ANNA, "ab-1"),)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (absent("m-nobody", "2023-07-03", "2023-07-10"), "unknown_member"),
        (absent(ANNA, "2023-07-10", "2023-07-10"), "dates_invalid"),
        (absent(ANNA, "2023-07-03", "2023-07-10", kind="exempt"), "basis_required"),
    ],
)
def test_an_absence_is_refused_by_its_first_fault(payload: bytes, code: str) -> None:
    assert receiving(payload).records[-1].code == code


def test_an_exemption_with_its_document_is_recorded() -> None:
    payload = absent(ANNA, "2023-07-03", "2023-07-10", kind="exempt", basis="order 7")

    assert receiving(payload).records[-1].status == "recorded"

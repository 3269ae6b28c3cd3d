"""Items without a first reviewer: the record in the stream that their claims rest on."""

from datetime import date

from jifen_contracts.scheme.catalogue import Item
from tests.support.naive.assessment_rules import shown
from tests.support.naive.concern_rules import record_fits
from tests.support.naive.facts import Claim, refuse_if
from tests.support.naive.registers import Registers


def check_record(registers: Registers, claim: Claim, item: Item, recorded: date) -> None:
    if item.preliminary == "record" and item.measure_of == "timeliness":
        found = shown(registers, claim.holder, claim.month, recorded)
        refuse_if(found is None, "record_mismatch")
        assert found is not None
        done, excused = found
        due = {"required": 1, "excused": excused, "done": done}
        refuse_if(any(said != due for said in claim.measure.values()), "record_mismatch")
        return
    refuse_if(not record_fits(registers, claim, item), "record_mismatch")


def first_state(registers: Registers, claim: Claim) -> str:
    """Where a new claim begins: a record in the stream is its preliminary review."""
    document = registers.document_on(claim.day)
    assert document is not None
    item = next(item for item in document.items if item.code == claim.item)
    return "preliminary" if item.preliminary == "record" else "claimed"

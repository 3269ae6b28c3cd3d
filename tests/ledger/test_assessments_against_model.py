"""The fold agrees with the naive model on every record of random months of self-assessment."""

from hypothesis import given, settings

from jifen_contracts.canonical import decode
from tests.ledger.test_fold_against_model import UNSHRUNK, comparable
from tests.support.budget import examples
from tests.support.ledgers import started
from tests.support.levels import months
from tests.support.naive import NaiveRecord

# Outcomes that the random months must come to; a strategy that never gets there tests nothing.
REACHED = {
    *("recorded", "recorded late", "unknown_member", "unknown_unit", "not_permitted"),
    *("unknown_item", "lower_level_missing"),
    *("B04 posted", "B04 recorded late", "B04 record_mismatch", "B04 verified"),
}


@given(months())
@settings(max_examples=examples(100, nightly=800), deadline=None, phases=UNSHRUNK)
def test_every_assessment_is_what_the_model_says(future: list[bytes]) -> None:
    fold, model = started("fold"), started("model")
    for payload in future:
        assert comparable(fold.receive(payload)) == comparable(model.receive(payload)), payload


def test_the_random_months_come_to_every_outcome_an_assessment_can_have() -> None:
    reached: set[str] = set()

    @given(months())
    @settings(max_examples=80, deadline=None, phases=UNSHRUNK, derandomize=True)
    def tally(future: list[bytes]) -> None:
        fold = started("fold")
        reached.update(outcome(payload, fold.receive(payload)) for payload in future)

    tally()

    assert reached >= REACHED


def outcome(payload: bytes, record: NaiveRecord) -> str:
    """What became of an assessment or of a claim of B04, in a few words."""
    event = decode(payload)
    told = " ".join((record.code or record.status, *record.notices))
    match event["type"]:
        case "jifen.assessment.submitted.v1":
            return told
        case "jifen.points.earned.v1":
            return f"B04 {told}"
        case "jifen.points.reviewed.v1" if record.status == "posted":
            return "B04 verified"
        case _:
            return ""

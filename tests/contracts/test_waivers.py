"""How much one event may go without: a waiver of everything that a large branch owes."""

import pytest

from jifen_contracts import Code, Unreadable, read_event
from jifen_contracts.events.periods import FACTS_WAIVED_MAX, PeriodAdvanced
from jifen_contracts.periods import months_of
from jifen_contracts.scheme.default import default_document
from tests.contracts.golden import SCHEME, with_data

ADVANCED = "jifen.period.advanced.v1"


def test_a_quarter_without_any_fact_of_a_branch_of_thirty_fits_into_one_event() -> None:
    def facts_of(holder: str, capacity: str) -> list[dict[str, str]]:
        items = [
            item.code
            for item in default_document().items
            if (line := item.lines.by_capacity().get(capacity)) and line.mode == "R"
        ]
        months = months_of("2023-Q3")
        return [
            {"holder": holder, "item": item, "period": month} for item in items for month in months
        ]

    people = [f"m-{number:06}" for number in range(30)]
    due = [
        *facts_of("u-b00017", "unit"),
        *(one for who in people for one in facts_of(who, "member")),
    ]
    due += [one for who in people[:7] for one in facts_of(who, "committee")]
    longest = [*due, *due][:FACTS_WAIVED_MAX]
    assessments = [{"holder": "u-b00017", "month": month} for month in months_of("2023-Q3")]

    def waiving(facts: list[dict[str, str]]) -> bytes:
        waive = {"facts": facts, "assessments": assessments, "reason": "records_lost"}
        return with_data(ADVANCED, waive=waive, to="verified", objections=None, revision=None)

    event = read_event(waiving(longest), SCHEME)

    assert len(due) <= FACTS_WAIVED_MAX
    assert isinstance(event, PeriodAdvanced)
    assert event.data.waive is not None
    assert len(event.data.waive.facts) == FACTS_WAIVED_MAX
    with pytest.raises(Unreadable) as refused:
        read_event(waiving([*longest, due[0]]), SCHEME)
    assert refused.value.code is Code.MALFORMED

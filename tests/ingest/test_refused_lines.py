"""The log tells which events were refused, by their ids, and not without end."""

from typing import Any

from structlog.testing import capture_logs

from jifen_ingest.adapters.refused_lines import LINES_MAX, tell_refused
from jifen_ingest.application.accept_events import Accepted, Answer
from jifen_ingest.domain.refusals import Malformed
from tests.ingest.sent import SOURCE, credential, earned

TRACE = "a1" * 16
REFUSED = Malformed("the text of the event, whispered")


def lines_of(sent: list[object], answers: list[Answer]) -> list[Any]:
    with capture_logs() as lines:
        tell_refused(credential(), sent, answers, TRACE)
    return lines


def test_a_line_names_the_event_and_its_trace_and_nothing_it_says() -> None:
    own = "c3" * 16
    sent: list[object] = [
        earned("e-1"),
        earned("e-2", traceparent=f"00-{own}-{'1' * 16}-01"),
        {"id": "Anna's sick note", "source": 7, "traceparent": ["whispered"]},
        REFUSED,
    ]
    accepted = Accepted("e-1", SOURCE, 1, "", duplicate=False)

    lines = lines_of(sent, [accepted, REFUSED, REFUSED, REFUSED])

    same = {
        "event": "event_refused",
        "log_level": "info",
        "scheme": "plant",
        "credential": credential().name,
        "code": "malformed",
    }
    assert lines == [
        {**same, "index": 1, "event_id": "e-2", "source": SOURCE, "trace_id": own},
        {**same, "index": 2, "trace_id": TRACE},
        {**same, "index": 3, "trace_id": TRACE},
    ]


def test_a_thousand_refused_events_are_a_few_lines_and_their_number() -> None:
    lines = lines_of([earned(f"e-{number}") for number in range(1_000)], [REFUSED] * 1_000)

    assert [line["event"] for line in lines] == ["event_refused"] * LINES_MAX + ["events_refused"]
    assert lines[-1]["count"] == 1_000

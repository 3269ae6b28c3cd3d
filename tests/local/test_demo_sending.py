"""How the demo sends: batches that fit, answers counted to the event, again when told to wait."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import orjson

from jifen_local.demo.doors import Reply
from jifen_local.demo.messages import Message, Moment
from jifen_local.demo.sending import BATCH_BYTES_MAX, BATCH_EVENTS_MAX, Sender, batches_of
from jifen_local.demo.year import Day

TOKENS = {"personnel": "p", "attendance": "a", "safety": "s", "review-desk": "r", "forged": "f"}
DAY = date(2025, 3, 3)


class ListeningDoor:
    """Answers from a list, then accepts everything; remembers what arrived."""

    def __init__(self, answers: Iterable[Reply] = ()) -> None:
        self.answers = list(answers)
        self.arrived: list[tuple[str, list[bytes]]] = []
        self.seq = 0

    async def send(self, token: str, body: bytes) -> Reply:
        lines = body.split(b"\n")
        self.arrived.append((token, lines))
        if self.answers:
            return self.answers.pop(0)
        results = []
        for _ in lines:
            self.seq += 1
            results.append({"status": "accepted", "seq": self.seq, "duplicate": False})
        return Reply(200, orjson.dumps({"results": results}), 0.0)


def _message(number: int, desk: str = "attendance", credential: str | None = None) -> Message:
    body = orjson.dumps({"id": f"e{number}"})
    return Message(Moment(DAY, number), body, desk, credential or desk)


def _sender(http: ListeningDoor, nats: ListeningDoor) -> Sender:
    return Sender(http, nats, TOKENS)


def test_batches_keep_the_order_and_stay_within_events_bytes_and_credential() -> None:
    big = b"x" * 300_000
    messages = [_message(number) for number in range(BATCH_EVENTS_MAX + 1)]
    messages += [_message(2_000, credential="forged")]
    messages += [Message(Moment(DAY, 3_000), big, "attendance", "attendance") for _ in range(3)]

    batches = list(batches_of(messages))

    assert [one for batch in batches for one in batch] == messages
    assert [len(batch) for batch in batches] == [BATCH_EVENTS_MAX, 1, 1, 2, 1]
    assert all(sum(len(one.body) for one in batch) < BATCH_BYTES_MAX for batch in batches)


async def test_the_systems_send_in_their_turns_through_their_doors() -> None:
    http, nats, sent = ListeningDoor(), ListeningDoor(), list[int]()
    day = Day(
        DAY,
        personnel=[_message(1, "personnel")],
        attendance=[_message(2)],
        safety=[_message(3, "safety")],
        review_desk=[_message(4, "review-desk")],
    )

    await _sender(http, nats).send([day], sent.append)

    assert [token for token, _ in http.arrived] == ["p", "a", "r"]
    assert [token for token, _ in nats.arrived] == ["s"]
    assert sent == [1, 1, 1, 1]


async def test_a_busy_ingest_is_asked_again_and_every_event_counts_once() -> None:
    busy = Reply(503, b'{"code":"busy"}', 0.0)
    partly = {
        "results": [
            {"status": "accepted", "seq": 7, "duplicate": True},
            {"status": "refused", "code": "busy"},
            {"status": "refused", "code": "schema_invalid"},
        ]
    }
    http = ListeningDoor([busy, Reply(200, orjson.dumps(partly), 0.0)])
    sender = _sender(http, ListeningDoor())
    day = Day(DAY, attendance=[_message(1), _message(2), _message(3)])

    await sender.send([day], list[int]().append)
    tally = sender.tally

    assert [len(lines) for _, lines in http.arrived] == [3, 3, 1]
    assert (tally.sent.total(), tally.stored.total(), tally.resends.total()) == (3, 1, 1)
    assert tally.refused == Counter(schema_invalid=1)


async def test_a_request_refused_as_a_whole_counts_each_of_its_events() -> None:
    refusal = Reply(401, orjson.dumps({"code": "unauthorised"}), 0.0)
    sender = _sender(ListeningDoor([refusal]), ListeningDoor())
    day = Day(DAY, attendance=[_message(1, credential="forged"), _message(2, credential="forged")])

    await sender.send([day], list[int]().append)

    assert sender.tally.refused == Counter(unauthorised=2)
    assert len(sender.tally.unforeseen) == 2

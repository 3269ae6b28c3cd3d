"""What became of the messages at the door, counted to the event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jifen_local.demo.messages import Message


@dataclass(slots=True)
class Tally:
    """Sent = stored + answered as resend + refused, for each system and in all."""

    sent: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    resends: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    refused_by_system: Counter[str] = field(default_factory=Counter)
    unforeseen: list[str] = field(default_factory=list)
    last_seq: int = 0

    def count(self, message: Message, answer: Mapping[str, object]) -> None:
        """Take the answer that ingest gave to one message."""
        self.sent[message.desk] += 1
        if answer["status"] == "accepted":
            (self.resends if answer["duplicate"] else self.stored)[message.desk] += 1
            seq = answer["seq"]
            assert isinstance(seq, int)
            self.last_seq = max(self.last_seq, seq)
            self._compare(message, None)
            return
        code = str(answer["code"])
        self.refused[code] += 1
        self.refused_by_system[message.desk] += 1
        self._compare(message, code)

    def count_all(self, messages: Sequence[Message], code: str) -> None:
        """Take the refusal of a whole request."""
        for message in messages:
            self.count(message, {"status": "refused", "code": code})

    def _compare(self, message: Message, code: str | None) -> None:
        if code != message.door:
            self.unforeseen.append(f"{message.desk}: {code} instead of {message.door}")

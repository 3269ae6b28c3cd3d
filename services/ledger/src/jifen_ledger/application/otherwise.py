"""Records that came out otherwise in a generation that was built by other rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import orjson

_HOLDERS_ACCOUNTS = ("member:", "wallet:")


def holder_of(account: str) -> str:
    """Return whose account it is, "" for a source or sink."""
    return account.split(":")[1] if account.startswith(_HOLDERS_ACCOUNTS) else ""


class Decision(NamedTuple):
    """What a record says was decided and moved."""

    outcome: Mapping[str, Any]
    postings: Sequence[Mapping[str, Any]]

    @property
    def text(self) -> str:
        """In one line."""
        said = [str(self.outcome["status"])]
        for key, value in self.outcome.items():
            if key != "status":
                said.append(
                    f"{key} {value if isinstance(value, str) else orjson.dumps(value).decode()}"
                )
        moved = [f"{one['account']} {one['delta']:+d}" for one in self.postings]
        return ", ".join([" ".join(said), *moved])


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A record, the rule and claim it concerns, and both decisions."""

    seq: int
    # The event's type, whose rule decides; "" where the message is no event.
    rule: str
    claim: str
    subject: str
    recorded: Decision
    now: Decision

    @classmethod
    def of(cls, seq: int, recorded: bytes, now: bytes) -> Self:
        """Return what both records of one message say."""
        was, is_ = orjson.loads(recorded), orjson.loads(now)
        event = is_.get("event", {})
        claim = event.get("data", {}).get("claim", "")
        rule = event.get("type", "").removeprefix("jifen.")
        return cls(
            seq, rule, claim if isinstance(claim, str) else "", event.get("subject", ""),
            *(Decision(one["outcome"], one["postings"]) for one in (was, is_)),
        )  # fmt: skip

    @property
    def accounts(self) -> Collection[str]:
        """The accounts on which it moves another amount."""
        moved: dict[str, int] = {}
        for sign, decision in ((-1, self.recorded), (1, self.now)):
            for one in decision.postings:
                moved[one["account"]] = moved.get(one["account"], 0) + sign * one["delta"]
        return [account for account, delta in moved.items() if delta]

    @property
    def text(self) -> str:
        """What it concerns, in a few words."""
        about = f" of claim {self.claim}" if self.claim else ""
        return f"record {self.seq}, {self.rule}{about}"

    def as_object(self) -> dict[str, Any]:
        """Return what programs read."""
        return {
            "seq": self.seq,
            "rule": self.rule,
            "claim": self.claim or None,
            "subject": self.subject,
            "recorded": self.recorded._asdict(),
            "now": self.now._asdict(),
        }


@dataclass(slots=True)
class FirstOtherwise:
    """The first record that came out otherwise: of all, of each account and of each holder."""

    number: int = 0
    first: Otherwise | None = None
    by_account: dict[str, Otherwise] = field(default_factory=dict)
    by_holder: dict[str, Otherwise] = field(default_factory=dict)

    def take(self, otherwise: Otherwise) -> None:
        """Take the next one, in the order of the records."""
        self.number += 1
        self.first = self.first or otherwise
        self.by_holder.setdefault(otherwise.subject, otherwise)
        for account in otherwise.accounts:
            self.by_account.setdefault(account, otherwise)
            self.by_holder.setdefault(holder_of(account), otherwise)

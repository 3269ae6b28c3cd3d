"""What the fold says about one message: an outcome, and the record that holds it."""

from __future__ import annotations

import builtins
from enum import StrEnum
from typing import NamedTuple

from jifen_contracts.codes import Code
from jifen_ledger.domain.postings import Posting


class Status(StrEnum):
    """The outcomes of tlog.md §2.2."""

    POSTED = "posted"
    RECORDED = "recorded"
    REFUSED = "refused"
    DUPLICATE = "duplicate"


class Notice(StrEnum):
    """Hints beside an outcome (domain.md §2.1); they never change points."""

    LATE = "late"
    CAPPED = "capped"
    RELEASED = "released"
    STACKED = "stacked"
    EVIDENCE_REUSED = "evidence_reused"
    NEAR_DUPLICATE = "near_duplicate"
    BUDGET_EXHAUSTED = "budget_exhausted"


class Refused(Exception):  # noqa: N818 - a refusal is an outcome, not an error
    """The event breaks a rule; `code` says which."""

    def __init__(
        self, code: Code, *, refers_to: int | None = None, findings: tuple[str, ...] = ()
    ) -> None:
        """Carry the code, and the seq of the earlier record or the lint findings it rests on."""
        super().__init__(code.value)
        self.code = code
        self.refers_to = refers_to
        self.findings = findings


class Effect(NamedTuple):
    """What an accepted event did: postings, notices, and the claim it was about.

    Of a bulletin that it froze, the SHA-256 of the full and of the branch sheet in hexadecimal.
    """

    postings: tuple[Posting, ...] = ()
    notices: tuple[Notice, ...] = ()
    claim: str = ""
    item: str = ""
    quarter: str = ""
    content_hash: str = ""
    branch_hash: str = ""


class Outcome(NamedTuple):
    """The record's `outcome`."""

    status: Status
    code: Code | None = None
    refers_to: int | None = None
    notices: tuple[Notice, ...] = ()
    findings: tuple[str, ...] = ()
    content_hash: str = ""
    branch_hash: str = ""

    def as_object(self) -> dict[str, object]:
        """Return the object that the record holds."""
        found: dict[str, object] = {"status": self.status.value}
        if self.code is not None:
            found["code"] = self.code.value
        if self.refers_to is not None:
            found["refers_to"] = self.refers_to
        if self.notices:
            found["notices"] = [notice.value for notice in self.notices]
        if self.findings:
            found["findings"] = list(self.findings)
        if self.content_hash:
            found["content_hash"] = self.content_hash
            found["branch_hash"] = self.branch_hash
        return found


class Envelope(NamedTuple):
    """What of a readable event the journal keeps beside its bytes, to find it again."""

    source: str
    id: str
    type: str
    subject: str
    content: bytes


class Record(NamedTuple):
    """The ledger's record of one message: the journal's row and its postings.

    `envelope` is absent for a message without a readable event; `first` tells whether this is the
    first record of its `(source, id)`. `claim`, `item` and deed `quarter` are those of the claim
    that the postings rest on ("" where none). `payload` is kept only where the record does not
    hold it (tlog.md §2.3).
    """

    seq: int
    recorded_at: str
    bytes: bytes
    outcome: Outcome
    postings: tuple[Posting, ...]
    envelope: Envelope | None
    first: bool
    claim: str = ""
    item: str = ""
    quarter: str = ""
    payload: builtins.bytes | None = None

    @property
    def alarm(self) -> bool:
        """A conflicting duplicate or an unreadable message: a producer or a permission is wrong."""
        return self.envelope is None or self.outcome.code is Code.CONFLICTING_DUPLICATE

"""Why a read can be refused.

ReadRefused
├── Unauthorised    no reader has this token
├── Forbidden       the reader may not see this
├── NotFound        what was asked for does not exist
├── Erased          the person was erased and cannot be named again
├── NotPublished    no checkpoint of the log is published at this moment
└── QueryInvalid    a parameter is wrong
    └── ProofInvalid    a parameter of the log is wrong, which its own specification answers
"""

from __future__ import annotations

from typing import ClassVar

from jifen_contracts.codes import Code


class ReadRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A read is refused; `code` says why, `detail` says it to people."""

    code: ClassVar[Code]

    def __init__(self, detail: str) -> None:
        """Carry the sentence for people; it never names anything the reader may not see."""
        super().__init__(detail)
        self.detail = detail


class Unauthorised(ReadRefused):
    """No reader has this token."""

    code = Code.UNAUTHORISED


class Forbidden(ReadRefused):
    """The reader may not see this."""

    code = Code.FORBIDDEN


class NotFound(ReadRefused):
    """What was asked for does not exist."""

    code = Code.NOT_FOUND


class Erased(ReadRefused):
    """The person was erased and cannot be named again."""

    code = Code.ERASED


class QueryInvalid(ReadRefused):
    """A parameter is wrong."""

    code = Code.QUERY_INVALID


class ProofInvalid(QueryInvalid):
    """A parameter of the log is wrong: not as it is written there, or beyond the size."""


class NotPublished(ReadRefused):
    """No checkpoint of the log is published at this moment; ask again."""

    code = Code.BUSY

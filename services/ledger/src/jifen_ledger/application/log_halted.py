"""Why a scheme's log is not signed: for good, until people look at it, or not yet."""

from __future__ import annotations

from enum import StrEnum


class HaltReason(StrEnum):
    """What stops the signing of a scheme; told by the status, the metrics and the alarm."""

    ALTERED_RECORD = "altered_record"
    ALTERED_TREE = "altered_tree"
    INCONSISTENT = "inconsistent"
    ANCHOR_CONTRADICTED = "anchor_contradicted"
    ANCHOR_MISSING = "anchor_missing"
    ANCHOR_UNFIT = "anchor_unfit"
    KEY_MISSING = "key_missing"
    WITNESS = "witness"
    DEFECT = "defect"


class SigningHalted(Exception):  # noqa: N818 - a state, not an error
    """Nothing more is signed; what was published stays."""

    def __init__(self, reason: HaltReason, detail: str) -> None:
        """Say which check failed, and on what."""
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail

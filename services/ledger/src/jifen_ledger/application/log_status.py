"""How far each scheme's log is signed; read by readiness, metrics and the log's routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.log.keys import VerifierKey

# tlog.md 12: a scheme is ready when no record has waited longer for its publication.
UNPUBLISHED_MAX_MS = 60_000


@dataclass(frozen=True, slots=True)
class WitnessStatus:
    """What a witness has cosigned last, if anything, and why it did not now."""

    size: int | None = None
    time_s: int | None = None
    # Since the start; `trouble` is the newest one, empty after a cosignature.
    failed: int = 0
    trouble: str = ""


@dataclass(slots=True)
class SchemeLog:
    """One scheme's log: changed by its signing task and its witnesses', read by anyone."""

    scheme: str
    recorded_size: int = 0
    # None: nothing was ever signed.
    signed_size: int | None = None
    # What is served of it: without a quorum of witnesses, all that is signed.
    published_size: int | None = None
    halted: HaltReason | None = None
    detail: str = ""
    waiting: str = ""
    # Whether the database has every checkpoint that the anchor knows of. Unless it has, none of
    # its checkpoints is served: the newest might be older than one that others have seen.
    has_all_signed: bool = False
    # Whether it is known to lack some; not so before both were compared.
    went_back: bool = False
    # The largest size that was served, by this process or before it: it never goes back.
    served_size: int = 0
    unsigned_since_ms: int | None = None
    # When the first checkpoint was signed that lacks its quorum of witnesses.
    uncosigned_since_ms: int | None = None
    # By the name of the key; only where this process holds the scheme.
    witnesses: dict[str, WitnessStatus] = field(default_factory=dict)
    # The current key first, then keys that still sign or once did.
    keys: Sequence[VerifierKey] = ()

    def unsigned_ms(self, now_ms: int) -> int:
        """Return how long the oldest record that no checkpoint covers has waited."""
        return 0 if self.unsigned_since_ms is None else max(0, now_ms - self.unsigned_since_ms)

    def unpublished_ms(self, now_ms: int) -> int:
        """Return how long the oldest record that no published checkpoint covers has waited."""
        since = self.uncosigned_since_ms
        return max(self.unsigned_ms(now_ms), 0 if since is None else now_ms - since)

    @property
    def hidden(self) -> bool:
        """Tell whether nothing is served, as the database knows of less than was served before."""
        return self.went_back or (self.published_size or 0) < self.served_size

    def halt(self, halted: SigningHalted) -> None:
        """Let nothing more be signed, until people look at it."""
        self.halted, self.detail, self.waiting = halted.reason, halted.detail, ""

    def ready(self, now_ms: int) -> bool:
        """Tell whether the log is signed in good time."""
        late = self.unpublished_ms(now_ms) >= UNPUBLISHED_MAX_MS
        return self.halted is None and self.has_all_signed and not late


@dataclass(frozen=True, slots=True)
class LogStatus:
    """The logs of this process."""

    schemes: dict[str, SchemeLog] = field(default_factory=dict)

    def of(self, scheme: str) -> SchemeLog:
        """Return the scheme's status, a new one for a scheme not seen before."""
        return self.schemes.setdefault(scheme, SchemeLog(scheme))

    def ready(self, now_ms: int) -> bool:
        """Tell whether every log is signed in good time."""
        return all(one.ready(now_ms) for one in self.schemes.values())

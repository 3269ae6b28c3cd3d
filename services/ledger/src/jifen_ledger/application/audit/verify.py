"""`audit verify`: signatures, tree, form of all records, older checkpoints, balances, times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jifen_ledger.application.audit.audited import Audited, AuditFailed, Kept, needed
from jifen_ledger.application.audit.balances import compare_balances
from jifen_ledger.application.audit.records import Records
from jifen_ledger.application.audit.times import SKEW_S, check_times, indexes_of, witnessed
from jifen_ledger.application.audit.walk import Chunk, Earlier, Walk
from jifen_ledger.log.checkpoint import Opened, open_checkpoint
from jifen_ledger.log.keys import VerifierKey
from jifen_ledger.log.policy import Policy
from jifen_ledger.log.verdicts import Unbelieved

# Takes how many entries are done, and of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys that the auditor has from elsewhere, and how many witnesses are demanded."""

    log_keys: Sequence[VerifierKey]
    witness_keys: Sequence[VerifierKey] = ()
    quorum: int = 0
    # A rule besides the number: which witnesses together are enough.
    policy: Policy | None = None

    @property
    def scheme(self) -> str:
        """The scheme: the last part of the name that the log's key bears."""
        return self.log_keys[0].name.rpartition("/")[2]

    def opened(self, kept: Kept) -> Opened:
        """Return the checkpoint of a note, whoever has cosigned it. Raises AuditFailed."""
        try:
            return open_checkpoint(kept.note, self.log_keys, self.witness_keys)
        except Unbelieved as error:
            raise AuditFailed(f"{kept.name}: {error}") from None

    def check_quorum(self, name: str, opened: Opened) -> None:
        """Check that enough witnesses have cosigned. Raises AuditFailed."""
        if opened.witnesses < self.quorum:
            detail = f"{opened.witnesses} witnesses have cosigned, not {self.quorum}"
            raise AuditFailed(f"{name}: {detail}")
        cosigned = {one.key for one in opened.cosigned}
        if self.policy is not None and not self.policy.enough(cosigned):
            said = ", ".join(sorted(key.name for key in cosigned)) or "nobody"
            raise AuditFailed(f"{name}: cosigned by {said}; the policy wants more")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked besides the log itself."""

    trust: Trust
    old: Sequence[Kept] = ()
    # Balances from elsewhere, in place of those that come with the log.
    balances: bytes | None = None
    hashes_only: bool = False
    late_max_s: int = SKEW_S


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found right. `balances` says whether the ledger's own were there to compare."""

    origin: str
    size: int
    root: bytes
    witnesses: int
    older: int
    statuses: Mapping[str, int]
    accounts: Mapping[str, int]
    balances: bool
    lateness_s: int | None


def verify(
    audited: Audited,
    asked: Asked,
    progress: Progress,
    each: Callable[[Chunk], None] | None = None,
) -> Verified:
    """Check the whole log; `each` takes its entries on the way, before the end is known.

    Raises AuditFailed.
    """
    newest = asked.trust.opened(Kept("checkpoint", needed(audited, "checkpoint")))
    asked.trust.check_quorum("checkpoint", newest)
    checkpoint = newest.checkpoint
    older = list(_older(audited, asked, newest))
    audited.check(checkpoint.size, checkpoint.root, checkpoint.origin)
    seen = witnessed([newest, *(opened for _, opened in older)])
    records = Records(indexes_of(seen))
    for chunk in Walk(audited, checkpoint, _roots(older)).chunks():
        if not asked.hashes_only:
            records.take(chunk)
        if each is not None:
            each(chunk)
        progress(chunk.first + len(chunk.entries), checkpoint.size)
    said = None
    lateness_s = None
    if not asked.hashes_only:
        _check_zero(records.balances)
        said = asked.balances if asked.balances is not None else audited.balances(checkpoint.size)
        if said is not None:
            compare_balances(said, records.balances)
        lateness_s = check_times(seen, records.recorded_at, asked.late_max_s)
    return Verified(
        checkpoint.origin,
        checkpoint.size,
        checkpoint.root,
        newest.witnesses,
        len(older),
        records.statuses,
        records.balances,
        said is not None,
        lateness_s,
    )


def _older(audited: Audited, asked: Asked, newest: Opened) -> Iterator[tuple[str, Opened]]:
    """Yield the checkpoints that the log must be consistent with. Raises AuditFailed."""
    for kept in (*asked.old, *audited.earlier()):
        opened = asked.trust.opened(kept)
        old, new = opened.checkpoint, newest.checkpoint
        if old.origin != new.origin:
            raise AuditFailed(f"{kept.name} is of the log {old.origin}, not of {new.origin}")
        if old.size > new.size:
            raise AuditFailed(
                f"{kept.name} was signed for {old.size} entries, and the log has {new.size}"
            )
        yield kept.name, opened


def _roots(older: Sequence[tuple[str, Opened]]) -> Mapping[int, Earlier]:
    """Return one root for each size. Raises AuditFailed where two were signed."""
    roots: dict[int, Earlier] = {}
    for name, opened in older:
        size, root = opened.checkpoint.size, opened.checkpoint.root
        known = roots.setdefault(size, Earlier(root, name))
        if known.root != root:
            raise AuditFailed(f"{known.name} and {name}: two roots were signed for size {size}")
    return roots


def _check_zero(balances: Counter[str]) -> None:
    total = balances.total()
    if total:
        raise AuditFailed(f"all balances sum to {total} tenths, not to 0")

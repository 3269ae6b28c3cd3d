"""A claim as it stood after an earlier record: what was put aside of it, and its steps until then.

Most records that touch a claim decide it, and its steps tell what that changed. Where more changes
(a claim stated again, valued under another version, moved to another holder, sent back until a
day), the fold puts aside the claim as it stood before. So a claim's past is the nearest row that
was put aside later, or the current one, with what its steps had told until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jifen_ledger.domain.claim import NOTHING, Claim, ClaimState, Step
from jifen_ledger.domain.recount import is_bonus, restacked
from jifen_ledger.domain.registers import Version


def claim_then(later: Claim, steps: Sequence[Step], seq: int) -> Claim:
    """Return the claim as it stood after the record `seq`.

    `later` is the first state put aside after it, else the current one; `steps` are the claim's
    own up to the record, in stream order. `counted` is left to `counted_then`.
    """
    if max(later.stated_seq, later.decided_seq or 0) <= seq:
        return later
    told = steps[-1]
    claim = later._replace(
        state=ClaimState(told.step),
        item=told.item,
        measure=told.measure,
        worth=told.worth,
        preliminary_deciders=(),
        verified_deciders=(),
        ended_by=(),
        decided_seq=None,
        verified_seq=None,
        reversed_seq=None,
        counted=NOTHING,
        counted_incentive=0,
    )
    reviewed = False
    for step in steps:
        match step.step:
            case "claimed":
                claim = claim._replace(preliminary_deciders=(), ended_by=(), decided_seq=None)
                reviewed = False
                continue
            case "preliminary":
                claim, reviewed = claim._replace(preliminary_deciders=step.deciders), True
            case "verified":
                claim = claim._replace(verified_deciders=step.deciders, verified_seq=step.seq)
            case "rejected" if not reviewed:
                claim = claim._replace(preliminary_deciders=step.deciders)
            case "rejected":
                claim = claim._replace(ended_by=step.deciders)
            case "reversed":
                claim = claim._replace(reversed_seq=step.seq, ended_by=step.deciders)
            case _:
                pass
        claim = claim._replace(decided_seq=step.seq)
    return claim


def counted_then(versions: Sequence[Version], claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims of one holder, each verified one with what the whole set counts of it."""
    versions = tuple(versions)
    found = list(claims)
    groups: dict[str, list[Claim]] = {}
    for claim in found:
        if claim.state is ClaimState.VERIFIED and is_bonus(versions, claim):
            groups.setdefault(claim.key, []).append(claim)
    counted = {claim.id: claim for group in groups.values() for claim in restacked(versions, group)}
    return [counted.get(claim.id, claim) for claim in found]

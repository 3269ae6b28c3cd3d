"""The files that an accepted event names by their hash, beside the evidence of a claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from jifen_contracts.events import ConcernResolved, PointsEarned


def files_of(event: Any) -> Sequence[str]:  # noqa: ANN401 - any event of the union
    """Return the hashes, each once; most events name none."""
    named = _NAMED.get(event.type)
    return () if named is None else named(event)


def _basis(event: Any) -> Sequence[str]:  # noqa: ANN401 - any event with a basis
    basis = event.data.basis
    return () if basis is None else (basis.sha256,)


def _basis_of_claim(event: PointsEarned) -> Sequence[str]:
    # The rule of claims remembers their evidence by itself.
    basis = event.data.basis
    if basis is None or any(basis.sha256 == one.sha256 for one in event.data.evidence or ()):
        return ()
    return (basis.sha256,)


def _evidence(event: ConcernResolved) -> Sequence[str]:
    return tuple(dict.fromkeys(one.sha256 for one in event.data.evidence or ()))


_NAMED: Final[Mapping[str, Callable[[Any], Sequence[str]]]] = {
    "jifen.points.earned.v1": _basis_of_claim,
    "jifen.concern.resolved.v1": _evidence,
    "jifen.absence.recorded.v1": _basis,
    "jifen.veto.imposed.v1": _basis,
    "jifen.award.granted.v1": _basis,
    "jifen.grade.decided.v1": _basis,
    "jifen.person.erased.v1": _basis,
}

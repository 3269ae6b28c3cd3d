"""Which scope of a credential each type of event needs: domain.md §2.2, column "Who"."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Scope(StrEnum):
    ADMIN = "admin"
    ORG = "org"
    FACTS = "facts"
    SHOP = "shop"
    ACTS = "acts"
    CONCERNS = "concerns"
    HISTORY = "history"


_ADMIN = frozenset({Scope.ADMIN})
_ORG = frozenset({Scope.ORG})
_SHOP = frozenset({Scope.SHOP})
_ACTS = frozenset({Scope.ACTS})
_VOICES = frozenset({Scope.ACTS, Scope.CONCERNS})

_SCOPES_OF_NAME: Final[Mapping[str, frozenset[Scope]]] = {
    "scheme.published": _ADMIN,
    "unit.registered": _ADMIN,
    "member.enrolled": _ORG,
    "member.assigned": _ORG,
    "member.left": _ORG,
    "absence.recorded": _ORG,
    "panel.formed": _ADMIN,
    "person.erased": _ORG,
    "points.earned": frozenset({Scope.FACTS, Scope.ACTS}),
    "points.reviewed": _ACTS,
    "points.reversed": _ACTS,
    "shares.declared": _ACTS,
    "assessment.submitted": _ACTS,
    "period.advanced": _ACTS,
    "objection.filed": _VOICES,
    "objection.decided": _ACTS,
    "veto.imposed": _ACTS,
    "veto.lifted": _ACTS,
    "grade.decided": _ACTS,
    "award.granted": _ACTS,
    "award.revoked": _ACTS,
    "offer.listed": _SHOP,
    "redemption.reserved": _SHOP,
    "redemption.fulfilled": _SHOP,
    "redemption.cancelled": _SHOP,
    "concern.raised": _VOICES,
    "concern.assigned": _VOICES,
    "concern.resolved": _VOICES,
    "concern.confirmed": _VOICES,
    "concern.reopened": _VOICES,
    "log.continued": _ADMIN,
}

SCOPES_OF_TYPE: Final[Mapping[str, frozenset[Scope]]] = MappingProxyType(
    {f"jifen.{name}.v1": scopes for name, scopes in _SCOPES_OF_NAME.items()}
)

# A shop has no claim, objection or concern to show a file for; `history` is never alone.
EVIDENCE_SCOPES: Final = frozenset(
    {Scope.ADMIN, Scope.ORG, Scope.FACTS, Scope.ACTS, Scope.CONCERNS}
)

"""The envelope's permissions: whose event this is, and whether the credential may send it."""

from jifen_contracts import FOLDED_TYPES
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.refusals import (
    Fault,
    SchemaInvalid,
    SchemeNotAllowed,
    SourceNotAllowed,
    TypeNotAllowed,
    UnknownType,
)
from jifen_ingest.domain.scopes import SCOPES_OF_TYPE, Scope

POINTS_EARNED = "jifen.points.earned.v1"


def check_permissions(event: dict[str, object], credential: Credential) -> None:
    """Refuse an event that this credential may not send; its shape is the contract's affair."""
    if event.setdefault("schemeid", credential.scheme) != credential.scheme:
        raise SchemeNotAllowed("schemeid is not the scheme of this credential")
    if _text(event, "source") not in credential.sources:
        raise SourceNotAllowed("the credential may not speak for this source")
    kind = _text(event, "type")
    if kind not in FOLDED_TYPES:
        raise UnknownType("no such type of event, or none that is folded yet")
    if not SCOPES_OF_TYPE[kind] & credential.scopes:
        needed = " or ".join(sorted(SCOPES_OF_TYPE[kind]))
        raise TypeNotAllowed(f"this type needs the scope {needed}")
    if kind == POINTS_EARNED:
        _check_claimant(event, credential)
    if "recordedtime" in event and not credential.imports:
        raise TypeNotAllowed("only a credential with the scope history sends recordedtime")


def _check_claimant(event: dict[str, object], credential: Credential) -> None:
    """A machine's fact names nobody; an act of a person names that person."""
    data = event.get("data")
    named = isinstance(data, dict) and "by" in data
    if not named and Scope.FACTS not in credential.scopes:
        fault = Fault("/data/by", "required: only the scope facts files a claim without a person")
        raise SchemaInvalid(f"{fault.pointer}: {fault.message}", [fault])
    if named and Scope.ACTS not in credential.scopes:
        raise TypeNotAllowed("only the scope acts passes on acts of the person named in by")


def _text(event: dict[str, object], attribute: str) -> str:
    value = event.get(attribute)
    if isinstance(value, str):
        return value
    fault = Fault(f"/{attribute}", "required: a string")
    raise SchemaInvalid(f"{fault.pointer}: {fault.message}", [fault])

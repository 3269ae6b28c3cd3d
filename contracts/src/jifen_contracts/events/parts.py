"""Parts that the data of several events share."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.ids import Id, Sha256Hex
from jifen_contracts.points import PointsText
from jifen_contracts.wire import Listed, Wire

EvidenceKind = Literal["photo", "document", "record", "sign_in", "survey", "other"]


class Evidence(Wire):
    """A file kept elsewhere, named by its hash."""

    sha256: Sha256Hex
    kind: EvidenceKind


class Basis(Wire):
    """The document an act rests on, named by its hash."""

    sha256: Sha256Hex


class CapacityPoints(Wire):
    """An amount of points for each capacity concerned."""

    committee: PointsText | None = None
    member: PointsText | None = None
    unit: PointsText | None = None


Deciders = Annotated[Listed[Id], Field(max_length=15)]
EvidenceList = Annotated[Listed[Evidence], Field(max_length=10)]

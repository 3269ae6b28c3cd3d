"""The CloudEvents envelope in its stored form: what the producer sent and what ingest stamped."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from jifen_contracts.events.types import TypeText
from jifen_contracts.ids import Id, Sha256Hex
from jifen_contracts.times import StampText, TimeText
from jifen_contracts.wire import TokenText, Wire

SourceText = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{1,200}$")
]
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
TraceParent = Annotated[
    str, StringConstraints(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")
]

DataSchema = Annotated[
    str,
    StringConstraints(
        pattern=r"^urn:jifen:schema:[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}:v[1-9][0-9]{0,3}$"
    ),
]


class Envelope(Wire):
    """Attributes of every event; `type`, `dataschema` and `data` are those of its class."""

    specversion: Literal["1.0"]
    id: TokenText
    source: SourceText
    subject: Id
    time: TimeText
    recordedtime: StampText
    importedtime: StampText | None = None
    schemeid: Id
    correlationid: TokenText | None = None
    causationid: TokenText | None = None
    traceparent: TraceParent | None = None
    authid: Id
    nonce: Nonce
    privatehash: Sha256Hex | None = None
    datacontenttype: Literal["application/json"]


class AnyEnvelope(Envelope):
    """An event as it is stored, whatever its type.

    A producer leaves `recordedtime`, `importedtime`, `authid`, `nonce` and `privatehash` to ingest
    (an import sends `recordedtime`), and may put what must be erasable under `data.private`.
    """

    type: TypeText
    dataschema: DataSchema
    data: dict[str, object]

"""The NATS door: the same bodies and answers as HTTP, by request and reply."""

from collections.abc import Mapping
from typing import Final

import structlog
from faststream.nats import NatsBroker, NatsMessage, NatsResponse

from jifen_contracts.subjects import ingest_subject_of
from jifen_contracts.tracing import TRACEPARENT
from jifen_ingest.adapters.reception import Reception, Reply
from jifen_ingest.domain.refusals import Malformed, Refusal

# Every ingest is in this group, so each request reaches one of them.
QUEUE: Final = "jifen-ingest"
ATOMIC_HEADER: Final = "jifen-atomic"

_log = structlog.get_logger(__name__)


def open_nats_door(broker: NatsBroker, reception: Reception, workers: int) -> None:
    """Subscribe the reception to the events of every scheme."""

    @broker.subscriber(
        ingest_subject_of("*"),
        queue=QUEUE,
        max_workers=workers,
        decoder=_undecoded,
        title="Events sent to ingest",
    )
    async def events(message: NatsMessage) -> NatsResponse:
        return _response(await _reply(reception, message))

    # FastStream keeps the handler; nothing here calls it by name.
    assert events is not None


async def _reply(reception: Reception, message: NatsMessage) -> Reply:
    subject = message.raw_message.subject
    headers: Mapping[str, str] = {}
    try:
        headers = _headers(message.headers or {})
        scheme = subject.rpartition(".")[2]
        admitted = await reception.admit(scheme, headers, headers.get(ATOMIC_HEADER), "nats")
        return await reception.receive(admitted, headers, message.body)
    except Refusal as refusal:
        return reception.refuse(refusal, subject, headers.get(TRACEPARENT))


def _headers(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with lower-case names; on NATS the spelling is the caller's."""
    headers = {name.lower(): value for name, value in sent.items()}
    if len(headers) != len(sent):
        raise Malformed("a header occurs twice")
    return headers


def _response(reply: Reply) -> NatsResponse:
    # FastStream writes its own content-type, in lower case; NATS headers know both spellings.
    return NatsResponse(
        reply.body,
        headers={
            "content-type": reply.media_type,
            "Content-Type": reply.media_type,
            "Status": str(int(reply.status)),
            **reply.headers,
        },
    )


async def _undecoded(message: NatsMessage) -> bytes:
    return bytes(message.body)

"""The connection to the broker: reconnects for ever, and says in the log what it is told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import nats.errors
import structlog
from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext
from nats.aio.client import Client

DRAIN_TIMEOUT_S: Final = 10
CONNECT_TIMEOUT_S: Final = 5
CONNECT_SOON_S: Final = 5
RECONNECT_WAIT_S: Final = 0.25
PING_INTERVAL_S: Final = 10

_log = structlog.get_logger(__name__)


Told = Callable[[Exception], Awaitable[None]]


class FirstErrors:
    """What a command is told before it is connected: one line says it, not one for each try."""

    def __init__(self) -> None:
        self.why = "no answer"
        self._connected = False

    async def take(self, error: Exception) -> None:
        """Keep what is told; once connected, it goes to the log."""
        if self._connected:
            await on_error(error)
        else:
            self.why = str(error) or repr(error)

    async def connect(self, broker: NatsBroker) -> Client:
        """Connect soon. Raises ConnectionError."""
        try:
            async with asyncio.timeout(CONNECT_SOON_S):
                client = await broker.connect()
        except TimeoutError:
            raise ConnectionError(f"nobody answers: {self.why}") from None
        self._connected = True
        return client


def new_broker(
    url: str, user: str | None, password: str | None, told: Told | None = None
) -> NatsBroker:
    return NatsBroker(
        # The nodes of a cluster, separated by commas; one that is gone is passed over.
        url.split(","),
        security=SASLPlaintext(user, password or "") if user else None,
        name=f"jifen-{user or 'ingest'}",
        # Each user has an inbox of its own, which its permissions name.
        inbox_prefix=f"_INBOX.{user or 'ingest'}",
        allow_reconnect=True,
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_WAIT_S,  # type: ignore[arg-type] # seconds, any number
        connect_timeout=CONNECT_TIMEOUT_S,
        ping_interval=PING_INTERVAL_S,
        drain_timeout=DRAIN_TIMEOUT_S,
        graceful_timeout=float(DRAIN_TIMEOUT_S),
        # A refused publish looks like a timeout; its reason arrives here and nowhere else.
        error_cb=told or on_error,
        disconnected_cb=_on_disconnected,
        reconnected_cb=_on_reconnected,
        logger=None,
        apply_types=False,
    )


async def on_error(error: Exception) -> None:
    match error:
        case nats.errors.SlowConsumerError():
            _log.error("nats_slow_consumer", subject=error.subject)
        case _:
            _log.error("nats_error", error=type(error).__name__, reason=str(error))


async def _on_disconnected() -> None:
    # An orderly close says so too, hence no warning; a loss has its error as well.
    _log.info("nats_disconnected")


async def _on_reconnected() -> None:
    _log.info("nats_reconnected")

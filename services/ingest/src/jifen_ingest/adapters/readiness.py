"""Whether the service can take events now, and if not, why."""

from nats.aio.client import Client

from jifen_ingest.adapters.event_log import NatsEventLog
from jifen_ingest.adapters.sources import Sources
from jifen_ingest.domain.refusals import Busy


class Readiness:
    def __init__(self, client: Client, sources: Sources, log: NatsEventLog) -> None:
        self._client = client
        self._sources = sources
        self._log = log

    async def fault(self) -> str | None:
        if not self._client.is_connected:
            return "the broker is away"
        for scheme in sorted(self._sources.schemes):
            try:
                if not await self._log.has(scheme):
                    return f"the scheme {scheme} has no stream"
            except Busy as busy:
                return f"the scheme {scheme}: {busy.detail}"
        return None

"""A stream read from its first message to the end that it has now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from jifen_ledger.application.ports import Message
from jifen_ledger.application.reconciling.ports import ComparedStream


async def whole_stream(
    stream: ComparedStream, scheme: str, most: int
) -> AsyncIterator[Sequence[Message]]:
    """Yield the messages, so many at a time. Raises Unavailable, Stopped."""
    if (await stream.state(scheme)).messages == 0:
        return
    async with stream.reading(scheme, 1) as reading:
        seq = 0
        while seq == 0 or reading.waiting or seq < reading.stream_last:
            messages = await reading.take(most)
            if not messages:
                # What was left has been erased meanwhile.
                return
            seq = messages[-1].seq
            yield messages

"""Removes the messages of a subject for good.

The broker overwrites a message that is deleted by its sequence; what a purge removes stays on its
disk until the block is compacted, which may be never.
"""

from __future__ import annotations

import nats.js.errors
from nats.js import JetStreamContext

MESSAGE_NOT_FOUND = 10037
MESSAGE_GONE = 10057


async def overwrite(jetstream: JetStreamContext, stream: str, subject: str) -> None:
    """Delete every message of the subject. What the broker or the way to it says is raised."""
    seq = 0
    while True:
        try:
            message = await jetstream.get_msg(stream, seq=seq + 1, subject=subject, next=True)
        except nats.js.errors.NotFoundError as error:
            if error.err_code == MESSAGE_NOT_FOUND:
                break
            raise
        assert message.seq is not None
        seq = message.seq
        await delete(jetstream, stream, seq)
    # Cut off before, the rest was left; this takes what no get has told of.
    await jetstream.purge_stream(stream, subject=subject)


async def delete(jetstream: JetStreamContext, stream: str, seq: int) -> None:
    """Delete one message, if it is there."""
    try:
        await jetstream.delete_msg(stream, seq)
    except nats.js.errors.APIError as error:
        if error.err_code not in (MESSAGE_NOT_FOUND, MESSAGE_GONE):
            raise

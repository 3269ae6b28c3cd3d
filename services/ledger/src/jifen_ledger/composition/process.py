"""What every part takes from its process: its name, its clock, its secrets, its collector."""

from __future__ import annotations

import gc
import os
import secrets
import socket
import time

# The state is large, lives long and has no cycles; with Python's defaults a tenth of the fold's
# time goes into looking for some.
COLLECT_AFTER = (50_000, 20, 50)


def spare_collector() -> None:
    """Look for cycles seldom, and never among what was imported.

    More seldom still would save some time, and hold up events that somebody waits for.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def new_name() -> str:
    """Return a name that no other process has."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def clock_ms() -> int:
    """Return the milliseconds since 1970-01-01T00:00:00Z."""
    return time.time_ns() // 1_000_000

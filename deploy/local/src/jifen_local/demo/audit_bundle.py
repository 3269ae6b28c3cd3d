"""Writes the audit bundle of the demo's year with the log's key beside it, and checks it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import httpx

from jifen_local.children import StartFailed
from jifen_local.demo.messages import SCHEME

PUBLISHED_WITHIN_S: Final = 60.0
KEY_ENDS: Final = ".vkey"
_POLL_S: Final = 0.2
_LEDGER: Final = "jifen_ledger"
_USER: Final = "ledger"


class Running(Protocol):
    """What is needed of a running Jifen; `LocalStack` is one."""

    @property
    def ledger_url(self) -> str:
        """Where the ledger answers."""

    def run(self, module: str, *arguments: str, user: str) -> str:
        """Run a command of a service and return what it printed. Raises StartFailed."""


def write_bundle(stack: Running, token: str, path: Path, say: Callable[[str], None]) -> int:
    """Write the bundle and its key in the place of older ones; return 0 if it is sound, else 1."""
    key = path.with_name(path.name + KEY_ENDS)
    try:
        _wait_for_checkpoint(stack.ledger_url, token)
        current, *_ = stack.run(_LEDGER, "log", "key", "show", SCHEME, user=_USER).splitlines()
        for old in (path, key):
            old.unlink(missing_ok=True)
        making = ("audit", "bundle", "--scheme", SCHEME, "--out", str(path))
        made = stack.run(_LEDGER, *making, user=_USER)
        key.write_text(f"{current}\n", encoding="utf-8")
        checking = ("audit", "verify", "--bundle", str(path), "--vkey", f"@{key}")
        checked = stack.run(_LEDGER, *checking, user=_USER)
    except (StartFailed, httpx.HTTPError, OSError) as failed:
        say(f"The audit bundle is not there: {failed}")
        return 1
    say(f"Audit bundle {made.strip()}")
    say(f"Its key {key}; checked: {checked.splitlines()[-1]}")
    return 0


def _wait_for_checkpoint(ledger_url: str, token: str) -> None:
    """Wait until the published log has every record. Raises StartFailed."""
    deadline = time.monotonic() + PUBLISHED_WITHIN_S
    headers = {"Authorization": f"Bearer {token}"}
    base = f"{ledger_url}/v1/schemes/{SCHEME}"
    with httpx.Client(base_url=base, headers=headers, timeout=PUBLISHED_WITHIN_S) as client:
        while True:
            recorded = client.get("/status").raise_for_status().json()["checkpoint"]
            note = client.get("/log/checkpoint")
            if note.is_success and int(note.text.split("\n")[1]) >= recorded:
                return
            if time.monotonic() > deadline:
                raise StartFailed(f"no checkpoint of {recorded:,} records is published")
            time.sleep(_POLL_S)

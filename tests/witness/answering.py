"""A witness in this process, asked over its HTTP application."""

from collections.abc import Sequence
from pathlib import Path

import httpx

from jifen_ledger.log.keys import Algorithm, SigningKey
from jifen_witness.adapters.http import witness_application
from jifen_witness.adapters.state_file import StateFile
from jifen_witness.application.cosign import CosignCheckpoint, Standings
from tests.support.small_log import SMALL_KEY

KEY = SigningKey("witness.example/own", b"\x06" * 32, Algorithm.COSIGNATURE)
NOW_S = 1_800_000_000


def state_in(directory: Path) -> StateFile:
    """The state file of the folder, made if it is not there."""
    path = directory / "witness.db"
    if not path.exists():
        StateFile.create(path)
    return StateFile(path)


def witness_of(
    standings: Standings, key: SigningKey = KEY, logs: Sequence[SigningKey] = (SMALL_KEY,)
) -> CosignCheckpoint:
    watched = {one.verifier.name: [one.verifier] for one in logs}
    return CosignCheckpoint(key, watched, standings, lambda: NOW_S)


def client_of(cosign: CosignCheckpoint) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(witness_application(cosign))
    return httpx.AsyncClient(transport=transport, base_url="http://witness")

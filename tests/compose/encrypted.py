"""What TLS has to mean of a deployment, one node or a cluster: asked in secret and in the clear."""

import json
import ssl
from pathlib import Path

import httpx
import nats
import nats.errors

from jifen_local.nats_users import inbox_prefix_of, other_name_of
from tests.compose.engine import Engine

USER = "upstream"
SESSIONS = (
    "SELECT usename, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
    " WHERE usename = 'ledger'"
)
ENCRYPTED = {
    "INGEST": (200, "not in the clear"),
    "LEDGER": (200, "not in the clear"),
    "NATS": (True, "not in the clear"),
    "PostgreSQL": {"ledger|t"},
}


async def ways_of(running: Engine, home: Path) -> dict[str, object]:
    """Return how each server answers whoever knows the authority, and whoever encrypts nothing."""
    file = home / "ca.pem"
    file.write_text(running.compose("run", "--rm", "-T", "setup", "ca"))
    authority = ssl.create_default_context(cafile=str(file))
    found: dict[str, object] = {}
    async with httpx.AsyncClient(verify=authority, timeout=10) as client:
        for door in ("INGEST", "LEDGER"):
            address = f"localhost:{running.port(door)}/readyz"
            ready = (await client.get(f"https://{address}")).status_code
            found[door] = (ready, await _in_the_clear(client, f"http://{address}"))
    found["NATS"] = await _broker(running, authority)
    psql = ("exec", "-T", "postgres", "psql", "-U", "postgres", "-AtX", "-c", SESSIONS)
    found["PostgreSQL"] = set(running.compose(*psql).split())
    return found


async def _in_the_clear(client: httpx.AsyncClient, url: str) -> str:
    try:
        answer = await client.get(url)
    except httpx.TransportError:
        return "not in the clear"
    return str(answer.status_code)


async def _broker(running: Engine, authority: ssl.SSLContext) -> tuple[object, str]:
    passwords = json.loads(running.secret("passwords.json"))
    user = next(name for name in (other_name_of(USER), USER) if name in passwords)
    address = f"localhost:{running.port('NATS')}"
    known = {"user": user, "password": passwords[user], "connect_timeout": 5}
    inbox = inbox_prefix_of(user).encode()
    client = await nats.connect(f"tls://{address}", tls=authority, inbox_prefix=inbox, **known)
    encrypts = client.is_connected and client._server_info["tls_required"]
    await client.close()
    try:
        await nats.connect(f"nats://{address}", allow_reconnect=False, inbox_prefix=inbox, **known)
    except (nats.errors.Error, OSError, ssl.SSLError):
        return encrypts, "not in the clear"
    return encrypts, "in the clear"

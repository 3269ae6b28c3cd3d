"""The TLS switch: each way is encrypted, and a client that does not encrypt is turned away."""

import json
import ssl
from pathlib import Path

import httpx
import nats
import nats.errors
import pytest

from jifen_local.nats_users import inbox_prefix_of
from tests.compose.engine import Engine

pytestmark = pytest.mark.timeout(600)

USERS = (
    "SELECT usename, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
    " WHERE usename = 'ledger'"
)


@pytest.fixture(scope="module")
def authority(encrypted: Engine, tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    file: Path = tmp_path_factory.mktemp("tls") / "ca.pem"
    file.write_text(encrypted.compose("run", "--rm", "-T", "setup", "ca"))
    return ssl.create_default_context(cafile=str(file))


async def test_both_services_answer_to_whoever_knows_the_authority_and_not_in_the_clear(
    encrypted: Engine, authority: ssl.SSLContext
) -> None:
    ready = {}
    async with httpx.AsyncClient(verify=authority, timeout=10) as client:
        for door in ("INGEST", "LEDGER"):
            address = f"localhost:{encrypted.port(door)}/readyz"
            ready[door] = (await client.get(f"https://{address}")).status_code
            with pytest.raises(httpx.TransportError):
                await client.get(f"http://{address}")

    assert ready == {"INGEST": 200, "LEDGER": 200}


async def test_the_broker_takes_nobody_in_the_clear(
    encrypted: Engine, authority: ssl.SSLContext
) -> None:
    password = json.loads(encrypted.secret("passwords.json"))["upstream"]
    address = f"localhost:{encrypted.port('NATS')}"
    user = {"user": "upstream", "password": password, "connect_timeout": 5}
    inbox = inbox_prefix_of("upstream").encode()
    client = await nats.connect(f"tls://{address}", tls=authority, inbox_prefix=inbox, **user)
    encrypts = client.is_connected and client._server_info["tls_required"]
    await client.close()
    with pytest.raises((nats.errors.Error, OSError, ssl.SSLError)):
        await nats.connect(f"nats://{address}", allow_reconnect=False, inbox_prefix=inbox, **user)

    assert encrypts is True


def test_the_ledger_speaks_with_the_database_in_secret_only(encrypted: Engine) -> None:
    rows = encrypted.compose(
        "exec", "-T", "postgres", "psql", "-U", "postgres", "-AtX", "-c", USERS
    ).split()

    assert (set(rows), len(rows) > 1) == ({"ledger|t"}, True)

"""Makes everything secret that a deployment in containers needs, where it is not there yet."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from jifen_local.credentials import READERS, SOURCES, TOKENS, write_credentials
from jifen_local.private_files import write_private
from jifen_local.setup.certificates import new_authority, new_certificate
from jifen_local.setup.nats_file import nats_configuration
from jifen_local.setup.passwords import kept_passwords, user_of, users_of
from jifen_local.setup.postgres_files import (
    first_database,
    new_password,
    pgpass,
    who_may_connect,
)
from jifen_local.setup.volume import OWNERS, SecretVolume

DEPLOYMENT = "deployment.json"
AUTHORITY = "authority.json"
CA = "ca.pem"
SOURCES_FILE, READERS_FILE = "sources.toml", "readers.toml"
# A name for each that a client may call it by, whoever serves.
SERVED = ("ingest", "ledger", "proxy")


def make_secrets(volume: SecretVolume, schemes: Sequence[str], nodes: Sequence[str]) -> None:
    """Write every file; passwords, keys and tokens that were made before stay as they are."""
    volume.prepare()
    told = json.dumps({"schemes": list(schemes), "nodes": list(nodes)})
    write_private(volume.root / DEPLOYMENT, told)
    passwords = kept_passwords(volume)
    authority = _authority(volume)
    _nats_files(volume, passwords, authority, schemes, nodes)
    _database_files(volume, passwords, authority)
    for service in ("ingest", "ledger", "operator"):
        user = user_of(passwords, service)
        volume.write(service, "jifen_nats_user", user)
        volume.write(service, "jifen_nats_password", passwords[user])
    volume.write("grafana", "admin", passwords["grafana"])
    for service in ("ingest", "ledger"):
        _certify(volume, authority, service, (service, *SERVED))
    certificate, key = _certify(volume, authority, "proxy", SERVED)
    volume.write("proxy", "tls.pem", certificate + key)
    _credentials(volume, schemes)


def make_again(volume: SecretVolume) -> None:
    """Write the files of the schemes and nodes of the last time, as after a change of passwords."""
    told: dict[str, list[str]] = json.loads((volume.root / DEPLOYMENT).read_bytes())
    make_secrets(volume, told["schemes"], told["nodes"])


def hand_over(directories: Sequence[Path], owner: str) -> None:
    """Give new volumes of a server to the user that it runs as."""
    for directory in directories:
        os.chown(directory, OWNERS[owner], OWNERS[owner])
        directory.chmod(0o700)


def _authority(volume: SecretVolume) -> tuple[str, str]:
    certificate, key = json.loads(volume.keep(AUTHORITY, lambda: json.dumps(new_authority())))
    volume.publish(CA, certificate)
    return certificate, key


def _certify(
    volume: SecretVolume, authority: tuple[str, str], owner: str, names: Sequence[str]
) -> tuple[str, str]:
    """Renew a certificate; all servers start after this, and clients know the authority only."""
    certificate, key = new_certificate(authority, names)
    volume.write(owner, "tls.crt", certificate)
    volume.write(owner, "tls.key", key)
    return certificate, key


def _nats_files(
    volume: SecretVolume,
    passwords: Mapping[str, str],
    authority: tuple[str, str],
    schemes: Sequence[str],
    nodes: Sequence[str],
) -> None:
    _certify(volume, authority, "nats", ("nats", *nodes))
    paths = {
        "cert_file": str(volume.path("nats", "tls.crt")),
        "key_file": str(volume.path("nats", "tls.key")),
        "ca_file": str(volume.root / CA),
    }
    users = users_of(passwords)
    for node in nodes:
        for ending, tls in (("conf", None), ("tls.conf", paths)):
            text = nats_configuration(
                users,
                schemes,
                node=node,
                nodes=nodes,
                cluster_password=passwords["cluster"],
                tls=tls,
            )
            volume.write("nats", f"{node}.{ending}", text)


def _database_files(
    volume: SecretVolume, passwords: Mapping[str, str], authority: tuple[str, str]
) -> None:
    volume.write("postgres", "superuser", passwords["postgres"])
    volume.write("postgres", "first.sql", first_database(passwords["database"]))
    volume.write("postgres", "password.sql", new_password(passwords["database"]))
    volume.write("postgres", "pg_hba.conf", who_may_connect(tls=False))
    volume.write("postgres", "pg_hba.tls.conf", who_may_connect(tls=True))
    volume.write("ledger", "pgpass", pgpass(passwords["database"]))
    _certify(volume, authority, "postgres", ("postgres",))


def _credentials(volume: SecretVolume, schemes: Sequence[str]) -> None:
    """Write tokens for schemes seen for the first time; what is there already is the operator's."""
    known: dict[str, dict[str, str]] = json.loads(volume.keep(TOKENS, lambda: "{}"))
    fresh = [scheme for scheme in schemes if scheme not in known]
    if not fresh:
        return
    with TemporaryDirectory() as name:
        draft = Path(name)
        write_credentials(draft, fresh)
        for owner, made, file in (
            ("ingest", SOURCES, SOURCES_FILE),
            ("ledger", READERS, READERS_FILE),
        ):
            path = volume.path(owner, file)
            there = path.read_text(encoding="utf-8") if path.exists() else ""
            stanzas = (draft / made).read_text(encoding="utf-8").split("\n", 1)[1]
            volume.write(owner, file, f"{there}{stanzas}")
        tokens = known | json.loads((draft / TOKENS).read_bytes())
    write_private(volume.root / TOKENS, json.dumps(tokens, indent=2) + "\n")

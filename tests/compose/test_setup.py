"""What `setup` makes before the first start: whole, once, and only for whom it is."""

import json
import ssl
import subprocess
import tomllib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from jifen_ingest.adapters.sources import read_sources
from jifen_ledger.adapters.readers import read_readers
from jifen_local.servers.nats import executable
from jifen_local.setup import making
from jifen_local.setup.admitting import admitted
from jifen_local.setup.making import make_again, make_secrets
from jifen_local.setup.passwords import RotationRefused, retire, rotate
from jifen_local.setup.volume import OWNERS, SecretVolume

pytestmark = pytest.mark.usefixtures("owned")

NODES = ["nats-1", "nats-2", "nats-3"]
# Made anew at every run, because they end: a certificate lives no longer than its authority.
RENEWED = {"tls.crt", "tls.key", "tls.pem"}


@pytest.fixture
def owned(monkeypatch: pytest.MonkeyPatch) -> dict[Path, int]:
    """Whom each file was given to; only root could do it."""
    given: dict[Path, int] = {}
    monkeypatch.setattr("os.chown", lambda path, uid, _: given.__setitem__(Path(path), uid))
    return given


@pytest.fixture
def volume(tmp_path: Path) -> SecretVolume:
    return SecretVolume(tmp_path)


def contents(volume: SecretVolume) -> dict[str, str]:
    return {
        str(path.relative_to(volume.root)): path.read_text()
        for path in sorted(volume.root.rglob("*"))
        if path.is_file() and path.name not in RENEWED
    }


def test_a_second_run_changes_no_password_key_or_token(volume: SecretVolume) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    before = contents(volume)
    make_secrets(volume, ["plant"], ["nats"])

    assert contents(volume) == before


def test_a_new_scheme_gets_tokens_and_what_was_admitted_stays(volume: SecretVolume) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    sources = volume.path("ingest", "sources.toml")
    admitted = sources.read_text().replace('name = "plant"', 'name = "renamed"')
    volume.write("ingest", "sources.toml", admitted)
    make_secrets(volume, ["plant", "plant-2"], ["nats"])
    names = [one.name for one in read_sources(sources)]
    schemes = {one.scheme for _, one in read_readers(volume.path("ledger", "readers.toml"))}

    assert (names, schemes) == (["renamed", "plant-2"], {"plant", "plant-2"})
    assert set(json.loads((volume.root / "tokens.json").read_bytes())) == {"plant", "plant-2"}


def test_every_file_belongs_to_one_service_and_only_the_authority_is_open(
    volume: SecretVolume, owned: dict[Path, int]
) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    files = [path for path in volume.root.rglob("*") if path.is_file()]
    open_to_all = {path.name for path in files if path.stat().st_mode & 0o077}
    wrong = {
        path
        for path in files
        if path.parent != volume.root and owned[path] != OWNERS[path.parent.name]
    }

    assert (open_to_all, wrong) == ({"ca.pem"}, set())


@pytest.mark.parametrize("nodes", [["nats"], NODES], ids=["one node", "a cluster"])
@pytest.mark.parametrize("ending", ["conf", "tls.conf"])
def test_the_broker_reads_its_configuration(
    volume: SecretVolume, nodes: list[str], ending: str
) -> None:
    make_secrets(volume, ["plant", "plant-2"], nodes)
    said = [
        subprocess.run(
            [executable(), "-t", "-c", volume.path("nats", f"{node}.{ending}")],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        for node in nodes
    ]

    assert [one.returncode for one in said] == [0] * len(nodes), said


@pytest.mark.parametrize(
    ("owner", "name"),
    [("ingest", "ingest"), ("ledger", "ledger"), ("nats", "nats-2"), ("postgres", "postgres")],
)
def test_a_client_that_knows_the_authority_believes_each_server(
    volume: SecretVolume, owner: str, name: str
) -> None:
    make_secrets(volume, ["plant"], NODES)
    authority = x509.load_pem_x509_certificate((volume.root / "ca.pem").read_bytes())
    server = x509.load_pem_x509_certificate(volume.path(owner, "tls.crt").read_bytes())
    verifier = PolicyBuilder().store(Store([authority])).build_server_verifier(x509.DNSName(name))
    context = ssl.create_default_context(cafile=str(volume.root / "ca.pem"))
    context.load_cert_chain(volume.path(owner, "tls.crt"), volume.path(owner, "tls.key"))

    assert verifier.verify(server, [])[-1] == authority


def test_the_files_of_senders_and_readers_are_what_the_services_take(volume: SecretVolume) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    sources = tomllib.loads(volume.path("ingest", making.SOURCES_FILE).read_text())
    readers = tomllib.loads(volume.path("ledger", making.READERS_FILE).read_text())

    assert [one["scheme"] for one in (*sources["credential"], *readers["reader"])] == ["plant"] * 2


def test_whoever_is_admitted_again_takes_the_place_of_the_former() -> None:
    first = '[[credential]]\nname = "a"\nscheme = "plant"\ntoken_sha256 = "1"\n'
    other = '[[credential]]\nname = "b"\nscheme = "plant"\ntoken_sha256 = "2"\n'
    again = first.replace('"1"', '"3"')
    file = tomllib.loads(admitted(admitted(first, other), again))

    assert [one["token_sha256"] for one in file["credential"]] == ["2", "3"]


def users_in(volume: SecretVolume) -> dict[str, str]:
    """Whom NATS lets in, each with its inbox."""
    configuration = json.loads(volume.path("nats", "nats.conf").read_bytes())
    return {
        one["user"]: one["permissions"]["subscribe"]["allow"][-1]
        for one in configuration["authorization"]["users"]
    }


def secret_of(volume: SecretVolume, service: str) -> tuple[str, str]:
    user, password = (
        volume.path(service, f"jifen_nats_{what}").read_text() for what in ("user", "password")
    )
    return user, password


def test_a_rotated_user_comes_in_by_both_passwords_until_the_old_one_is_retired(
    volume: SecretVolume,
) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    before, of_ledger = secret_of(volume, "ingest"), secret_of(volume, "ledger")
    rotate(volume, ["ingest"])
    make_again(volume)
    meanwhile, now = users_in(volume), secret_of(volume, "ingest")
    retire(volume, ["ingest"])
    make_again(volume)

    assert (before[0], now[0], before[1] != now[1]) == ("ingest", "ingest-b", True)
    assert {"ingest", "ingest-b"} <= meanwhile.keys()
    assert meanwhile["ingest-b"] == "_INBOX.ingest-b.>"
    assert users_in(volume).keys() == meanwhile.keys() - {"ingest"}
    assert (secret_of(volume, "ingest"), secret_of(volume, "ledger")) == (now, of_ledger)


def test_a_second_rotation_goes_back_to_the_first_name_and_waits_for_the_end_of_the_first(
    volume: SecretVolume,
) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    first = secret_of(volume, "ledger")
    rotate(volume, ["ledger"])
    with pytest.raises(RotationRefused, match="retire ledger"):
        rotate(volume, ["ledger"])
    retire(volume, ["ledger"])
    rotate(volume, ["ledger"])
    make_again(volume)
    again = secret_of(volume, "ledger")

    assert (again[0], again[1] != first[1]) == ("ledger", True)


def test_both_names_of_a_user_have_the_same_rights(volume: SecretVolume) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    rotate(volume, ["ledger", "ingest", "operator"])
    make_again(volume)
    users = json.loads(volume.path("nats", "nats.conf").read_bytes())["authorization"]["users"]
    publish = {one["user"]: one["permissions"]["publish"] for one in users}
    answers = {one["user"] for one in users if "allow_responses" in one["permissions"]}

    assert [publish[f"{name}-b"] == publish[name] for name in ("ledger", "ingest", "operator")] == [
        True
    ] * 3
    assert answers == {"ingest", "ingest-b"}


def test_a_new_password_of_the_database_is_in_every_place_that_has_it(volume: SecretVolume) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    old = json.loads((volume.root / "passwords.json").read_bytes())["database"]
    rotate(volume, ["database"])
    make_again(volume)
    new = json.loads((volume.root / "passwords.json").read_bytes())["database"]
    having = {path for path, text in contents(volume).items() if new in text}

    assert having == {
        "passwords.json",
        "ledger/pgpass",
        "postgres/first.sql",
        "postgres/password.sql",
    }
    assert [path for path, text in contents(volume).items() if old in text] == []


def test_a_user_of_a_newer_version_gets_a_password_and_the_others_keep_theirs(
    volume: SecretVolume,
) -> None:
    make_secrets(volume, ["plant"], ["nats"])
    file = volume.root / "passwords.json"
    whole = json.loads(file.read_bytes())
    file.write_text(json.dumps({name: one for name, one in whole.items() if name != "repair"}))
    make_secrets(volume, ["plant"], ["nats"])
    after = json.loads(file.read_bytes())

    assert after.keys() == whole.keys()
    assert {name: one for name, one in after.items() if one != whole[name]}.keys() == {"repair"}

"""A bad value in the environment ends the ledger's start by the name of its variable."""

import pytest

from jifen_contracts.environment import settings_of
from jifen_ledger.__main__ import main
from jifen_ledger.settings import EvidenceSettings, LedgerSettings

SECRET = "a-password-nobody-may-see"
FIT = {
    "JIFEN_DATABASE_URL": "postgresql+psycopg://ledger@127.0.0.1/ledger",
    "JIFEN_NATS_URL": "nats://127.0.0.1:4222",
    "JIFEN_SCHEMES": "plant",
    "JIFEN_READERS_FILE": "readers.toml",
    "JIFEN_LOG_ORIGIN": "ledger.example/jifen",
    "JIFEN_LOG_KEY_DIR": "keys",
    "JIFEN_LOG_ANCHOR_DIR": "anchors",
}
BAD = {
    "JIFEN_DATABASE_URL": f"mysql://ledger:{SECRET}@127.0.0.1/ledger",
    "JIFEN_NATS_URL": "127.0.0.1",
    "JIFEN_NATS_USER": "two words",
    "JIFEN_BATCH_MAX": "0",
    "JIFEN_STATE_ROWS_MAX": "-1",
    "JIFEN_SCHEMES": "plant,Not An Id",
    "JIFEN_WRITE_CONNECTIONS_MAX": "1",
    "JIFEN_WORKER": "-",
    "JIFEN_LOG_ORIGIN": "Ledger Example",
    "JIFEN_HTTP_HOST": "",
    "JIFEN_HTTP_PORT": "http",
    "JIFEN_HTTP_TLS_KEY_FILE": "without-its-certificate.key",
    "JIFEN_LAG_MAX": "-1",
    "JIFEN_READ_CONNECTIONS_MAX": "101",
    "JIFEN_LOG_PUBLISH_INTERVAL": "1h",
    "JIFEN_LOG_ENTRIES_ACCESS": "everybody",
    "JIFEN_LOG_WITNESSES": "a-key-without-address",
    "JIFEN_LOG_WITNESS_QUORUM": "1",
    "JIFEN_RECONCILE_LOOK_S": "0",
    "JIFEN_RECONCILE_PASS_S": "never",
    "JIFEN_INVARIANTS_INTERVAL_S": "0",
    "JIFEN_TRACING_ENDPOINT": "grpc://collector:4317",
    "JIFEN_TRACING_RATIO": "all",
}
OF_A_COMMAND = {"JIFEN_EVIDENCE_YEARS": "0", "JIFEN_EVIDENCE_UNUSED_DAYS": "never"}
# Any text is a password or a path; whoever reads there tells what is missing.
ANYTHING = {
    "JIFEN_NATS_PASSWORD",
    "JIFEN_READERS_FILE",
    "JIFEN_HTTP_TLS_CERT_FILE",
    "JIFEN_LOG_KEY_DIR",
    "JIFEN_LOG_ANCHOR_DIR",
}
EXPIRE = ["evidence", "expire", "plant"]
CASES = [
    *((["serve"], *one) for one in BAD.items()),
    *((EXPIRE, *one) for one in OF_A_COMMAND.items()),
]


@pytest.fixture(autouse=True)
def _fit(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in FIT.items():
        monkeypatch.setenv(variable, value)


@pytest.mark.parametrize(("command", "variable", "value"), CASES)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    command: list[str],
    variable: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)

    status = main(command)

    (line,) = capsys.readouterr().err.splitlines()
    assert (status, line.startswith(f"jifen-ledger: {variable}: ")) == (1, True)
    assert SECRET not in line


@pytest.mark.parametrize("variable", FIT)
def test_a_missing_value_is_told_by_the_name_of_its_variable(
    variable: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(variable)

    status = main(["serve"])

    assert (status, capsys.readouterr().err) == (1, f"jifen-ledger: {variable}: Field required\n")


def test_every_variable_has_a_bad_value_here_or_takes_anything() -> None:
    known = {
        one.variable for model in (LedgerSettings, EvidenceSettings) for one in settings_of(model)
    }

    assert BAD.keys() | OF_A_COMMAND.keys() | ANYTHING == known

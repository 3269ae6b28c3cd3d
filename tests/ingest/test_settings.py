"""A bad value in the environment ends ingest's start by the name of its variable."""

import pytest

from jifen_contracts.environment import settings_of
from jifen_ingest.__main__ import main
from jifen_ingest.settings import Settings

LARGE = "1000000000"
BAD = {
    "JIFEN_NATS_URL": "nowhere:4222",
    "JIFEN_NATS_USER": "two words",
    "JIFEN_HTTP_HOST": "",
    "JIFEN_HTTP_PORT": "99999",
    "JIFEN_HTTP_TLS_KEY_FILE": "without-its-certificate.key",
    "JIFEN_INGEST_SINGLE_BYTES_MAX": "256K",
    "JIFEN_INGEST_BODY_BYTES_MAX": "-1",
    "JIFEN_INGEST_BODIES_BYTES_MAX": "0",
    "JIFEN_INGEST_BATCH_EVENTS_MAX": "1001",
    "JIFEN_INGEST_CREDENTIAL_EVENTS_MAX": "many",
    "JIFEN_INGEST_CONNECTIONS_MAX": "0",
    "JIFEN_INGEST_NATS_WORKERS": "2.5",
    "JIFEN_INGEST_SINGLES_MAX": LARGE,
    "JIFEN_INGEST_QUEUE_EVENTS_MAX": LARGE,
    "JIFEN_INGEST_QUEUE_BYTES_MAX": LARGE,
    "JIFEN_INGEST_RECENT_EVENTS_MAX": "",
    "JIFEN_INGEST_COMMIT_TIMEOUT_S": "5s",
    "JIFEN_INGEST_DRAIN_TIMEOUT_S": "301",
    "JIFEN_INGEST_RETRY_AFTER_S": "0",
    "JIFEN_EVIDENCE_BYTES_MAX": "nan",
    "JIFEN_EVIDENCE_MEDIA_TYPES": "image/png,photo",
    "JIFEN_EVIDENCE_UPLOADS_MAX": "0",
    "JIFEN_EVIDENCE_TIMEOUT_S": "-0.5",
    "JIFEN_TRACING_ENDPOINT": "collector:4318",
    "JIFEN_TRACING_RATIO": "1.5",
}
# Any text is a password, and any may be the path of a file, whose absence is told by its reader.
ANYTHING = {"JIFEN_NATS_PASSWORD", "JIFEN_SOURCES_FILE", "JIFEN_HTTP_TLS_CERT_FILE"}


@pytest.mark.parametrize(("variable", "value"), BAD.items())
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, value)

    status = main(["serve"])

    (line,) = capsys.readouterr().err.splitlines()
    assert (status, line.startswith(f"jifen-ingest: {variable}: ")) == (1, True)


def test_every_variable_has_a_bad_value_here_or_takes_anything() -> None:
    assert BAD.keys() | ANYTHING == {one.variable for one in settings_of(Settings)}


def test_the_settings_are_listed_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["settings"])

    printed = capsys.readouterr().out
    assert status == 0
    assert (
        "JIFEN_HTTP_PORT  (whole number, at least 0, at most 65535; default 8080)\n"
        "    Port to listen on; 0 takes a free one.\n"
    ) in printed

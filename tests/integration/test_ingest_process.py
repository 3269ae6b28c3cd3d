"""Ingest as a process: its documents are true, and a stop loses nothing it has answered."""

import asyncio
import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import nats
import orjson
import pytest

from jifen_contracts.subjects import stream_of
from jifen_local.children import Child, start_child, wait_until
from jifen_local.ports import HOST, free_port
from jifen_local.servers.nats import answers
from tests.ingest.sent import TOKEN, earned
from tests.integration.ingest_service import STRUCTURED, messages_of, payload_sha256, write_sources

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-m", "jifen_ingest"]
HEADERS = {"Content-Type": STRUCTURED, "Authorization": f"Bearer {TOKEN}"}
COMMAND_DEADLINE_S = 60
FUZZ_DEADLINE_S = 300


@dataclass(frozen=True, slots=True)
class Process:
    url: str
    child: Child
    scheme: str

    @property
    def events_url(self) -> str:
        return f"{self.url}/v1/schemes/{self.scheme}/events"


@pytest.fixture
def process(nats_url: str, scheme: str, tmp_path: Path) -> Iterator[Process]:
    sources, port = tmp_path / "sources.toml", free_port()
    write_sources(sources, scheme)
    # A scheme without streams would keep the process from being ready.
    sources.write_text(sources.read_text().partition('[[credential]]\nname = "elsewhere"')[0])
    environment = {
        "JIFEN_NATS_URL": nats_url,
        "JIFEN_SOURCES_FILE": str(sources),
        "JIFEN_HTTP_PORT": str(port),
    }
    subprocess.run(
        [*COMMAND, "scheme", "create", scheme, "--erasable-for-tests"],
        env={**os.environ, **environment},
        check=True,
        timeout=COMMAND_DEADLINE_S,
    )
    child = start_child(
        "Ingest",
        [*COMMAND, "serve"],
        log=tmp_path / "ingest.log",
        directory=tmp_path,
        environment=environment,
    )
    try:
        url = f"http://{HOST}:{port}"
        wait_until(lambda: answers(url, "/readyz"), child)
        yield Process(url, child, scheme)
    finally:
        child.stop()


async def test_a_stop_loses_nothing_that_was_answered(process: Process, nats_url: str) -> None:
    accepted: dict[str, tuple[int, str]] = {}

    async def send(caller: int, http: httpx.AsyncClient) -> None:
        for number in range(10_000):
            try:
                body = orjson.dumps(earned(f"e-{caller}-{number}"))
                answer = await http.post(process.events_url, content=body, headers=HEADERS)
            except httpx.TransportError:
                return
            if answer.status_code != 200:
                assert answer.status_code == 503
                return
            told = answer.json()
            accepted[told["id"]] = (told["seq"], told["payload_sha256"])
            if len(accepted) == 300:
                process.child.process.send_signal(signal.SIGTERM)

    async with httpx.AsyncClient(timeout=30) as http:
        await asyncio.gather(*(send(caller, http) for caller in range(20)))
    status = await asyncio.to_thread(process.child.process.wait, 30)
    client = await nats.connect(nats_url)
    messages = await messages_of(client, stream_of(process.scheme))
    await client.close()

    assert (status, len(accepted) >= 300) == (0, True)
    assert accepted == {
        event_id: (seq, payload_sha256(messages[seq - 1]))
        for event_id, (seq, _) in accepted.items()
    }


def test_its_log_has_one_json_object_a_line_and_nothing_of_what_was_sent(
    process: Process, tmp_path: Path
) -> None:
    for body in (earned(data={"private": {"text": "whispered"}}), earned(colour="whispered")):
        httpx.post(process.events_url, content=orjson.dumps(body), headers=HEADERS)

    process.child.stop()
    written = (tmp_path / "ingest.log").read_bytes()
    assert {"scheme_opened", "refused"} <= {
        orjson.loads(line)["event"] for line in written.splitlines()
    }
    assert b"whispered" not in written
    assert TOKEN.encode() not in written


@pytest.mark.timeout(FUZZ_DEADLINE_S + 60)
def test_every_answer_is_one_that_the_document_promises(process: Process, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(
        f'[parameters]\n"path.scheme" = "{process.scheme}"\n"path.code" = "busy"\n'
        # What is valid by its schema may still be refused by a rule: a source, a date.
        "[checks]\npositive_data_acceptance.enabled = false\n"
        # Too many events in one array are refused as too large.
        'negative_data_rejection.expected-statuses = ["4xx"]\n'
    )
    done = subprocess.run(
        [
            Path(sysconfig.get_path("scripts"), "schemathesis"),
            *("--config-file", tmp_path / "schemathesis.toml"),
            *("run", f"{process.url}/openapi.json"),
            *("--header", f"Authorization: Bearer {TOKEN}"),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--seed", "1"),
            "--no-color",
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.integration.ndjson_for_schemathesis",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=FUZZ_DEADLINE_S,
    )

    assert done.returncode == 0, done.stdout[:4_000]


def test_the_documents_example_is_accepted(process: Process) -> None:
    document = httpx.get(f"{process.url}/openapi.json").json()
    forms = document["paths"]["/v1/schemes/{scheme}/events"]["post"]["requestBody"]["content"]

    answer = httpx.post(
        process.events_url, content=orjson.dumps(forms[STRUCTURED]["example"]), headers=HEADERS
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("JIFEN_SOURCES_FILE", "missing.toml", "JIFEN_SOURCES_FILE: missing.toml"),
        ("JIFEN_HTTP_PORT", "99999", "JIFEN_HTTP_PORT"),
    ],
)
def test_a_start_that_cannot_succeed_says_why_in_one_line(
    nats_url: str, variable: str, value: str, words: str
) -> None:
    done = subprocess.run(
        [*COMMAND, "serve"],
        env={**os.environ, "JIFEN_NATS_URL": nats_url, variable: value},
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_DEADLINE_S,
    )

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr

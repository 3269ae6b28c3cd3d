"""The witness as a process: killed at any moment it has never taken back what it signed."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from jifen_ledger.log.cosigning import cosigned_by
from tests.support.small_log import SMALL_KEY, SmallLog
from tests.support.witness_process import COMMAND, WitnessProcess, running_witness

OURS = SmallLog()
SIZES = range(1, 400)
KILLS = 3
# What a machine needs that runs a witness and nothing else of ours (docs/witness.md).
NEEDED = {
    "_cffi_backend", "_openssl", "anyio", "cffi", "click", "cryptography", "h11", "httptools",
    "idna", "jifen_ledger", "jifen_witness", "starlette", "typing_extensions", "uvicorn", "uvloop",
    "websockets", "dotenv", "watchfiles", "yaml",
}  # fmt: skip


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[WitnessProcess]:
    with running_witness(tmp_path / "w1", "witness.example/w1", SMALL_KEY.verifier) as one:
        yield one


def add(client: httpx.Client, body: bytes) -> httpx.Response:
    return client.post("/add-checkpoint", content=body)


def test_after_kills_it_stands_where_it_signed_last_and_goes_on(witness: WitnessProcess) -> None:
    bodies = {size: OURS.request(size - 1, size) for size in SIZES}
    signed = 0
    lost: list[int] = []
    for _ in range(KILLS):
        struck = signed + 20
        with httpx.Client(base_url=witness.url, trust_env=False) as client:
            try:
                while signed < SIZES[-1]:
                    if signed == struck:
                        threading.Thread(target=witness.kill).start()
                    answer = add(client, bodies[signed + 1])
                    cosigned_by(answer.content, OURS.checkpoint(signed + 1).text, witness.key)
                    signed += 1
            except httpx.TransportError:
                pass
        witness.stop()
        witness.start()
        with httpx.Client(base_url=witness.url, trust_env=False) as client:
            stands = int(add(client, OURS.request(0, 400)).text)
        lost.append(stands - signed)
        signed = stands

    # It may have kept one whose answer was lost, and never less than it has answered.
    assert (len(lost), set(lost) <= {0, 1}, signed >= KILLS * 20) == (KILLS, True, True)


def test_a_split_view_is_refused_before_and_after_a_kill_and_told_to_its_operator(
    witness: WitnessProcess,
) -> None:
    fork = SmallLog(fork_at=5)
    bodies = [OURS.request(0, 8), fork.request(8, 8), fork.request(8, 12), OURS.request(8, 12)]
    with httpx.Client(base_url=witness.url, trust_env=False) as client:
        first = [add(client, body).status_code for body in bodies[:3]]
    witness.kill()
    witness.start()
    with httpx.Client(base_url=witness.url, trust_env=False) as client:
        then = [add(client, body).status_code for body in bodies[1:]]
    told = witness.status()

    assert (first, then) == ([200, 422, 422], [422, 422, 200])
    assert "TWO ROOTS for size 8" in told
    assert OURS.note(8).decode() in told
    assert fork.note(8).decode() in told


def test_a_request_that_does_not_end_holds_nobody_up_and_a_signal_ends_it_in_order(
    witness: WitnessProcess,
) -> None:
    with socket.create_connection(("127.0.0.1", int(witness.url.rpartition(":")[2]))) as slow:
        slow.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 99\r\n\r\nold")
        with httpx.Client(base_url=witness.url, trust_env=False) as client:
            answer = add(client, OURS.request(0, 8))
    ended = witness.end(signal.SIGTERM)

    assert (answer.status_code, ended in (0, -signal.SIGTERM)) == (200, True)


def test_without_its_memory_it_does_not_start(tmp_path: Path) -> None:
    directory = tmp_path / "w1"
    logs = tmp_path / "logs"
    logs.write_text(f"{SMALL_KEY.verifier.text}\n")
    subprocess.run([*COMMAND, "init", "--dir", str(directory), "--name", "w.example"], check=True)
    (directory / "witness.db").unlink()
    done = subprocess.run(
        [*COMMAND, "serve", "--dir", str(directory), "--logs", str(logs)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr.endswith("see docs/witness.md\n")) == (1, True)


def test_it_needs_little_on_its_machine() -> None:
    listed = (
        "import sys, jifen_witness.__main__; print(*{m.partition('.')[0] for m in sys.modules})"
    )
    names = subprocess.run(
        [sys.executable, "-P", "-c", listed], capture_output=True, text=True, check=True
    ).stdout.split()
    bare = subprocess.run(
        [sys.executable, "-P", "-c", "import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    foreign = {
        name
        for name in set(names) - {one.partition(".")[0] for one in bare}
        if name not in sys.stdlib_module_names and not name.startswith("__")
    }

    assert {"cryptography", "jifen_ledger", "starlette", "uvicorn"} <= foreign
    assert foreign - NEEDED == set()

"""A command imports what it needs: none but the service itself imports a web server."""

import json
import subprocess
import sys
from pathlib import Path

ENDS_WITHIN_S = 60
SERVERS = {"fastapi", "uvicorn", "jinja2", "starlette"}
LIGHT = [
    "log key create plant",
    "status",
    "records list",
    "restore --check nowhere",
    "token board-2 --scheme plant --column public",
    "digest plant",
    "evidence expire plant",
    "migrate",
    "backup --output nowhere",
    "check-export nowhere",
    "export --output nowhere",
    "scheme draft 1",
    "audit verify --bundle nowhere --vkey nothing",
]
# Says after each command which packages its process has imported by then.
RUN = """
import json, sys
from jifen_ledger.__main__ import main
for command in sys.argv[1:]:
    try:
        main(command.split())
    except SystemExit:
        pass
    print("\\n--", json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def imported(directory: Path, *commands: str) -> list[set[str]]:
    done = subprocess.run(
        [sys.executable, "-P", "-c", RUN, *commands],
        env={
            "JIFEN_LOG_ORIGIN": "ledger.example/jifen",
            "JIFEN_LOG_KEY_DIR": str(directory),
            "JIFEN_LOG_ANCHOR_DIR": str(directory),
        },
        cwd=directory,
        capture_output=True,
        text=True,
        check=True,
        timeout=ENDS_WITHIN_S,
    )
    said = [line for line in done.stdout.splitlines() if line.startswith("-- ")]
    return [set(json.loads(line.removeprefix("-- "))) for line in said]


def test_a_light_command_imports_no_web_server(tmp_path: Path) -> None:
    found = imported(tmp_path, *LIGHT)

    # Those that need servers say so, after they have imported what they need.
    assert [
        (command, "pydantic" in names, names & SERVERS)
        for command, names in zip(LIGHT, found, strict=True)
    ] == [(command, True, set()) for command in LIGHT]


def test_the_list_of_commands_imports_nothing_that_a_command_needs(tmp_path: Path) -> None:
    (found,) = imported(tmp_path, "--help")

    assert found & {"pydantic", "sqlalchemy", "nats", "jifen_contracts", *SERVERS} == set()


def test_the_service_s_own_command_imports_a_web_server(tmp_path: Path) -> None:
    (found,) = imported(tmp_path, "serve")

    assert found >= SERVERS

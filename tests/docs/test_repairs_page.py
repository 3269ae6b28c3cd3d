"""The commands of docs/operations.md repair what was lost, and print what the page shows."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.docs.pasting import shell_in
from tests.docs.readme import ROOT, Step, session, shows
from tests.support import builders as build
from tests.support.lost import lost_world
from tests.support.private_parts import with_part
from tests.support.servers import new_database
from tests.support.signing import LOG_ORIGIN, query, tree_of

PAGE = ROOT / "docs" / "operations.md"
LOST_STREAM = "run: with a lost stream"
LOST_DATABASE = "run: with a lost database"

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


@pytest.fixture
def settings(
    nats_url: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment in which an operator types the commands."""
    for name in list(os.environ):
        if name.startswith("JIFEN_") and not name.startswith("JIFEN_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("JIFEN_NATS_URL", nats_url)
    monkeypatch.setenv("JIFEN_DATABASE_URL", database_url)
    monkeypatch.setenv("JIFEN_LOG_ORIGIN", LOG_ORIGIN)
    monkeypatch.setenv("JIFEN_LOG_KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("JIFEN_LOG_ANCHOR_DIR", str(tmp_path / "anchors"))


@pytest.mark.usefixtures("settings")
async def test_a_lost_stream_and_then_a_lost_database_end_in_the_same_tree(
    nats_url: str,
    postgres_url: str,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event, part = with_part(build.earned("c-private"), {"text": "why"})
    async with lost_world(nats_url, database_url, tmp_path) as world:
        tree = await world.record([*build.world(), event])
        await world.keep([part])
        await world.copy()
        await world.lose_streams()
        differences = await asyncio.to_thread(_pasted, LOST_STREAM, tmp_path)
        with new_database(postgres_url) as empty:
            monkeypatch.setenv("JIFEN_DATABASE_URL", empty)
            differences += await asyncio.to_thread(_pasted, LOST_DATABASE, tmp_path)
            after = tree_of(empty)
            ((size, root),) = query(empty, "SELECT size, root FROM log_checkpoint")

    assert "\n".join(differences) == ""
    assert (after, (size, bytes(root))) == (tree, (tree.size, tree.root))


def _pasted(mark: str, home: Path) -> list[str]:
    """Paste the blocks with the mark; return what they printed else than the page shows."""
    with shell_in(home) as shell:
        steps: list[Step] = session(mark, PAGE)
        assert steps
        printed = [shell.paste(step.commands) for step in steps]
    return [
        f"operations.md:{step.line} prints\n{said}"
        for step, said in zip(steps, printed, strict=True)
        if step.prints is None or not shows(step.prints, said)
    ]


def test_each_loss_is_repaired_by_one_command() -> None:
    for mark, name in ((LOST_STREAM, "refill-stream"), (LOST_DATABASE, "refill-ledger")):
        repairs = [step for step in session(mark, PAGE) if "refill" in step.commands]
        assert [step.commands for step in repairs] == [f".venv/bin/jifen-ledger {name} plant\n"]

"""Keys of the logs: made, shown, rotated and retired; a service with a known or open key ends."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jifen_ledger.__main__ import main
from jifen_ledger.adapters.key_files import KeyFiles, KeyUnfit
from jifen_ledger.log.keys import parse_vkey
from tests.ledger.log.vectors import VECTORS
from tests.support.people import SCHEME
from tests.support.signing import LOG_ORIGIN, ORIGIN, refused, signing_log

ENDS_WITHIN_S = 60


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JIFEN_LOG_ORIGIN", LOG_ORIGIN)
    for name in ("key", "anchor"):
        (tmp_path / f"{name}s").mkdir()
        monkeypatch.setenv(f"JIFEN_LOG_{name.upper()}_DIR", str(tmp_path / f"{name}s"))
    return tmp_path


def log(*arguments: str) -> int:
    return main(["log", *arguments])


def test_keys_are_made_shown_rotated_and_retired(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verbs = ("show", "create", "create", "show", "retire", "rotate", "show", "rotate")
    codes = [log("key", verb, SCHEME) for verb in (*verbs, "retire", "show")]

    first, first_shown, second, *during, retired, current, known = (
        capsys.readouterr().out.splitlines()
    )
    assert codes == [1, 0, 1, 0, 1, 0, 0, 1, 0, 0]
    assert first == first_shown == retired == known
    assert during == [second, first]
    assert current == second
    assert parse_vkey(first).name == parse_vkey(second).name == ORIGIN
    modes = {one.name: oct(one.stat().st_mode & 0o777) for one in (files / "keys").iterdir()}
    assert modes == {f"{SCHEME}.key": "0o600", f"{SCHEME}.retired": "0o600"}


def test_no_text_of_a_key_holds_its_seed(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path, LOG_ORIGIN)
    keys.create(SCHEME)
    seed = (tmp_path / f"{SCHEME}.key").read_text().strip()

    (key,) = keys.read(SCHEME).signing

    texts = [repr(key), str(key), repr(key.verifier), key.verifier.text, repr(keys.read(SCHEME))]
    assert not [text for text in texts if seed in text or bytes.fromhex(seed).hex() in text]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda key: key.chmod(0o640), "mode 0600"),
        (lambda key: key.chmod(0o604), "mode 0600"),
        (lambda key: key.write_text(VECTORS["log_seed"]), "test vectors"),
        (lambda key: key.write_text(VECTORS["witness_seed"] + "\n"), "test vectors"),
        (lambda key: key.write_text("00" * 31), "64 lower-case"),
        (lambda key: key.write_text("AB" * 32), "64 lower-case"),
        (lambda key: key.with_suffix(".retired").write_text("x\n"), "vkey"),
    ],
)
def test_a_key_that_cannot_be_trusted_is_refused(
    tmp_path: Path, spoil: Callable[[Path], object], why: str
) -> None:
    keys = KeyFiles(tmp_path, LOG_ORIGIN)
    keys.create(SCHEME)
    spoil(tmp_path / f"{SCHEME}.key")

    with pytest.raises(KeyUnfit, match=why):
        keys.read(SCHEME)


def test_a_rotation_that_was_cut_short_is_begun_again(tmp_path: Path) -> None:
    keys = KeyFiles(tmp_path, LOG_ORIGIN)
    first = keys.create(SCHEME)
    (tmp_path / f"{SCHEME}.old.key").hardlink_to(tmp_path / f"{SCHEME}.key")
    before = [key.verifier for key in keys.read(SCHEME).signing]
    with pytest.raises(KeyUnfit, match="cut short"):
        keys.retire(SCHEME)
    second = keys.rotate(SCHEME)

    assert before == [first]
    assert [key.verifier for key in keys.read(SCHEME).signing] == [second, first]


def test_the_service_does_not_start_with_a_key_of_the_test_vectors(
    files: Path, database_url: str
) -> None:
    key = files / "keys" / f"{SCHEME}.key"
    key.write_text(VECTORS["log_seed"])
    key.chmod(0o600)
    (files / "readers.toml").touch()
    environment = os.environ | {
        "JIFEN_NATS_URL": "nats://127.0.0.1:1",
        "JIFEN_DATABASE_URL": database_url,
        "JIFEN_SCHEMES": SCHEME,
        "JIFEN_READERS_FILE": str(files / "readers.toml"),
        "JIFEN_HTTP_PORT": "0",
    }

    done = subprocess.run(
        [sys.executable, "-P", "-m", "jifen_ledger", "serve"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=ENDS_WITHIN_S,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(
        "this key is of the test vectors; everybody knows it"
    )
    assert VECTORS["log_seed"] not in done.stderr + done.stdout


async def test_a_lost_anchor_is_written_from_a_checkpoint_that_was_kept(
    files: Path, database_url: str
) -> None:
    kept = files / "checkpoint"
    anchor = files / "anchors" / f"{SCHEME}.anchor"
    async with signing_log(database_url, files) as one:
        await one.project(refused(3))
        await one.sign()
        kept.write_text(one.notes()[3])
        there = await asyncio.to_thread(log, "anchor", SCHEME, str(kept))
        whole = anchor.read_text()
        anchor.unlink()
        kept.write_text(one.notes()[3].replace("\n3\n", "\n2\n"))
        altered = await asyncio.to_thread(log, "anchor", SCHEME, str(kept))
        kept.write_text(one.notes()[3])
        good = await asyncio.to_thread(log, "anchor", SCHEME, str(kept))
        one.restart()
        await one.project(refused(4))
        await one.sign()

        assert (there, altered, good) == (1, 1, 0)
        assert sorted(one.notes()) == [3, 4]
    assert whole.startswith("3\n")

"""The witness's key and its list of logs: what is made, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jifen_ledger.log.keys import Algorithm, parse_vkey
from jifen_witness.__main__ import main
from jifen_witness.adapters.failure import CommandFailed
from jifen_witness.adapters.files import read_key, read_logs
from tests.ledger.log.vectors import VECTORS
from tests.support.small_log import SMALL_KEY, SMALL_ORIGIN

NAME = "witness.example/w9"
VKEY = SMALL_KEY.verifier.text


def test_a_new_witness_has_a_key_of_its_own_and_an_empty_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "witness"
    codes = [
        main([verb, "--dir", str(directory), *more])
        for verb, more in (
            ("vkey", []),
            ("init", ["--name", NAME]),
            ("init", ["--name", NAME]),
            ("vkey", []),
            ("status", []),
        )
    ]
    made, shown = capsys.readouterr().out.splitlines()

    assert (codes, made) == ([1, 0, 1, 0, 0], shown)
    assert (parse_vkey(made).name, parse_vkey(made).algorithm) == (NAME, Algorithm.COSIGNATURE)
    assert {one.name: oct(one.stat().st_mode & 0o777) for one in directory.iterdir()} == {
        "witness.key": "0o600",
        "witness.db": "0o600",
    }


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda key: key.chmod(0o640), "mode 0600"),
        (lambda key: key.write_text(f"{NAME}\n{VECTORS['witness_seed']}\n"), "test vectors"),
        (lambda key: key.write_text("00" * 32), "a key is"),
        (lambda key: key.write_text(f"a+b\n{'00' * 32}\n"), "a key is"),
    ],
)
def test_a_key_that_cannot_be_trusted_is_refused(
    tmp_path: Path, spoil: Callable[[Path], object], why: str
) -> None:
    main(["init", "--dir", str(tmp_path), "--name", NAME])
    spoil(tmp_path / "witness.key")

    with pytest.raises(CommandFailed, match=why):
        read_key(tmp_path)


def test_the_list_of_logs_is_one_vkey_a_line_and_a_log_may_have_two(tmp_path: Path) -> None:
    file = tmp_path / "logs"
    rotated = type(SMALL_KEY)(SMALL_ORIGIN, b"\x0c" * 32).verifier
    file.write_text(f"# ours\n\n  {VKEY}\n{rotated.text}\n")

    assert read_logs(file) == {SMALL_ORIGIN: [SMALL_KEY.verifier, rotated]}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no log"),
        ("# only this\n", "names no log"),
        (f"{VKEY}\n{VKEY[:-1]}\n", "line 2"),
        (VECTORS["witness_vkey"], "line 1: not the key of a log"),
        (VECTORS["log_vkey"], "known to all"),
    ],
)
def test_a_list_of_logs_that_is_not_as_it_must_be_is_refused(
    tmp_path: Path, text: str, why: str
) -> None:
    file = tmp_path / "logs"
    file.write_text(text)

    with pytest.raises(CommandFailed, match=why):
        read_logs(file)

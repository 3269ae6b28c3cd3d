"""Readers' tokens: who they name, and what the file must say."""

from pathlib import Path

import pytest

from jifen_ledger.adapters.readers import Readers, ReadersUnfit, make_reader_token
from jifen_ledger.application.queries.refusals import Unauthorised
from jifen_ledger.application.queries.rights import Column, Reader


def test_a_new_token_names_its_reader(tmp_path: Path) -> None:
    token, lines = make_reader_token("anna", "plant", "self", "m-anna")
    file = tmp_path / "readers.toml"
    file.write_text(lines)

    found = Readers(file).reader_of(f"Bearer {token}")

    assert found == Reader("anna", "plant", Column.SELF, "m-anna")
    assert token not in lines


def test_a_token_added_to_the_file_is_known_at_once(tmp_path: Path) -> None:
    file = tmp_path / "readers.toml"
    file.write_text("")
    readers = Readers(file)
    token, lines = make_reader_token("upper", "plant", "upper")
    with pytest.raises(Unauthorised):
        readers.reader_of(f"Bearer {token}")

    file.write_text(lines)

    assert readers.reader_of(f"bearer {token}").column is Column.UPPER


def test_a_token_taken_out_of_the_file_is_known_no_longer(tmp_path: Path) -> None:
    file = tmp_path / "readers.toml"
    token, lines = make_reader_token("upper", "plant", "upper")
    file.write_text(lines)
    readers = Readers(file)

    file.write_text("")

    with pytest.raises(Unauthorised):
        readers.reader_of(f"Bearer {token}")


def test_a_file_that_became_unfit_leaves_the_last_good_one_in_force(tmp_path: Path) -> None:
    file = tmp_path / "readers.toml"
    token, lines = make_reader_token("upper", "plant", "upper")
    file.write_text(lines)
    readers = Readers(file)

    file.write_text("[[reader]]\nname = 1\n")

    assert readers.reader_of(f"Bearer {token}").name == "upper"


@pytest.mark.parametrize(
    "change",
    [
        ("upper", "king"),
        ("plant", "P"),
        ("token_sha256", "token"),
        ('column = "upper"', 'column = "branch"'),
    ],
    ids=str,
)
def test_a_file_with_a_wrong_reader_is_refused_at_the_start(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    _, lines = make_reader_token("reader", "plant", "upper")
    file = tmp_path / "readers.toml"
    file.write_text(lines.replace(*change))

    with pytest.raises(ReadersUnfit):
        Readers(file)


def test_two_readers_cannot_share_a_token(tmp_path: Path) -> None:
    _, lines = make_reader_token("reader", "plant", "upper")
    file = tmp_path / "readers.toml"
    file.write_text(lines + lines)

    with pytest.raises(ReadersUnfit, match="same token"):
        Readers(file)


def test_a_column_of_one_person_needs_the_person() -> None:
    with pytest.raises(ReadersUnfit, match="needs a member"):
        make_reader_token("bo", "plant", "branch")


@pytest.mark.parametrize("name", ['x"', "x\ny", "", "Ü"])
def test_a_name_that_could_break_the_file_is_refused(name: str) -> None:
    with pytest.raises(ReadersUnfit, match="name"):
        make_reader_token(name, "plant", "upper")

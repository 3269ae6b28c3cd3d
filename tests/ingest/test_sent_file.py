"""What an import remembers beside its file."""

from pathlib import Path

from jifen_ingest.adapters.importing.sent_file import SentFile


def remembered(file: Path, batch: str = "b-1", *, again: bool = False) -> SentFile:
    return SentFile(file, batch, again=again)


def test_the_next_run_of_the_same_batch_knows_how_far_the_last_one_came(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    remembered(file).confirm(500)

    assert remembered(file).confirmed() == 500
    assert [one.name for one in tmp_path.iterdir()] == ["roster.csv.sent"]


def test_another_batch_begins_anew_and_so_does_whoever_asks_for_it(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    remembered(file).confirm(500)

    assert remembered(file, "b-2").confirmed() == 0
    assert remembered(file, again=True).confirmed() == 0


def test_a_damaged_memory_only_means_that_all_is_sent_again(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    (tmp_path / "roster.csv.sent").write_text("[]")

    assert remembered(file).confirmed() == 0

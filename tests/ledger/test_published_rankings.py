"""The rankings of an export: from the last revisions of a quarter, each branch and all together."""

from collections.abc import Mapping

from jifen_contracts.canonical import canonical
from jifen_ledger.application.exporting.published import ranking_rows
from jifen_ledger.domain.bulletins import Bulletin


def bulletin(branch: str, scores: Mapping[str, int | None], revision: int = 1) -> Bulletin:
    lines = [
        {"holder": holder, "capacity": "member"} | ({} if score is None else {"score": score})
        for holder, score in scores.items()
    ]
    sheet = canonical({"versions": [1], "holders": lines})
    return Bulletin(revision, branch, "2023-Q3", revision, sheet, b"", "", "", ())


def ranks(*bulletins: Bulletin) -> list[tuple[str, int, str, int]]:
    rows = ranking_rows("2023-Q3", bulletins, "plant", {1: 5})
    return [(scope, rank, holder, n) for _, scope, _, rank, holder, _, n in rows]


def test_equal_scores_have_equal_ranks_and_who_is_not_scored_has_none() -> None:
    x = bulletin("u-x", {"a": 900, "b": 880, "c": 880, "d": 700, "e": 650, "f": None})

    assert ranks(x)[:5] == [
        ("u-x", 1, "a", 5), ("u-x", 2, "b", 5), ("u-x", 2, "c", 5), ("u-x", 4, "d", 5),
        ("u-x", 5, "e", 5),
    ]  # fmt: skip


def test_a_small_branch_has_no_board_of_its_own_and_stands_on_that_of_all() -> None:
    x, y = bulletin("u-x", {"a": 900, "b": 800, "c": 700}), bulletin("u-y", {"d": 850, "e": 600})

    assert ranks(x, y) == [
        ("plant", 1, "a", 5), ("plant", 2, "d", 5), ("plant", 3, "b", 5), ("plant", 4, "c", 5),
        ("plant", 5, "e", 5),
    ]  # fmt: skip


def test_the_last_revision_counts_and_who_moved_stands_there_once() -> None:
    first = bulletin("u-x", {"a": 900, "b": 800, "c": 700, "d": 600})
    second = bulletin("u-x", {"a": 500, "b": 800, "c": 700, "d": 600}, revision=2)
    other = bulletin("u-y", {"a": 500, "e": 400})

    assert [(holder, rank) for _, rank, holder, _ in ranks(first, second, other)] == [
        ("b", 1), ("c", 2), ("d", 3), ("a", 4), ("e", 5),
    ]  # fmt: skip

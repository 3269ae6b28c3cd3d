"""What a draft would have changed, as tables for people, and how far the replay is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from jifen_contracts.points import format_points
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.simulation.result import Places, ScoreChange, Simulated

# A pipe has no width of its own; narrower, names in two languages would be cut.
WIDTH_WITHOUT_TERMINAL: Final = 110
NONE: Final = "–"
BONUS_NAME: Final = "超额 Bonus part"


@contextmanager
def progress_bar(says: str) -> Iterator[Callable[..., None]]:
    """Yield what takes how much is done, of how many, and now of what, where that changes.

    The bar is on stderr, for terminals only.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(says, total=None)

        def show(done: int, total: int | None, of: str = "") -> None:
            bar.update(task, completed=done, total=total, description=f"{says} {of}".rstrip())

        yield show


def print_simulated(found: Simulated, documents: Sequence[SchemeDocument], lines: int) -> None:
    """Print all tables that have a line, each cut to so many lines (0: none cut)."""
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)
    _Report(console, _names(documents), lines).print(found)


class _Report:
    def __init__(self, console: Console, names: dict[str, str], lines: int) -> None:
        self._console = console
        self._names = names
        self._lines = lines

    def print(self, found: Simulated) -> None:
        replaced = ", ".join(map(str, found.replaced))
        instead = f", in the place of version {replaced}" if replaced else ""
        self._console.print(
            f"{found.scheme}: {found.records:,} records replayed, the draft in force for deeds "
            f"from {found.from_} to before {found.to}{instead}"
        )
        if found.is_empty:
            self._console.print("Nothing would differ.")
            return
        self._tallies(found)
        self._items(found)
        self._scores(found)
        self._grades(found)
        self._refusals(found)
        self._claims(found)

    def _tallies(self, found: Simulated) -> None:
        table = _table("capacity", right=_TALLY)
        for one in found.tallies:
            new = f"+{one.newly_scored} −{one.no_longer_scored}"
            counts = (one.risen, one.fallen, one.same)
            means = (_points(one.mean_before), _points(one.mean_after))
            table.add_row(one.capacity, *map(str, counts), new, *means)
        self._show("Scores of a quarter 季度得分", table)

    def _items(self, found: Simulated) -> None:
        rows = (
            (one.item, self._names.get(one.item, ""), one.capacity, *_moved(one.before, one.after))
            for one in found.items
        )
        table = _table("item", "", "capacity", right=_MOVED)
        self._print("Points by item 各小项", table, rows, len(found.items), "items")

    def _scores(self, found: Simulated) -> None:
        title = "Holders whose score or rank differs 得分或名次变化"
        right = (*_MOVED, "rank in the scheme", "in the branch")
        table = _table("quarter", "capacity", "holder", right=right)
        rows = (
            (one.quarter, one.capacity, one.holder, _points(one.before), _points(one.after),
             _signed(one.difference), *_both_places(one, found.scheme))
            for one in sorted(found.scores, key=_largest_first)
        )  # fmt: skip
        self._print(title, table, rows, len(found.scores), "scores")

    def _grades(self, found: Simulated) -> None:
        title = "Full members whose grade line differs 等次线变化, before any quota"
        right = ("before", "after")
        table = _table("year", "holder", "grade before", "grade after", right=right)
        rows = (
            (one.year, one.holder, one.grade_before or NONE, one.grade_after or NONE,
             _points(one.figure_before), _points(one.figure_after))
            for one in found.grades
        )  # fmt: skip
        self._print(title, table, rows, len(found.grades), "grades")

    def _refusals(self, found: Simulated) -> None:
        title = "Events that would be decided otherwise 处理结果不同的事件"
        table = _table("type", "as it was", "under the draft", right=("events",))
        rows = (
            (one.type, one.before or "accepted", one.after or "accepted", str(one.events))
            for one in found.refusals
        )
        self._print(title, table, rows, len(found.refusals), "refusals")

    def _claims(self, found: Simulated) -> None:
        title = "Claims that would end otherwise 结果不同的申报"
        columns = ("claim", "holder", "item", "deed", "as it was", "under the draft", "code")
        rows = (
            (one.claim, one.holder, one.item, one.deed_date, one.before, one.after, one.code)
            for one in found.claims
        )
        self._print(title, _table(*columns), rows, len(found.claims), "claims")

    def _print(
        self, title: str, table: Table, rows: Iterable[Sequence[str]], many: int, name: str
    ) -> None:
        if not many:
            return
        for number, row in enumerate(rows, start=1):
            if self._lines and number > self._lines:
                break
            table.add_row(*row)
        self._show(title, table)
        if self._lines and many > self._lines:
            more = f"{many - self._lines:,} more: --lines 0 prints all, --csv writes {name}.csv"
            self._console.print(f"  … {more}")

    def _show(self, title: str, table: Table) -> None:
        # A table's own title is as narrow as the table.
        self._console.print(title, style="bold")
        self._console.print(table)


_TALLY: Final = ("risen", "fallen", "same", "scored", "mean before", "mean after")
_MOVED: Final = ("before", "after", "difference")


def _table(*columns: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column)
    for column in right:
        table.add_column(column, justify="right")
    return table


def _names(documents: Iterable[SchemeDocument]) -> dict[str, str]:
    names = {
        item.code: f"{item.name_zh} {item.name_en}"
        for document in documents
        for item in document.items
    }
    return {**names, "bonus": BONUS_NAME}


def _largest_first(one: ScoreChange) -> tuple[int, str, str, str]:
    size = 0 if one.difference is None else abs(one.difference)
    # Whoever gains or loses a score at all stands at the very top.
    gone = one.difference is None
    return (-1_001 if gone else -size, one.quarter, one.capacity, one.holder)


def _both_places(one: ScoreChange, scheme: str) -> tuple[str, str]:
    whole = [place for place in one.places if place.board == scheme]
    branch = [place for place in one.places if place.board != scheme]
    return _place(whole), _place(branch)


def _place(places: Sequence[Places]) -> str:
    if not places:
        return NONE
    place = places[0]
    before, after = (NONE if rank is None else str(rank) for rank in (place.before, place.after))
    board = f" of {place.n_after}"
    return f"{before}{board}" if before == after else f"{before} → {after}{board}"


def _moved(before: int, after: int) -> tuple[str, str, str]:
    return _points(before), _points(after), _signed(after - before)


def _points(tenths: int | None) -> str:
    return NONE if tenths is None else format_points(tenths)


def _signed(tenths: int | None) -> str:
    if tenths is None:
        return NONE
    return f"+{format_points(tenths)}" if tenths > 0 else format_points(tenths)

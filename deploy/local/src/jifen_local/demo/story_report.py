"""The story of one quarter as tables: what happened, and the board before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from jifen_local.demo.readings import QUARTER
from jifen_local.demo.story import Told
from jifen_local.demo.world import World

_HASH_SHOWN = 12


def print_story(console: Console, world: World, told: Told) -> None:
    """Print the steps, then the ranking in both revisions of the bulletin."""
    branch = world.branches[told.branch]
    steps = _table(f"8 · One quarter told 一个季度: {branch.name_zh} {branch.name_en}, {QUARTER}")
    for column in ("when", "step", "what happened"):
        steps.add_column(column)
    for row in _steps(world, told):
        steps.add_row(*row)
    console.print(steps)
    console.print(_ranking(world, told))


def _steps(world: World, told: Told) -> list[tuple[str, str, str]]:
    who, claim = _named(world, told.holder), told.claim
    first, second = told.line(told.first), told.line(told.second)
    return [
        ("2026-01-05", "claim 申报", f"{claim['item']} deducts 3.0 from {who}: the notice"),
        ("2026-01-06", "preliminary 初评", "the assessment group (考核小组) accepts it"),
        ("2026-01-09", "verified 核实确定", "the upper level, after three days to answer"),
        ("2026-01-12", "bulletin 通报", f"revision 1, {_hash(told.first)}: {_points(first)}"),
        ("2026-01-13", "objection 异议", f"{who} objects within the window (公示)"),
        ("2026-01-15", "upheld 成立", f"{told.objection['decision']}: it was another person"),
        ("2026-01-16", "reversal 撤销", "the points come back, nothing is rewritten"),
        ("2026-01-19", "bulletin 通报", f"revision 2, {_hash(told.second)}: {_points(second)}"),
    ]


def _ranking(world: World, told: Told) -> Table:
    title = "Its committee 支委 before and after the correction"
    table = _table(title)
    for column in ("name 姓名", "", "rank, revision 1", "score", "rank, revision 2", "score"):
        table.add_column(column, justify="right" if column not in ("name 姓名", "") else "left")
    before = _committee(told.first)
    after = _committee(told.second)
    for holder, now in sorted(after.items(), key=lambda one: (one[1].get("rank", 0), one[0])):
        then = before.get(holder, {})
        person = world.people[holder]
        table.add_row(
            person.name_zh,
            person.name_en,
            str(then.get("rank", "-")),
            _points(then),
            str(now.get("rank", "-")),
            _points(now),
            style="bold" if holder == told.holder else None,
        )
    return table


def _committee(bulletin: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    lines = bulletin["content"]["holders"]
    return {one["holder"]: one for one in lines if one["capacity"] == "committee"}


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)


def _points(line: Mapping[str, Any]) -> str:
    score = line.get("score")
    return "-" if score is None else f"{score // 10}.{score % 10}"


def _hash(bulletin: Mapping[str, Any]) -> str:
    return f"{bulletin['hash'][:_HASH_SHOWN]}…"


def _named(world: World, person: str) -> str:
    found = world.people[person]
    return f"{found.name_zh} {found.name_en}"

"""The report of the demo: what was sent, what was decided, and why a number is what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from jifen_contracts.codes import MEANINGS, Code
from jifen_local.demo.checks import Check, recorded
from jifen_local.demo.messages import SOURCES
from jifen_local.demo.readings import QUARTER, Readings
from jifen_local.demo.story import Told
from jifen_local.demo.story_report import print_story
from jifen_local.demo.tally import Tally
from jifen_local.demo.world import PLANT_EN, PLANT_ZH, World

_LINES_SHOWN: Final = 14
_LINES_AFTER: Final = 3
_HASH_SHOWN: Final = 12
_CLASSES: Final = {
    "frontline": "frontline 一线",
    "support": "support 辅助",
    "office": "office 机关",
}


def print_report(
    console: Console,
    world: World,
    tally: Tally,
    readings: Readings,
    told: Told,
    checks: Sequence[Check],
) -> None:
    """Print all parts."""
    _heading(console, f"{PLANT_ZH} {PLANT_EN} · 支委积分制 · the year 2025")
    _door(console, tally)
    _fold(console, readings)
    _branches(console, readings.branches)
    _best(console, world, readings.board)
    _statement(console, world, readings)
    _explanation(console, world, readings.explanation)
    _trial_balance(console, readings.trial_balance["units"])
    print_story(console, world, told)
    _checks(console, checks)


def _table(title: str, *columns: str, right: Iterable[str] = ()) -> Table:
    numbers = set(right)
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left")
    return table


def _heading(console: Console, text: str) -> None:
    console.print()
    console.rule(text, align="left")


def _door(console: Console, tally: Tally) -> None:
    numbers = ("sent", "stored", "resend answered", "refused")
    table = _table("1 · At the door of ingest 收件", "system", *numbers, right=numbers)
    for system in SOURCES:
        row = (tally.sent, tally.stored, tally.resends, tally.refused_by_system)
        table.add_row(system, *(f"{counter[system]:,}" for counter in row))
    table.add_section()
    totals = (tally.sent, tally.stored, tally.resends, tally.refused)
    table.add_row("all", *(f"{counter.total():,}" for counter in totals), style="bold")
    console.print(table)
    _codes(console, "Refused at the door 退回, nothing stored", tally.refused)


def _fold(console: Console, readings: Readings) -> None:
    outcomes = readings.status["outcomes"]
    table = _table("2 · In the ledger 入账", "outcome", "events", right=("events",))
    for status, number in sorted(outcomes.items(), key=lambda item: -item[1]):
        table.add_row(status, f"{number:,}")
    table.add_section()
    table.add_row("recorded", f"{recorded(readings):,}", style="bold")
    console.print(table)
    _codes(console, "Refused by the fold 不予计分, kept in the history", readings.status["refused"])


def _codes(console: Console, title: str, counted: Mapping[str, int]) -> None:
    table = _table(title, "code", "events", "meaning", right=("events",))
    for code, number in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(code, str(number), MEANINGS[Code(code)])
    console.print(table)


def _branches(console: Console, entries: Sequence[Mapping[str, Any]]) -> None:
    numbers = ("rank", "mean", "median", "n")
    title = f"3 · Branches compared 支部对比, members' mean per member-day, {QUARTER}"
    table = _table(
        title, "class", "rank", "branch 党支部", "", "mean", "median", "n", right=numbers
    )
    for class_, name in _CLASSES.items():
        own = [one for one in entries if one["unit_class"] == class_]
        for one in sorted(own, key=lambda one: one["rank"] is None):
            ranked = one["rank"] is not None
            row = (name, str(one["rank"]) if ranked else "-", one["name_zh"], one["name_en"],
                   _points(one["mean"]), _points(one["median"]), str(one["n"]))  # fmt: skip
            table.add_row(*row, style=None if ranked else "dim")
        table.add_section()
    console.print(table)
    console.print(
        "   Ranks within a class; none below five scored members 少于5人不排名.\n", style="dim"
    )


def _best(console: Console, world: World, board: Mapping[str, Any]) -> None:
    title = f"4 · The ten best of {board['n']} committee members 支委, {QUARTER}"
    table = _table(
        title, "rank", "name 姓名", "", "branch 党支部", "score", right=("rank", "score")
    )
    for one in board["entries"]:
        branch = world.branches.get(one["unit"])
        table.add_row(str(one["rank"]), one["name_zh"], one["name_en"],
                      branch.name_zh if branch else one["unit"], _points(one["score"]))  # fmt: skip
    console.print(table)
    console.print("   Provisional 暂定: live figures, not those of a bulletin 通报.\n", style="dim")


def _statement(console: Console, world: World, readings: Readings) -> None:
    holder = readings.explanation["holder"]
    title = f"5 · Statement 个人积分明细 of {_named(world, holder)} as member, {holder}"
    numbers = ("points", "balance")
    table = _table(title, "claim 申报", "item 小项", "", "kind", "quarter", *numbers, right=numbers)
    place = readings.statement.index(readings.capped) + 1 + _LINES_AFTER
    shown = readings.statement[max(0, place - _LINES_SHOWN) : place]
    for line in shown:
        mark = line is readings.capped
        table.add_row(
            line["claim"] or "", line["item"], line["item_name_zh"] or "", line["kind"] or "",
            line["quarter"] or "", ("▶ " if mark else "") + _points(line["delta"]),
            _points(line["balance"]),
            style="bold" if mark else None,
        )  # fmt: skip
    console.print(table)
    rest = len(readings.statement) - len(shown)
    console.print(f"   {rest} more lines; the balance is {readings.balance}.\n", style="dim")


def _explanation(console: Console, world: World, why: Mapping[str, Any]) -> None:
    trace = why["trace"]
    zh, en = why["item_name_zh"], why["item_name_en"]
    table = _table(f"6 · Why {why['delta']}? 为什么是这个分", "what", "answer")
    table.add_row("item 小项", f"{why['item']} {zh} {en}")
    table.add_row("claim, deed", f"{why['claim']} on {why['deed_date']}, {why['branch']}")
    table.add_row("event", f"{why['event']['id']} from {why['event']['source']}")
    table.add_row("record", f"seq {why['event']['seq']:,}, posting {why['ordinal']}")
    table.add_row("preliminary 初评", _people(world, why["preliminary_deciders"]))
    table.add_row("verified 核实", _people(world, why["deciders"]))
    rule = f"version {why['version']}, catalogue {why['catalogue'][:_HASH_SHOWN]}…"
    table.add_row("rules in force", rule)
    table.add_row("booked in", f"{why['booked']} (deed in {why['quarter']})")
    console.print(table)
    numbers = ("before", "after", "cap")
    steps = _table(
        "Cap arithmetic 封顶计算, step by step", "step", "of", *numbers, "", right=numbers
    )
    for step in trace["steps"]:
        after = step["after"]
        words = Text.assemble(step["en"], "\n", (step["zh"], "dim"))
        steps.add_row(step["step"], step["of"], _side(step["before"]), _side(after),
                      after["cap"] or "-", words)  # fmt: skip
    steps.add_section()
    sum_ = f"{trace['after']} - {trace['before']} = {trace['delta']}"
    steps.add_row("posted", "", trace["before"], trace["after"], "", sum_, style="bold")
    console.print(steps)


def _side(side: Mapping[str, Any]) -> str:
    cut = side["left"] != side["value"]
    return f"{side['value']} → {side['left']}" if cut else str(side["value"])


def _trial_balance(console: Console, units: Sequence[Mapping[str, Any]]) -> None:
    parts = ("issue", "members", "pending", "wallets", "reversed", "sum")
    table = _table("7 · Trial balance 试算平衡", "unit of points", *parts, right=parts)
    names = {"pt": "pt 考核积分 assessment", "inc": "inc 激励积分 incentive"}
    for one in units:
        table.add_row(names[one["unit"]], *(one[part] for part in parts))
    console.print(table)


def _checks(console: Console, checks: Sequence[Check]) -> None:
    table = _table("9 · Checks 核对", "", "what must hold", "figures")
    for check in checks:
        sign = "[green]✓[/]" if check.holds else "[bold red]✗[/]"
        table.add_row(sign, escape(check.says), escape(check.figures))
    console.print(table)


def _points(text: str | None) -> str:
    return "-" if text is None else f"{Decimal(text):,.1f}"


def _people(world: World, ids: Sequence[str]) -> str:
    return ", ".join(_named(world, one) for one in ids)


def _named(world: World, person: str) -> str:
    found = world.people.get(person)
    return person if found is None else f"{found.name_zh} {found.name_en}"

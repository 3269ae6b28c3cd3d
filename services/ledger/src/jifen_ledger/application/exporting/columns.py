"""Tables of an export: their columns in the words of the rule book, explained in two languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from jifen_contracts.points import format_points

# What a cell may hold; an absent one is None.
Plain: TypeAlias = "str | int | bool | list[Any] | dict[str, Any] | None"
Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `say` turns the ledger's value into the exported one where they differ.

    A `number` is written as one, whatever sign it begins with.
    """

    name: str
    zh: str
    en: str
    say: Callable[[Any], Plain] | None = None
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `shape` makes a row of its columns from a row of the ledger, if that is another."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    shape: Callable[[Any], Row] | None = None

    def cells(self, row: Any) -> list[Plain]:  # noqa: ANN401 - whatever the ledger has of it
        """Return the exported values, in the order of the columns."""
        values = row if self.shape is None else self.shape(row)
        return [
            value if column.say is None or value is None else column.say(value)
            for column, value in zip(self.columns, values, strict=True)
        ]


def text(name: str, zh: str, en: str) -> Column:
    """Return a column of ids, codes and names."""
    return Column(name, zh, en)


def count(name: str, zh: str, en: str) -> Column:
    """Return a column of whole numbers, or of yes and no."""
    return Column(name, zh, en, number=True)


def day(name: str, zh: str, en: str) -> Column:
    """Return a column of local days, such as 2023-07-12."""
    return Column(name, zh, en, date.isoformat)


def points(name: str, zh: str, en: str) -> Column:
    """Return a column of exact amounts with at most one decimal."""
    return Column(name, zh, en, format_points, number=True)


def ids(name: str, zh: str, en: str) -> Column:
    """Return a column of several ids."""
    return Column(name, zh, en, list)


def said(name: str, zh: str, en: str, say: Callable[[Any], Plain] | None = None) -> Column:
    """Return a column of JSON."""
    return Column(name, zh, en, without_nulls if say is None else say)


def without_nulls(value: Any) -> Plain:  # noqa: ANN401 - JSON of any depth
    """Return the same JSON without the fields that are absent, as canonical JSON has none."""
    if isinstance(value, Mapping):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [without_nulls(one) for one in value]
    return value  # type: ignore[no-any-return]  # a leaf of JSON


SEQ = count("seq", "记录序号", "the record that says this")
MADE = count("made", "首次记录序号", "the record that made it")
FROM = day("from", "起始日", "first day")
TO = day("to", "截止日（不含）", "first day no longer covered; absent: open")
MEMBER = text("member", "人员编号", "the person's pseudonymous id")
BY = text("by", "经办人", "the acting person's id")
DECIDERS = ids("deciders", "决定人", "all who took part in the decision")
REASON = text("reason", "原因代码", "reason as a short code")
BASIS = text("basis", "依据文件哈希", "SHA-256 of the document it rests on")
STATE = text("state", "状态", "state at the moment of the export")
HOLDER = text("holder", "积分主体", "the member or unit whose points they are")
CAPACITY = text("capacity", "身份", "committee 支委, member 党员 or unit 单位")
ITEM = text("item", "小项", "the item's code")
QUARTER = text("quarter", "事迹所属季度", "quarter of the deed, such as 2023-Q3")
BRANCH = text("branch", "党支部", "the branch's id")
UNIT = text("unit", "单位编号", "the unit's id")
CLAIM = text("claim", "申报编号", "the claim's id")
NAME_ZH = text("name_zh", "中文名称", "Chinese name")
NAME_EN = text("name_en", "英文名称", "English name")

"""Deeds as tables: attendance as base facts, and opening balances as deeds already decided."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from jifen_contracts.periods import last_day
from jifen_ingest.domain.importing import cells
from jifen_ingest.domain.importing.cells import (
    a_count,
    a_day,
    a_period,
    a_tier,
    an_amount,
    an_id,
    an_item,
    ids,
)
from jifen_ingest.domain.importing.drafts import DAYS_END, Draft, Terms, said_id
from jifen_ingest.domain.importing.tables import Column, Problem, Row

CAPACITIES: Final = {
    "member": "member", "党员": "member", "committee": "committee", "支委": "committee",
    "unit": "unit", "单位": "unit", "both": "both", "双重": "both", "支委+党员": "both",
    "committee+member": "both",
}  # fmt: skip
NAMED: Final = {"both": ("committee", "member")}
MEASURES: Final = ("required", "excused", "done", "count", "tier", "answers")

_HOLDER: Final = Column("holder", "积分主体", an_id, required=True,
                        also=("member", "人员编号", "编号", "单位编号"))  # fmt: skip
_ITEM: Final = Column("item", "小项", an_item, required=True, also=("小项代码",))
_CAPACITY: Final = Column("capacity", "身份", cells.called(CAPACITIES))
_REQUIRED: Final = Column("required", "应到", a_count, also=("应完成",))
_EXCUSED: Final = Column("excused", "请假", a_count, also=("免除",))
_DONE: Final = Column("done", "实到", a_count, also=("已完成",))

ATTENDANCE_COLUMNS: Final = (
    _HOLDER,
    _ITEM,
    Column("period", "期间", a_period, required=True, also=("月份", "季度")),
    _CAPACITY,
    Column("required", "应到", a_count, required=True, also=("应完成",)),
    _EXCUSED,
    Column("done", "实到", a_count, required=True, also=("已完成",)),
)
OPENING_COLUMNS: Final = (
    _HOLDER,
    _ITEM,
    Column("period", "期间", a_period, also=("月份", "季度")),
    Column("date", "事迹日期", a_day, also=("日期",)),
    Column("deed", "事迹编号", an_id, also=("事迹",)),
    _CAPACITY,
    _REQUIRED,
    _EXCUSED,
    _DONE,
    Column("count", "次数", a_count, also=("数量",)),
    Column("tier", "档次", a_tier),
    Column("answers", "答卷数", a_count),
    Column("points", "分值", an_amount, also=("应得分",)),
    Column("group", "同一成果编号", an_id),
    Column("project", "项目编号", an_id),
    Column("counterpart", "相关方", ids),
    Column("signed", "签到方式", cells.called({"self": "self", "本人": "self", "added": "added",
                                          "补签": "added"})),
    Column("claimed_on", "申报日", a_day),
    Column("preliminary_by", "初评人", an_id),
    Column("preliminary_on", "初评日", a_day),
    Column("deciders", "核实人", ids, required=True),
    Column("verified_on", "核实日", a_day, required=True),
)  # fmt: skip


def attendance(rows: Sequence[Row], terms: Terms) -> Iterator[Draft]:
    """Yield the base fact of each row; the file is its evidence."""
    for row in rows:
        period, item = row.get("period"), row.get("item")
        data = {
            "claim": _claim(row, period),
            "item": item,
            "deed": _fact(item, period),
            "measure": _measure(row),
            "evidence": [{"sha256": terms.file_sha256, "kind": "sign_in"}],
        }
        time = terms.at(last_day(period), DAYS_END)
        yield Draft(row.number, "earned", "points.earned", row.get("holder"), time, data)


def opening(rows: Sequence[Row], terms: Terms) -> Iterator[Draft]:
    """Yield each past deed as a claim with its decisions, which rest on the file.

    They go in the order of their days: first all claims of a day, then what was decided.
    """
    drafts: list[Draft] = []
    for row in rows:
        drafts += _decided(row, terms)
    steps = {"earned": 0, "preliminary": 1, "verified": 2}
    yield from sorted(drafts, key=lambda one: (_said_on(one), steps[one.part], one.row))


def opening_problems(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield what a single cell cannot tell: a deed needs a day or a period, and some measure."""
    for row in rows:
        day, period = row.get("date"), row.get("period")
        if (day is None) == (period is None):
            yield Problem(row.number, "date", "either the day of a deed, or the period of a fact")
        elif period is None and row.get("deed") is None:
            yield Problem(row.number, "deed", "a deed needs an id, so that it counts once")
        if not any(row.get(name) is not None for name in (*MEASURES, "project")):
            yield Problem(row.number, "count", "no measure: done and required, count or tier")
        if row.get("preliminary_by") in (row.get("deciders") or ()):
            yield Problem(row.number, "deciders", "two different people take the two steps")


def _decided(row: Row, terms: Terms) -> Iterator[Draft]:
    period, item, holder = row.get("period"), row.get("item"), row.get("holder")
    done_on: date = row.get("date") or last_day(period)
    claim = _claim(row, period or row.get("deed"))
    verified: date = row.get("verified_on")
    claimed: date = row.get("claimed_on") or done_on
    points = row.get("points")
    measure = _measure(row)
    yield Draft(row.number, "earned", "points.earned", holder, terms.at(done_on, DAYS_END), {
        "claim": claim, "item": item, "deed": row.get("deed") or _fact(item, period),
        "group": row.get("group"), "measure": measure, "counterpart": row.get("counterpart"),
        "project": row.get("project"), "signed": row.get("signed"),
        "basis": {"sha256": terms.file_sha256},
        "points": None if points is None else dict.fromkeys(measure, points),
    }, said=terms.at(claimed, DAYS_END))  # fmt: skip
    if (first := row.get("preliminary_by")) is not None:
        on = terms.at(row.get("preliminary_on") or verified, DAYS_END)
        yield Draft(row.number, "preliminary", "points.reviewed", holder, on, {
            "claim": claim, "stage": "preliminary", "decision": "accept", "by": first,
        })  # fmt: skip
    deciders: list[str] = row.get("deciders")
    yield Draft(row.number, "verified", "points.reviewed", holder, terms.at(verified, DAYS_END), {
        "claim": claim, "stage": "verified", "decision": "accept", "by": deciders[0],
        "deciders": deciders,
    })  # fmt: skip


def _said_on(draft: Draft) -> str:
    return draft.said or draft.time


def _claim(row: Row, what: object) -> str:
    """Return the claim's id: the same deed in another file is the same claim."""
    capacity = row.get("capacity") or "member"
    return said_id("im", row.get("holder"), row.get("item"), what, capacity)


def _fact(item: str, period: str) -> str:
    return f"{item}-{period}".lower()


def _measure(row: Row) -> dict[str, Any]:
    measured = {name: row.get(name) for name in MEASURES if row.get(name) is not None}
    if "required" in measured or "done" in measured:
        measured = {"required": 0, "excused": 0, "done": 0} | measured
    capacity = row.get("capacity") or "member"
    return {name: dict(measured) for name in NAMED.get(capacity, (capacity,))}

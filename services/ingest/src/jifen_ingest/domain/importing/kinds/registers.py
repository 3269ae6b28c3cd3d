"""Registers as tables: units, roster, assignments, absences, panels."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from jifen_ingest.domain.importing import cells
from jifen_ingest.domain.importing.cells import a_day, a_hash, a_name, a_phone, an_id, ids
from jifen_ingest.domain.importing.drafts import Draft, Terms, said_id
from jifen_ingest.domain.importing.tables import Column, Problem, Row

UNIT_KINDS: Final = {
    "branch": "branch", "党支部": "branch", "支部": "branch", "group": "group", "党小组": "group",
    "team": "team", "班组": "team", "section": "section", "科室": "section", "plant": "plant",
    "厂": "plant", "league": "league", "工联会": "league", "studio": "studio", "工作室": "studio",
    "volunteer_team": "volunteer_team", "志愿服务队": "volunteer_team", "sponsor": "sponsor",
    "赞助单位": "sponsor", "service_point": "service_point", "服务点": "service_point",
}  # fmt: skip
UNIT_CLASSES: Final = {
    "frontline": "frontline", "一线": "frontline", "support": "support", "辅助": "support",
    "office": "office", "机关": "office",
}  # fmt: skip
STANDINGS: Final = {
    "full": "full", "正式党员": "full", "正式": "full", "probationary": "probationary",
    "预备党员": "probationary", "预备": "probationary", "applicant": "applicant",
    "入党申请人": "applicant", "申请人": "applicant", "staff": "staff", "群众": "staff",
    "retired": "retired", "退休": "retired",
}  # fmt: skip
ROLES: Final = {
    "member": "member", "党员": "member", "group_member": "group_member", "组员": "group_member",
    "committee": "committee", "支委": "committee", "secretary": "secretary",
    "支部书记": "secretary", "书记": "secretary", "group_leader": "group_leader",
    "党小组长": "group_leader", "组长": "group_leader", "recorder": "recorder",
    "记录员": "recorder", "specialist": "specialist", "专责": "specialist", "upper": "upper",
    "上级": "upper", "delegate": "delegate", "党建驻派员": "delegate", "驻派员": "delegate",
    "helper": "helper", "一带二": "helper", "mentor": "mentor", "导师": "mentor",
}  # fmt: skip
POSTS: Final = {
    "secretary": "secretary", "书记": "secretary", "organisation": "organisation",
    "组织委员": "organisation", "组织": "organisation", "publicity": "publicity",
    "宣传委员": "publicity", "宣传": "publicity", "discipline": "discipline",
    "纪检委员": "discipline", "纪检": "discipline", "other": "other", "其他": "other",
}  # fmt: skip
ABSENCES: Final = {
    "leave": "leave", "休假": "leave", "sick": "sick", "病假": "sick", "study": "study",
    "学习": "study", "seconded": "seconded", "借调": "seconded", "exempt": "exempt",
    "免除": "exempt",
}  # fmt: skip
SEATS: Final = {
    "group_leader": "group_leader", "党小组长": "group_leader",
    "member_delegate": "member_delegate", "党员代表": "member_delegate",
    "staff_delegate": "staff_delegate", "群众代表": "staff_delegate",
    "committee": "committee", "支委": "committee",
}  # fmt: skip

_FROM: Final = Column("from", "起始日", a_day, required=True, also=("自", "开始日期", "起"))
_TO: Final = Column("to", "截止日", a_day, also=("止", "结束日期"))
_MEMBER: Final = Column("member", "人员编号", an_id, required=True, also=("编号", "id"))

UNIT_COLUMNS: Final = (
    Column("unit", "单位编号", an_id, required=True, also=("编号", "id")),
    Column("kind", "类别", cells.called(UNIT_KINDS), required=True, also=("单位类别",)),
    Column("class", "类型", cells.called(UNIT_CLASSES), also=("单位类型",)),
    Column("parent", "上级单位", an_id, also=("上级",)),
    Column("name_zh", "中文名称", a_name, required=True, also=("名称",)),
    Column("name_en", "英文名称", a_name, required=True),
    _FROM,
    _TO,
    Column("came_from", "来自单位", ids),
)
ROSTER_COLUMNS: Final = (
    _MEMBER,
    Column("standing", "身份类别", cells.called(STANDINGS), required=True, also=("政治面貌",)),
    _FROM,
    Column("branch", "党支部", an_id, also=("支部", "支部编号")),
    Column("group", "党小组", an_id, also=("小组", "小组编号")),
    Column("name_zh", "姓名", a_name, also=("中文姓名",)),
    Column("name_en", "英文姓名", a_name, also=("拼音",)),
    Column("phone", "电话", a_phone, also=("手机", "联系电话")),
)
ASSIGNMENT_COLUMNS: Final = (
    Column("assignment", "任职编号", an_id),
    _MEMBER,
    Column("role", "角色", cells.called(ROLES), required=True, also=("职务",)),
    Column("unit", "单位编号", an_id, required=True, also=("单位",)),
    Column("post", "分工", cells.called(POSTS)),
    Column("of", "对象人员", ids, also=("对象",)),
    _FROM,
    _TO,
    Column("sent", "转出日", a_day),
)
ABSENCE_COLUMNS: Final = (
    Column("absence", "缺勤编号", an_id),
    _MEMBER,
    Column("kind", "种类", cells.called(ABSENCES), required=True, also=("请假种类",)),
    _FROM,
    Column("to", "截止日", a_day, required=True, also=("止", "结束日期")),
    Column("basis", "依据文件哈希", a_hash),
)
PANEL_COLUMNS: Final = (
    Column("panel", "小组编号", an_id, required=True, also=("考核小组",)),
    Column("branch", "党支部", an_id, required=True, also=("支部", "支部编号")),
    _FROM,
    Column("to", "截止日", a_day, required=True, also=("止", "结束日期")),
    _MEMBER,
    Column("kind", "代表类别", cells.called(SEATS), required=True, also=("类别",)),
    Column("chair", "组长", cells.yes_or_no),
)


def units(rows: Sequence[Row], terms: Terms) -> Iterator[Draft]:
    """Yield the registration of each unit."""
    for row in rows:
        said = {name: row.get(name) for name in ("kind", "class", "parent", "name_zh", "name_en")}
        yield Draft(
            row.number, "unit", "unit.registered", row.get("unit"), _spoken(row, terms),
            {**said, **_span(row), "came_from": row.get("came_from")},
        )  # fmt: skip


def roster(rows: Sequence[Row], terms: Terms) -> Iterator[Draft]:
    """Yield each person's enrolment, home branch and group; names are no part of any event."""
    for row in rows:
        member, since, time = row.get("member"), row.get("from"), _spoken(row, terms)
        said = {"standing": row.get("standing"), "from": str(since)}
        yield Draft(row.number, "enrolled", "member.enrolled", member, time, said)
        for part, role in (("branch", "member"), ("group", "group_member")):
            unit = row.get(part)
            if unit is None:
                continue
            data = {"assignment": said_id("as", member, role, since), "role": role, "unit": unit,
                    "from": str(since)}  # fmt: skip
            yield Draft(row.number, part, "member.assigned", member, time, data)


def assignments(rows: Sequence[Row], terms: Terms) -> Iterator[Draft]:
    """Yield each assignment; without an id of its own it gets one that follows from the row."""
    for row in rows:
        member, role, unit, since = (row.get(one) for one in ("member", "role", "unit", "from"))
        own = row.get("assignment") or said_id("as", member, role, unit, since)
        said = {"assignment": own, "role": role, "unit": unit, "post": row.get("post"),
                "of": row.get("of"), **_span(row), "sent": _text(row.get("sent"))}  # fmt: skip
        yield Draft(row.number, "assigned", "member.assigned", member, _spoken(row, terms), said)


def absences(rows: Sequence[Row], terms: Terms) -> Iterator[Draft]:
    """Yield each absence; without a document of its own it rests on the file."""
    for row in rows:
        member = row.get("member")
        own = row.get("absence") or said_id("ab", member, row.get("from"))
        said = {"absence": own, "kind": row.get("kind"), **_span(row),
                "basis": {"sha256": row.get("basis") or terms.file_sha256}}  # fmt: skip
        yield Draft(row.number, "absence", "absence.recorded", member, _spoken(row, terms), said)


def panels(rows: Sequence[Row], terms: Terms) -> Iterator[Draft]:
    """Yield each panel, whose members stand in rows of their own."""
    for panel, seats in _by_panel(rows).items():
        first = seats[0]
        said = {
            "panel": panel,
            **_span(first),
            "chair": next(row.get("member") for row in seats if row.get("chair")),
            "members": [{"member": row.get("member"), "kind": row.get("kind")} for row in seats],
        }
        time = _spoken(first, terms)
        yield Draft(first.number, "panel", "panel.formed", first.get("branch"), time, said)


def panel_problems(rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield what a panel needs as a whole: one chair, and one span and branch in all its rows."""
    for seats in _by_panel(rows).values():
        chairs = [row for row in seats if row.get("chair")]
        if len(chairs) != 1:
            wrong = chairs[1] if chairs else seats[0]
            yield Problem(wrong.number, "chair", "a panel has one chair, marked with yes 是")
        for row in seats[1:]:
            for name in ("branch", "from", "to"):
                if row.get(name) != seats[0].get(name):
                    said = f"row {seats[0].number} of the same panel says otherwise"
                    yield Problem(row.number, name, said)


def _by_panel(rows: Iterable[Row]) -> dict[str, list[Row]]:
    panels: dict[str, list[Row]] = {}
    for row in rows:
        panels.setdefault(row.get("panel"), []).append(row)
    return panels


def _spoken(row: Row, terms: Terms) -> str:
    """Return when this is said: on the day that the file speaks for, else on the first it holds."""
    day: date = terms.day or row.get("from")
    return terms.at(day)


def _span(row: Row) -> dict[str, Any]:
    return {"from": _text(row.get("from")), "to": _text(row.get("to"))}


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def people_named(rows: Iterable[Row]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what of a roster goes to the directory, by person; never into an event."""
    for row in rows:
        entry = {name: row.get(name) for name in ("name_zh", "name_en", "phone") if row.get(name)}
        if entry:
            # Either name stands in for one that is not there.
            name = entry.get("name_zh") or entry.get("name_en") or row.get("member")
            yield row.get("member"), {"name_zh": name, "name_en": name, **entry}

"""Tables of an export: versions, units, people and their time lines, panels, splits."""

from __future__ import annotations

from typing import Final

from jifen_contracts.points import format_points
from jifen_ledger.application.exporting.columns import (
    BASIS,
    BRANCH,
    FROM,
    ITEM,
    MADE,
    MEMBER,
    NAME_EN,
    NAME_ZH,
    SEQ,
    TO,
    UNIT,
    Row,
    Table,
    count,
    day,
    ids,
    points,
    said,
    text,
)


def _panel(row: Row) -> Row:
    *own, recused, towards = row
    pairs = [{"member": one, "towards": other} for one, other in zip(recused, towards, strict=True)]
    return (*own, pairs)


def _split(row: Row) -> Row:
    *own, participants, parts, organisers = row
    shares = [
        {"member": member, "points": format_points(tenths)}
        for member, tenths in zip(participants, parts, strict=True)
    ]
    return (*own, shares, organisers)


VERSIONS: Final = Table(
    "versions",
    "制度版本；全文在 scheme 目录",
    "published versions of the scheme; the documents are in the folder scheme",
    (
        count("version", "版本", "number"),
        SEQ,
        day("effective_from", "生效日", "first day of the deeds it applies to"),
        text("yaml", "YAML 文件", "the document's file in YAML"),
        text("json", "JSON 文件", "and as canonical JSON"),
    ),
)
UNITS: Final = Table(
    "units",
    "单位登记，每次登记一行",
    "units, one row for each registration; the last one from a day on holds",
    (
        UNIT,
        SEQ,
        text("kind", "类别", "branch, group, team, section, plant, …"),
        text("class", "类型", "frontline 一线, support 辅助 or office 机关"),
        text("parent", "上级单位", "the unit above"),
        NAME_ZH,
        NAME_EN,
        FROM,
        TO,
        ids("came_from", "来自单位", "units it was made of"),
    ),
)
MEMBERS: Final = Table(
    "members",
    "人员身份，每次登记一行",
    "members' standings, one row for each enrolment",
    (
        MEMBER,
        SEQ,
        text("standing", "身份类别", "full, probationary, applicant, staff or retired"),
        FROM,
        text("channel", "召集渠道", "call-up code that brought the person"),
    ),
)
JOINED: Final = Table(
    "joined",
    "合并的人员编号",
    "two records of one person: the closed id and the one that goes on",
    (
        text("closed", "停用编号", "the closed id"),
        text("survivor", "保留编号", "the id that goes on"),
        SEQ,
    ),
)
DEPARTURES: Final = Table(
    "departures",
    "离开的人员",
    "members who left",
    (
        MEMBER,
        SEQ,
        day("on", "离开日", "the day"),
        text("why", "原因", "transferred, resigned, expelled, died or other"),
    ),
)
ASSIGNMENTS: Final = Table(
    "assignments",
    "任职与隶属，更正的旧行保留",
    "roles in units; a corrected row stays, with the record that corrected it",
    (
        text("assignment", "任职编号", "the assignment's id"),
        SEQ,
        MEMBER,
        text("role", "角色", "member, committee, secretary, recorder, upper, …"),
        UNIT,
        text("post", "分工", "post in the committee"),
        ids("of", "对象人员", "people it is about: helped, mentored"),
        FROM,
        TO,
        day("sent", "转出日", "day a transfer was sent"),
        count("corrected_by", "更正记录", "the record that replaced this row"),
    ),
)
PANELS: Final = Table(
    "panels",
    "考核小组",
    "panels of branches, each in place of the one before",
    (
        BRANCH,
        SEQ,
        text("panel", "小组编号", "the panel's id"),
        FROM,
        TO,
        text("chair", "组长", "chair"),
        ids("members", "成员", "members"),
        said("recusals", "回避", "who steps back, and towards whom"),
    ),
    _panel,
)
SHARES: Final = Table(
    "shares",
    "项目分配",
    "declared shares of pooled deeds",
    (
        text("project", "项目编号", "the project's id"),
        SEQ,
        UNIT,
        ITEM,
        points("pool", "总分", "points to be shared"),
        said("shares", "各人份额", "points of each participant, in declared order"),
        ids("organisers", "组织者", "who organised it"),
    ),
    _split,
)
ABSENCES: Final = Table(
    "absences",
    "请假与免除",
    "absences",
    (
        MEMBER,
        text("absence", "缺勤编号", "the absence's id"),
        SEQ,
        MADE,
        text("kind", "种类", "leave, sick, study, seconded or exempt"),
        FROM,
        TO,
        count("has_basis", "有依据文件", "whether a document was named"),
    ),
)
ERASURES: Final = Table(
    "erasures",
    "已删除的个人信息",
    "people whose names and private parts were erased; totals and proofs stay",
    (MEMBER, SEQ, BASIS),
)

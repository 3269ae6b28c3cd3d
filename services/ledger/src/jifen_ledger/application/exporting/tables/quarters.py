"""Tables of an export: the quarters of branches, what was objected to, what was published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jifen_contracts.points import format_points
from jifen_ledger.application.exporting.columns import (
    BRANCH,
    BY,
    CAPACITY,
    CLAIM,
    DECIDERS,
    HOLDER,
    ITEM,
    MADE,
    QUARTER,
    REASON,
    SEQ,
    STATE,
    Table,
    count,
    day,
    ids,
    points,
    said,
    text,
)


def _values(values: Sequence[Sequence[Any]]) -> list[Any]:
    return [
        {"item": item, "capacity": capacity, "points": format_points(tenths)}
        for item, capacity, tenths in values
    ]


def _missing(missing: Sequence[Sequence[str]]) -> list[Any]:
    return [{"id": id_, "reason": reason} for id_, reason in missing]


def _facts(facts: Sequence[Sequence[str]]) -> list[Any]:
    return [{"holder": one, "item": item, "period": period} for one, item, period in facts]


def _months(months: Sequence[Sequence[str]]) -> list[Any]:
    return [{"holder": holder, "month": month} for holder, month in months]


_OF_QUARTER: Final = text("quarter", "季度", "the quarter, such as 2023-Q3")

ASSESSMENTS: Final = Table(
    "assessments",
    "自评（不计分）",
    "self-assessments of members, groups and branches; they never post",
    (
        text("subject", "自评主体", "member, group or branch"),
        text("month", "月份", "the month"),
        count("late", "逾期", "whether it came after the deadline"),
        SEQ,
        MADE,
        text("level", "层级", "member, group or branch"),
        said("values", "自评分值", "what the subject thinks each item was worth", _values),
        said("missing", "未自评者", "who of the level below has none, and why", _missing),
        BY,
        day("recorded_day", "登记日", "local day it was recorded"),
    ),
)
QUARTERS: Final = Table(
    "quarters",
    "各支部季度状态",
    "the state of each branch's quarter, with the record and local day of each step",
    (
        BRANCH,
        _OF_QUARTER,
        SEQ,
        MADE,
        STATE,
        BY,
        count("revision", "通报版次", "last revision of the bulletin"),
        count("preliminary_seq", "初评记录", "record of the step to PRELIMINARY"),
        day("preliminary_day", "初评日", "its local day"),
        count("verified_seq", "核实记录", "record of the step to VERIFIED"),
        day("verified_day", "核实日", "its local day"),
        count("published_seq", "通报记录", "record of the first publication"),
        day("published_day", "通报日", "its local day"),
        day("window_end", "公示截止日", "last day of the objection window"),
        count("revised_seq", "最新版记录", "record of the revision that is valid"),
        count("final_seq", "定稿记录", "record of the step to FINAL"),
        day("final_day", "定稿日", "its local day"),
        said("waived_facts", "免除的基础事项", "base facts gone without", _facts),
        said("waived_assessments", "免除的自评", "self-assessments gone without", _months),
        text("waived_reason", "免除原因", "why, as a short code"),
        ids("decided_by", "全部决定人", "all who verified, published or revised"),
        DECIDERS,
        REASON,
    ),
)
OBJECTIONS: Final = Table(
    "objections",
    "异议、投诉、说明与抽查",
    "objections, complaints, statements and samples; who filed them is for handlers only",
    (
        text("objection", "异议编号", "the objection's id"),
        SEQ,
        MADE,
        text("subject", "涉及对象", "member or unit concerned"),
        text("kind", "种类", "objection, complaint, statement or sample"),
        CLAIM,
        text("unit", "所涉单位", "the unit it is about, where it is about no claim"),
        BRANCH,
        _OF_QUARTER,
        text("by", "提出人", "who filed it, or an alias; absent: anonymous"),
        day("filed_day", "提出日", "local day"),
        day("due", "答复期限", "last day to decide"),
        STATE,
        text("decision", "决定", "upheld, partly, dismissed or carried"),
        ids("corrects", "须更正的申报", "claims to reverse before the next revision"),
        REASON,
        DECIDERS,
        count("decided_seq", "决定记录", "record of the decision"),
        day("decided_day", "决定日", "its local day"),
    ),
)
ADJUSTMENTS: Final = Table(
    "adjustments",
    "上期调整",
    "what was booked later than its own quarter",
    (
        SEQ,
        HOLDER,
        CAPACITY,
        ITEM,
        QUARTER,
        text("booked", "入账季度", "quarter it is booked in"),
        BRANCH,
        points("points", "分值", "points"),
        CLAIM,
    ),
)
BULLETINS: Final = Table(
    "bulletins",
    "通报各版；两份原文按字节保存在 bulletins 目录",
    "revisions of bulletins; both sheets are in the folder bulletins, byte for byte as hashed",
    (
        BRANCH,
        _OF_QUARTER,
        count("revision", "版次", "the revision"),
        SEQ,
        text("content_hash", "完整版哈希", "SHA-256 of the full sheet"),
        text("branch_hash", "支部版哈希", "SHA-256 of the branch sheet"),
        ids("red", "红灯项", "lines of the health check that were red"),
        text("full_sheet", "完整版文件", "file of the full sheet"),
        text("branch_sheet", "支部版文件", "file of the branch sheet"),
    ),
)
SCORES: Final = Table(
    "scores",
    "已通报的得分，每版每人每身份一行",
    "published scores: a line for each holder and capacity of each revision",
    (
        _OF_QUARTER,
        BRANCH,
        count("revision", "版次", "the revision"),
        HOLDER,
        CAPACITY,
        points("base_earned", "基础分", "base points earned"),
        points("base_applicable", "适用基础分", "base points that were applicable"),
        *(
            points(f"bonus_{one}", f"{one.upper()} 类加分", f"effective bonus of {one.upper()}")
            for one in "abcd"
        ),
        points("excess", "超额", "bonus beyond what counts"),
        points("deductions", "扣分", "deductions in total"),
        points("score", "得分", "score; absent: not scored 不计分"),
        count("partial", "跨支部", "whether the person moved within the quarter"),
    ),
)
RANKINGS: Final = Table(
    "rankings",
    "已通报季度的排名（竞赛排名 1-2-2-4），用最新版得分",
    "ranking of each published quarter (1-2-2-4) by the last revisions; whatever the policy"
    " shows to members, so keep it with reviewers, the upper level and auditors",
    (
        _OF_QUARTER,
        text("scope", "范围", "a branch, or the scheme for all published branches"),
        CAPACITY,
        count("rank", "名次", "rank; equal scores have equal ranks"),
        HOLDER,
        points("score", "得分", "score"),
        count("n", "人数", "how many are ranked"),
    ),
)

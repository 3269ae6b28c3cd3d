from collections import Counter
from datetime import date, timedelta

import pytest

from jifen_contracts.points import format_points
from jifen_contracts.scheme.calendar import working_days
from jifen_contracts.scheme.catalogue import Item, Line, effective_catalogue
from jifen_contracts.scheme.default import default_document, document_object
from jifen_contracts.scheme.lint import lint
from tests.support.builders import published

PUBLISHED_BYTES_MAX = 40_000

# The table of domain.md §4.4 in its own notation: code, line of the committee, of the member, of
# the unit, preliminary → confirm, focus · tags.
TABLE = """
A01 | base R 5/m | - | - | recorder → upper | P · 三会一课
A02 | base R 4/m | - | - | recorder → panel | P · 组织生活
A03 | base R 5/m | - | - | recorder → panel | P · 量身定制
A04 ‖ | bonus E 1; 2m 6q | bonus E 1; 2m 6q | - | counterpart → panel | P+B · 驻派员
A05 | base R 2/m | - | - | recorder → panel | P · 调研
A06 | base R 4/m | - | base R 10/m | recorder → upper | P · 通报
A07 | deduct D missed-meeting 3, false-record 5 | - | deduct D missed-meeting 3, false-record 5 |\
 upper → upper | P · 监督
B01 | - | base R 4/m | - | recorder → panel | P · 三会一课
B02 | - | base R 3/m | - | recorder → panel | P · 组织生活
B03 | - | base R 2/m | - | recorder → panel | P · 学习
B04 | - | base R 1/m | base R 5/m | record → panel | P · 三级联动
B05 | - | base R 2/m | - | recorder → panel | P · 亮身份
B06 | - | deduct D absent 2, dues-overdue 2 | - | recorder → panel | P · 监督
C01 | bonus E 1; 1m 3q | base R 3/m | - | recorder → panel | P+B · 党员示范
C02 | bonus E 1; 1m 3q | bonus E 1; 2m 6q | - | counterpart → panel | P+B · 一带二
C03 | - | bonus T one-apprentice 1, two-apprentices 2, completed 6; 8q | - |\
 counterpart → panel | B · 人才强企
C04 | - | bonus T plant-1 3, plant-2 2, plant-3 1, company-1 6, company-2 5, company-3 4,\
 province-1 10, province-2 8, province-3 6, nation-1 15, nation-2 12, nation-3 10; 20y | - |\
 recorder → upper | B · 人才强企
C05 | bonus T good 1, excellent 2; 2m 6q | base R 2/m | base R 5/m | specialist → panel |\
 B · 班组建设
C06 | bonus E 2; 6q | bonus S accepted 10, benefit 20, plant-wide 30; 12q | - | panel → upper |\
 B · 提质增效
C07 | - | bonus T plant 4, company 8; 8q 16y | bonus T gold 10; 10q 20y | recorder → upper |\
 B · 劳动竞赛
C08 | bonus E 1; 1m 3q | base R 3/m | - | specialist → panel | B · 安全
C09 | - | bonus T general 0.5, larger 3, major 5 (outside); 3m 9q | - | specialist → panel |\
 B · 安全
C10 ‖ | bonus T adopted 2, effective 2; 4q | bonus T adopted 2, effective 4; 4m 8q | - |\
 specialist → panel | B · 建议
C11 | deduct D general 1, serious 2.5, accident 5 | deduct D general 2, serious 5, accident 10 |\
 - | specialist → upper | B · 安全
D01 | bonus E 2; 6q | bonus S small 6, large 12; 6q | - | counterpart → panel | P · 办实事
D02 ‖ | bonus E 1; 2m 6q | bonus E 1; 2m 6q | - | record → panel | P · 马上办
D03 | - | bonus E 0.5; 1.5m 3q | - | specialist → panel | P · 随手拍
D04 | - | bonus E 0.5; 2m 6q | - | counterpart → panel | P · 志愿
D05 ‖ | bonus E 0.5; 1m 3q | bonus E 0.5; 1m 3q | - | recorder → panel | P · 关爱
D06 | bonus T p90 4, p80 2; 4q | - | bonus T p90 4, p80 2; 4q | specialist → upper | P · 群众监督
D07 | deduct D complaint 3, falsified 5 | deduct D complaint 3, falsified 5 | - |\
 panel → upper | P · 群众监督
"""
FOCUS = {"party": "P", "business": "B", "party+business": "P+B"}


def everybodys_items() -> list[Item]:
    return list(effective_catalogue(default_document(), frozenset(), None).items.values())


def _row(item: Item) -> str:
    mark = " ‖" if item.together else ""
    lines = [_notation(item.lines.get(name)) for name in ("committee", "member", "unit")]
    roles = f"{item.preliminary} → {item.confirm}"
    focus = f"{FOCUS[item.focus]} · {' '.join(item.tags)}"
    return " | ".join((f"{item.code}{mark}", *lines, roles, focus))


def _notation(line: Line | None) -> str:
    if line is None:
        return "-"
    if line.mode == "R":
        return f"{line.kind} R {format_points(line.max)}/{line.per[0]}"
    worth = ", ".join(
        f"{tier.key} {format_points(tier.value)}{' (outside)' if tier.outside_month else ''}"
        for tier in line.tiers.values()
    ) or format_points(line.value)
    caps = " ".join(
        f"{format_points(cap)}{period}"
        for cap, period in ((line.month_cap, "m"), (line.quarter_cap, "q"), (line.year_cap, "y"))
        if cap is not None
    )
    return f"{line.kind} {line.mode} {worth}{f'; {caps}' if caps else ''}"


def test_the_default_catalogue_is_the_table_of_the_domain() -> None:
    assert [_row(item) for item in everybodys_items()] == TABLE.strip().splitlines()


@pytest.mark.parametrize("quarter_start", ["2023-01-01", "2025-10-01"])
def test_the_default_scheme_breaks_no_rule(quarter_start: str) -> None:
    assert lint(default_document(), quarter_start, ()) == ()


def test_the_default_scheme_may_follow_itself() -> None:
    assert lint(default_document(), "2025-01-01", (default_document(),) * 2) == ()


def test_four_categories_have_7_6_11_and_7_items() -> None:
    assert Counter(item.category for item in everybodys_items()) == {
        "A": 7,
        "B": 6,
        "C": 11,
        "D": 7,
    }


def test_duty_alone_comes_to_60_points_a_quarter_in_each_capacity() -> None:
    months = {"month": 3, "quarter": 1}
    base = Counter[str]()
    for item in everybodys_items():
        for capacity, line in item.lines.items():
            base[capacity] += line.max * months[line.per]

    assert base == {"committee": 600, "member": 600, "unit": 600}


def test_the_bonus_on_offer_is_50_and_81_and_14_points_a_quarter() -> None:
    on_offer = Counter[str]()
    for item in everybodys_items():
        for capacity, line in item.lines.items():
            on_offer[capacity] += line.quarter_cap or 0

    assert on_offer == {"committee": 500, "member": 810, "unit": 140}


def test_incentive_points_come_from_hazards_snap_reports_and_own_hours() -> None:
    incentives = {
        item.code: (
            item.incentive.value,
            dict(item.incentive.tiers),
            item.incentive.month_cap,
            item.incentive.self_signed_only,
        )
        for item in everybodys_items()
        if item.incentive is not None
    }

    assert incentives == {
        "C09": (0, {"general": 50, "larger": 200, "major": 500}, None, False),
        "D03": (50, {}, 1000, False),
        "D04": (10, {}, None, True),
    }


def test_three_items_rest_on_a_posting_a_pact_or_an_agreement() -> None:
    pacts = {item.code: item.pact for item in everybodys_items() if item.pact is not None}

    assert pacts == {"A04": "delegate", "C02": "helper", "C03": "mentor"}


def test_an_activity_has_at_most_four_half_hours_and_a_pact_two_helped_people() -> None:
    counts = {
        (item.code, capacity): line.max_count
        for item in everybodys_items()
        for capacity, line in item.lines.items()
        if line.max_count > 1
    }

    assert counts == {("C02", "member"): 2, ("D04", "member"): 4}


def test_a_rating_needs_five_answers_and_a_contest_its_document() -> None:
    items = everybodys_items()

    assert {item.code: item.min_answers for item in items if item.min_answers} == {"D06": 5}
    assert [item.code for item in items if item.evidence_required] == ["C04", "C06", "C07"]


def test_vetoes_and_health_lines_are_complete() -> None:
    document = default_document()

    assert [veto.code for veto in document.vetoes] == ["V1", "V2", "V3", "V4", "V5"]
    assert [line.code for line in document.health] == [f"H{n:02}" for n in range(1, 17)]


def test_every_text_is_there_in_both_languages() -> None:
    document = default_document()
    wire = document_object(document)
    named = [wire, *wire["categories"], *wire["items"], *wire["vetoes"], *wire["health"]]
    checklists = [line for overlay in document.overlays for line in overlay.checklist]

    assert all(part["name_zh"] and part["name_en"] for part in named)
    assert all(line.zh and line.en for line in checklists)


def test_publishing_the_default_scheme_takes_less_than_40_000_bytes() -> None:
    assert len(published()) < PUBLISHED_BYTES_MAX


def test_2025_has_248_working_days() -> None:
    days = working_days(default_document())
    year = (date(2025, 1, 1) + timedelta(days=n) for n in range(365))

    assert sum(days.is_working(day) for day in year) == 248

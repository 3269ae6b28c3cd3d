"""Rules 1, 2, 3 and 8: for each a draft that breaks it and nothing else."""

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.lint import Finding, lint
from jifen_contracts.scheme.rules.completeness import MEASURES
from tests.contracts.scheme.drafts import (
    QUARTER_START,
    Draft,
    change,
    change_line,
    draft,
    edited,
    found,
    item,
    places,
    read,
)


def deduction(code: str) -> Draft:
    return item(draft(), "D07") | {"code": code, "name_zh": "另一项扣分", "name_en": "Another"}


def test_thirty_items_are_refused_with_the_number_that_is_missing() -> None:
    assert found(lambda of: of["items"].remove(item(of, "D07"))) == (
        Finding(1, "items", "A scheme has exactly 31 items, this one has 30: 1 missing."),
    )


def test_thirty_two_items_are_refused_with_the_number_to_take_out() -> None:
    assert found(lambda of: of["items"].append(deduction("D08"))) == (
        Finding(1, "items", "A scheme has exactly 31 items, this one has 32: take 1 out."),
    )


@pytest.mark.parametrize("categories", [["A", "B", "C"], ["A", "B", "C", "C"], list("ABCDE"), []])
def test_other_categories_than_a_b_c_and_d_are_refused(categories: list[str]) -> None:
    named = [{"code": code, "name_zh": "大项", "name_en": "Category"} for code in categories]

    message = (
        f"The categories must be A, B, C and D once each, not {', '.join(categories) or 'none'}."
    )
    assert found(lambda of: of.update(categories=named)) == (Finding(1, "categories", message),)


def test_a_code_used_twice_is_refused() -> None:
    assert places(found(change("D07", code="A07"))) == [(1, "items.A07")]


def test_a_code_that_fits_no_category_is_refused() -> None:
    assert found(change("D07", code="E01")) == (
        Finding(1, "items.E01", "Code E01 fits no category: begin it with A, B, C or D."),
    )


@pytest.mark.parametrize("change_of_meaning", [{"name_zh": "别的事项"}, {"measure_of": "visit"}])
def test_a_code_keeps_its_meaning_in_every_later_version(change_of_meaning: Draft) -> None:
    document = edited(change("D03", **change_of_meaning))

    findings = lint(document, QUARTER_START, (default_document(), document))

    assert places(findings) == [(1, "items.D03")]
    assert "version 1 code D03 meant 随手拍 (finding)" in findings[0].message


def test_values_and_the_english_name_of_a_code_may_change() -> None:
    document = edited(change("D03", name_en="Snapshot"), change_line("D03", "member", value="0.6"))

    assert lint(document, QUARTER_START, (default_document(),)) == ()


def test_a_retired_code_stays_retired() -> None:
    without = edited(change("D07", code="D08"))

    findings = lint(default_document(), QUARTER_START, (default_document(), without))

    assert places(findings) == [(1, "items.D07")]
    assert "retired after version 1" in findings[0].message


def test_a_new_code_may_take_the_place_of_a_retired_one() -> None:
    replaced = edited(change("D07", code="D08"))

    assert lint(replaced, QUARTER_START, (default_document(),)) == ()


@pytest.mark.parametrize(
    "field", ["name_zh", "name_en", "focus", "measure_of", "evidence", "confirm"]
)
def test_an_item_that_lacks_something_is_refused(field: str) -> None:
    findings = found(lambda of: item(of, "D03").pop(field))

    assert places(findings) == [(2, f"items.D03.{field}")]


def test_an_item_without_tag_or_preliminary_role_is_refused() -> None:
    assert places(found(lambda of: item(of, "D03").pop("tags"))) == [(2, "items.D03.tags")]
    assert places(found(lambda of: item(of, "D03").pop("preliminary"))) == [
        (2, "items.D03.preliminary")
    ]


@pytest.mark.parametrize("measure", ["login", "reading_time", "likes", "press_items", "praise"])
def test_a_formalist_measure_has_no_word(measure: str) -> None:
    assert measure not in MEASURES
    assert places(found(change("D03", measure_of=measure))) == [(2, "items.D03.measure_of")]


def test_one_role_in_both_steps_is_refused_but_for_upper() -> None:
    assert places(found(change("D03", preliminary="panel"))) == [(2, "items.D03.preliminary")]
    assert found(change("D03", preliminary="upper", confirm="upper")) == ()


@pytest.mark.parametrize("area", ["三会一课", "组织生活", "党员示范", "人才强企", "班组建设"])
def test_an_area_that_no_item_is_tagged_with_is_refused(area: str) -> None:
    def edit(of: Draft) -> None:
        for each in of["items"]:
            each["tags"] = [tag for tag in each["tags"] if tag != area] or ["其他"]

    assert places(found(edit)) == [(3, f"tags.{area}")]


def test_an_area_needs_an_item_that_can_earn() -> None:
    findings = found(change("C05", tags=["其他"]), change("C11", tags=["班组建设"]))

    assert places(findings) == [(3, "tags.班组建设")]


@pytest.mark.parametrize(
    "days",
    [
        {"claims_day": 0},
        {"claims_day": 7},
        {"preliminary_day": 11},
        {"verify_day": 29},
        {"preliminary_day": 2},
    ],
)
def test_the_days_of_the_calendar_follow_each_other(days: dict[str, int]) -> None:
    assert places(found(lambda of: of["calendar"].update(days))) == [(8, "calendar")]


def test_the_days_of_the_calendar_may_fall_together() -> None:
    assert (
        found(lambda of: of["calendar"].update(claims_day=28, preliminary_day=28, verify_day=28))
        == ()
    )


def test_a_day_is_either_off_or_on() -> None:
    findings = found(lambda of: of["calendar"]["days_on"].append("2025-10-01"))

    assert places(findings) == [(8, "calendar.days_on")]


def test_a_board_of_fewer_than_five_is_refused() -> None:
    assert places(found(lambda of: of.update(ranking={"min_n": 4}))) == [(8, "ranking.min_n")]


@pytest.mark.parametrize("quota", [[1, 2], [34, 100], [-1, 3], [1, 0]])
def test_a_quota_above_a_third_is_refused(quota: list[int]) -> None:
    assert places(found(lambda of: of.update(grades={"quota": quota}))) == [(8, "grades.quota")]


@pytest.mark.parametrize("quota", [[1, 3], [33, 100], [0, 1]])
def test_a_quota_up_to_a_third_is_accepted(quota: list[int]) -> None:
    assert found(lambda of: of.update(grades={"quota": quota})) == ()


@pytest.mark.parametrize("value", ["0.5", "-1"])
def test_incentive_points_are_whole_and_not_negative(value: str) -> None:
    assert places(found(change("D03", incentive={"value": value}))) == [
        (8, "items.D03.incentive.value")
    ]


@pytest.mark.parametrize("budget", ["0.5", "-1"])
def test_a_budget_of_incentive_points_is_whole_and_not_negative(budget: str) -> None:
    findings = found(lambda of: of.update(incentive={"year_budget": budget}))

    assert places(findings) == [(8, "incentive.year_budget")]
    assert found(lambda of: of.update(incentive={"year_budget": "50000"})) == ()


def test_every_version_has_the_offset_of_the_first() -> None:
    moved = edited(lambda of: of.update(utc_offset="+09:00"))

    assert lint(moved, QUARTER_START, ()) == ()
    assert places(lint(moved, QUARTER_START, (default_document(),))) == [(8, "utc_offset")]


@pytest.mark.parametrize("day", ["2025-01-02", "2025-02-01", "2025-12-31"])
def test_a_version_starts_with_a_quarter(day: str) -> None:
    assert places(lint(default_document(), day, ())) == [(8, "effective_from")]


def test_findings_come_in_the_order_of_the_rules() -> None:
    document = read(
        draft()
        | {"items": draft()["items"][:30], "ranking": {"min_n": 1}, "overlays": [{"match": {}}]}
    )

    assert [finding.rule for finding in lint(document, "2025-01-02", ())] == [1, 7, 8, 8]

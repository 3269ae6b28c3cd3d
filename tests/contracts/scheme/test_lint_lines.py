"""Rules 4, 5 and 6: for each a draft that breaks it and nothing else."""

import pytest

from jifen_contracts.scheme.lint import Finding
from tests.contracts.scheme.drafts import (
    Draft,
    Edit,
    change,
    change_line,
    change_tier,
    found,
    item,
    line,
    places,
)


def test_base_lines_come_to_60_points_a_quarter() -> None:
    findings = found(change_line("A05", "committee", max="1.5"))

    assert findings == (
        Finding(
            4,
            "base.committee",
            "The base lines of capacity committee come to 58.5 a quarter and must come to 60.0: "
            "add 1.5.",
        ),
    )


def test_a_line_of_the_quarter_counts_once_in_the_sum() -> None:
    assert found(change_line("A05", "committee", max="6", per="quarter")) == ()
    assert (
        "take off 3.0" in found(change_line("A05", "committee", max="9", per="quarter"))[0].message
    )


def test_a_capacity_without_base_lines_needs_no_sum() -> None:
    def edit(of: Draft) -> None:
        for code in ("A06", "B04", "C05"):
            del item(of, code)["lines"]["unit"]

    assert found(edit) == ()


def _with_kind(code: str, capacity: str, kind: str) -> Edit:
    return lambda of: line(of, code, capacity).update(kind=kind)


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (_with_kind("D06", "unit", "base"), "items.D06.lines.unit"),
        (_with_kind("A07", "unit", "bonus"), "items.A07.lines.unit"),
        (_with_kind("D06", "unit", "deduct"), "items.D06.lines.unit"),
    ],
)
def test_kind_mode_and_caps_belong_together(edit: Edit, path: str) -> None:
    assert set(places(found(edit))) == {(4, f"{path}.mode"), (4, f"{path}.caps")}


@pytest.mark.parametrize("code", ["A01", "A07"])
def test_base_lines_and_deductions_have_no_caps(code: str) -> None:
    findings = found(change_line(code, "committee", caps={"quarter": "20"}))

    assert places(findings) == [(4, f"items.{code}.lines.committee.caps")]


def test_a_bonus_needs_a_cap_of_the_quarter_or_the_year() -> None:
    assert places(found(change_line("D03", "member", caps={"month": "1.5"}))) == [
        (4, "items.D03.lines.member.caps")
    ]
    assert found(change_line("D03", "member", caps={"year": "6"})) == ()


@pytest.mark.parametrize("value", ["0", "0.0", "-1"])
def test_a_value_is_above_zero(value: str) -> None:
    assert places(found(change_line("D03", "member", value=value))) == [
        (4, "items.D03.lines.member.value")
    ]
    assert places(found(change_tier("D07", "member", "complaint", value=value))) == [
        (4, "items.D07.lines.member.tiers.complaint.value")
    ]


def test_amounts_have_at_most_one_decimal() -> None:
    findings = found(change_line("D03", "member", value="0.25"))

    assert findings == (
        Finding(
            5,
            "items.D03.lines.member.value",
            "0.25 is no multiple of 0.1: write it with at most one decimal.",
        ),
    )


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (change_line("A05", "committee", max="2.01"), "items.A05.lines.committee.max"),
        (
            change_tier("C09", "member", "major", value="5.55"),
            "items.C09.lines.member.tiers.major.value",
        ),
        (
            change_line("D03", "member", caps={"quarter": "3.33"}),
            "items.D03.lines.member.caps.quarter",
        ),
        (change("D03", incentive={"value": "5.05"}), "items.D03.incentive.value"),
        (lambda of: of.update(grades={"excellent": "89.95"}), "grades.excellent"),
        (lambda of: of.update(ranking={"bands": ["90", "80.25", "70"]}), "ranking.bands.1"),
        (lambda of: of["health"][0].update(green="99.99"), "health.H01.green"),
    ],
)
def test_every_amount_is_looked_at(edit: Edit, path: str) -> None:
    assert places(found(edit)) == [(5, path)]


@pytest.mark.parametrize(
    ("caps", "above"),
    [
        ({"month": "4", "quarter": "3"}, "month"),
        ({"quarter": "4", "year": "3"}, "quarter"),
        ({"month": "4", "year": "3"}, "month"),
    ],
)
def test_the_cap_of_a_shorter_period_is_not_above_that_of_a_longer(
    caps: dict[str, str], above: str
) -> None:
    findings = found(change_line("D03", "member", caps=caps))

    assert places(findings) == [(5, f"items.D03.lines.member.caps.{above}")]


@pytest.mark.parametrize("period", ["month", "quarter", "year"])
def test_a_cap_is_not_below_zero(period: str) -> None:
    caps = {"month": "1.5", "quarter": "3", "year": "6"}
    periods = list(caps)[: list(caps).index(period) + 1]
    negative = caps | dict.fromkeys(periods, "-0.1")

    findings = found(change_line("D03", "member", caps=negative))

    assert places(findings) == [(5, f"items.D03.lines.member.caps.{name}") for name in periods]
    assert found(change_line("D03", "member", caps=caps | dict.fromkeys(periods, "0"))) == ()


def test_two_tiers_of_one_key_are_refused() -> None:
    findings = found(change_tier("D07", "member", "falsified", key="complaint"))

    assert places(findings) == [(5, "items.D07.lines.member.tiers.complaint")]


@pytest.mark.parametrize(
    ("field", "vague"), [("test_zh", "表现突出"), ("test_en", "Did very well"), ("test_en", "")]
)
def test_a_vague_test_is_refused(field: str, vague: str) -> None:
    findings = found(change_tier("C05", "committee", "good", **{field: vague}))

    assert places(findings) == [(5, f"items.C05.lines.committee.tiers.good.{field}")]


def test_a_test_may_name_a_figure_or_a_document() -> None:
    assert (
        found(change_tier("C05", "committee", "good", test_zh="80分以上", test_en="80 or more"))
        == ()
    )
    assert (
        found(change_tier("C05", "committee", "good", test_zh="检查报告", test_en="Check report"))
        == ()
    )


def test_incentive_values_are_for_tiers_that_exist_and_once() -> None:
    def incentive(*keys: str) -> Edit:
        return change("C09", incentive={"tiers": [{"key": key, "value": "5"} for key in keys]})

    assert places(found(incentive("general", "huge"))) == [(5, "items.C09.incentive.tiers.huge")]
    assert places(found(incentive("general", "general"))) == [
        (5, "items.C09.incentive.tiers.general")
    ]


def test_a_unit_line_is_confirmed_by_upper() -> None:
    findings = found(lambda of: line(of, "C05", "unit").pop("confirm"))

    assert findings == (
        Finding(
            6,
            "items.C05.lines.unit.confirm",
            "Units are confirmed by upper: say so in the unit line.",
        ),
    )
    assert (
        found(lambda of: line(of, "C05", "unit").pop("confirm"), change("C05", confirm="upper"))
        == ()
    )


def test_a_unit_line_cannot_weaken_who_confirms() -> None:
    assert places(found(change_line("A06", "unit", confirm="panel"))) == [
        (6, "items.A06.lines.unit.confirm")
    ]


def test_a_unit_has_no_shares() -> None:
    def edit(of: Draft) -> None:
        lines = item(of, "C06")["lines"]
        lines["unit"] = lines["member"] | {"confirm": "upper"}

    assert places(found(edit)) == [(6, "items.C06.lines.unit.mode")]


def test_only_a_unit_line_names_who_confirms_it() -> None:
    assert places(found(change_line("C05", "member", confirm="upper"))) == [
        (6, "items.C05.lines.member.confirm")
    ]


def test_together_needs_both_lines() -> None:
    assert places(found(change("D03", dual="together"))) == [(6, "items.D03.dual")]


def test_together_needs_one_mode() -> None:
    assert places(found(change("C06", dual="together"))) == [(6, "items.C06.dual")]


def test_required_evidence_needs_a_kind() -> None:
    assert places(found(change("D03", evidence={"required": True}))) == [(6, "items.D03.evidence")]
    assert found(change("D03", evidence={})) == ()

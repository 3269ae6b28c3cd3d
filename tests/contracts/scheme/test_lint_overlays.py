"""Rule 7: overlays change what they may, within limits, and never contradict each other."""

import pytest

from jifen_contracts.scheme.lint import Finding
from tests.contracts.scheme.drafts import Draft, found, with_overlays

CHECK = [{"zh": "检查记录", "en": "Check record"}]


def overlay(match: dict[str, str], **changes: object) -> Draft:
    return {"match": match, **changes}


def for_post(post: str, **changes: object) -> Draft:
    return overlay({"post": post}, **changes)


def for_class(unit_class: str, **changes: object) -> Draft:
    return overlay({"class": unit_class}, **changes)


def values(item: str, capacity: str, **changes: object) -> list[Draft]:
    return [{"item": item, "capacity": capacity, **changes}]


def counts(**by_item: int) -> list[Draft]:
    return [{"item": item, "count": count} for item, count in by_item.items()]


def paths(*overlays: Draft) -> list[str]:
    findings = found(with_overlays(*overlays))
    assert {finding.rule for finding in findings} <= {7}
    return [finding.path for finding in findings]


def test_an_overlay_for_everybody_is_refused() -> None:
    assert paths(overlay({}, checklist=CHECK)) == ["overlays.0.match"]


def test_an_excluded_item_exists() -> None:
    assert paths(for_class("office", exclude=["C05", "C99"])) == ["overlays.0.exclude.C99"]


@pytest.mark.parametrize("item", ["D03", "A07", "C99"])
def test_a_count_is_required_only_of_a_ratio(item: str) -> None:
    assert paths(for_class("office", required=counts(**{item: 1}))) == [
        f"overlays.0.required.{item}"
    ]


def test_a_checklist_needs_its_item() -> None:
    def without_a03(of: Draft) -> None:
        of["items"] = [item for item in of["items"] if item["code"] != "A03"]
        of["overlays"] = [for_post("secretary", checklist=CHECK)]

    assert (7, "overlays.0.checklist") in [(each.rule, each.path) for each in found(without_a03)]


@pytest.mark.parametrize("value", ["0.3", "0.4", "0.7"])
def test_a_bonus_value_may_change_within_50_to_150_percent(value: str) -> None:
    assert paths(for_class("office", values=values("D03", "member", value=value))) == []


@pytest.mark.parametrize("value", ["0.2", "0.8", "-0.5"])
def test_a_bonus_value_outside_50_to_150_percent_is_refused(value: str) -> None:
    findings = found(
        with_overlays(for_class("office", values=values("D03", "member", value=value)))
    )

    assert findings == (
        Finding(7, "overlays.0.values.D03.member.value", f"{value} is outside 50 to 150 % of 0.5."),
    )


def test_caps_and_tiers_have_the_same_limits() -> None:
    changes = values(
        "C09",
        "member",
        tiers=[{"key": "larger", "value": "4.5"}, {"key": "major", "value": "7.6"}],
        caps={"month": "1.5", "quarter": "13.6"},
    )

    assert paths(for_class("frontline", values=changes)) == [
        "overlays.0.values.C09.member.tiers.major",
        "overlays.0.values.C09.member.caps.quarter",
    ]


@pytest.mark.parametrize(
    ("item", "capacity"),
    [("A01", "committee"), ("A07", "committee"), ("D03", "unit"), ("C99", "member")],
)
def test_only_bonus_lines_change(item: str, capacity: str) -> None:
    assert paths(for_class("office", values=values(item, capacity, value="1"))) == [
        f"overlays.0.values.{item}.{capacity}"
    ]


@pytest.mark.parametrize(
    ("item", "change", "path"),
    [
        ("D03", {"caps": {"year": "9"}}, "caps.year"),
        ("D03", {"tiers": [{"key": "good", "value": "1"}]}, "tiers.good"),
        ("C09", {"tiers": [{"key": "huge", "value": "5"}]}, "tiers.huge"),
        ("C09", {"value": "1"}, "value"),
    ],
)
def test_an_overlay_adds_no_value_tier_or_cap(item: str, change: Draft, path: str) -> None:
    assert paths(for_class("office", values=values(item, "member", **change))) == [
        f"overlays.0.values.{item}.member.{path}"
    ]


def test_changed_caps_stay_in_order() -> None:
    # The cap of the quarter comes down to 2 and that of the month goes up to 2.1.
    changes = values("D03", "member", caps={"month": "2.1", "quarter": "2"})

    assert paths(for_class("office", values=changes)) == ["overlays.0.values.D03.member.caps.month"]


def test_an_inexact_value_is_rule_5() -> None:
    findings = found(
        with_overlays(for_class("office", values=values("D03", "member", value="0.55")))
    )

    assert [(each.rule, each.path) for each in findings] == [
        (5, "overlays.0.values.D03.member.value")
    ]


def test_an_overlay_says_everything_once() -> None:
    twice = for_class(
        "office",
        exclude=["C05", "C05"],
        required=counts(C08=1) * 2,
        values=values("D03", "member", value="0.4") * 2,
    )

    assert paths(twice) == [
        "overlays.0.exclude.C05",
        "overlays.0.required.C08",
        "overlays.0.values.D03.member.value",
    ]


def test_an_overlay_does_not_change_what_it_excludes() -> None:
    assert paths(
        for_class("office", exclude=["C08", "A03"], required=counts(C08=1), checklist=CHECK)
    ) == [
        "overlays.0.required.C08",
        "overlays.0.checklist",
    ]


SAME_FIELD: list[tuple[Draft, str]] = [
    ({"exclude": ["C05"]}, "exclude.C05"),
    ({"required": counts(C08=2)}, "required.C08"),
    ({"checklist": CHECK}, "checklist"),
    ({"values": values("D03", "member", value="0.4")}, "values.D03.member.value"),
    ({"values": values("D03", "member", caps={"month": "1"})}, "values.D03.member.caps"),
    (
        {"values": values("C09", "member", tiers=[{"key": "major", "value": "6"}])},
        "values.C09.member.tiers.major",
    ),
]


@pytest.mark.parametrize(("changes", "field"), SAME_FIELD)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"class": "office"}, {"class": "office"}),
        ({"post": "secretary"}, {"post": "secretary"}),
        ({"post": "secretary"}, {"class": "office"}),
        ({"post": "secretary", "class": "office"}, {"class": "office"}),
    ],
)
def test_two_overlays_of_one_person_do_not_touch_the_same_field(
    one: dict[str, str], other: dict[str, str], changes: Draft, field: str
) -> None:
    findings = found(with_overlays(overlay(one, **changes), overlay(other, **changes)))

    assert findings == (
        Finding(
            7,
            f"overlays.1.{field}",
            "Overlay 0 touches this too for the same person: keep it in one.",
        ),
    )


@pytest.mark.parametrize(("changes", "_field"), SAME_FIELD)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"class": "office"}, {"class": "support"}),
        ({"post": "secretary", "class": "office"}, {"class": "frontline"}),
    ],
)
def test_overlays_that_no_person_has_in_common_may_touch_the_same_field(
    one: dict[str, str], other: dict[str, str], changes: Draft, _field: str
) -> None:
    assert paths(overlay(one, **changes), overlay(other, **changes)) == []


def test_checklists_and_counts_of_two_posts_add_up_and_do_not_clash() -> None:
    changes = {"required": counts(A03=1), "checklist": CHECK}

    assert paths(for_post("secretary", **changes), for_post("discipline", **changes)) == []


def test_values_and_exclusions_of_two_posts_clash() -> None:
    secretary = for_post("secretary", exclude=["C05"], values=values("D03", "member", value="0.4"))
    discipline = for_post(
        "discipline", exclude=["C05"], values=values("D03", "member", value="0.6")
    )

    assert paths(secretary, discipline) == [
        "overlays.1.exclude.C05",
        "overlays.1.values.D03.member.value",
    ]


def test_one_overlay_does_not_change_what_another_excludes() -> None:
    excluding = for_class("office", exclude=["D03", "A03"])
    changing = for_post("secretary", values=values("D03", "member", value="0.4"), checklist=CHECK)

    clashes = ["overlays.1.checklist", "overlays.1.values.D03.member.value"]
    assert paths(excluding, changing) == clashes
    assert paths(changing, excluding) == clashes

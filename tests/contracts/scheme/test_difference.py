import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.difference import Added, Change, Changed, Removed, difference
from tests.contracts.scheme.drafts import Draft, Edit, draft, edited, item, line, read

DEFAULT = default_document()


def changes(*edits: Edit) -> list[Change]:
    return list(difference(DEFAULT, edited(*edits)))


def test_a_document_does_not_differ_from_itself() -> None:
    assert difference(DEFAULT, read(draft())) == ()


def test_order_and_spelled_out_defaults_are_no_difference() -> None:
    def edit(of: Draft) -> None:
        of["items"].reverse()
        of["overlays"].reverse()
        of["calendar"]["days_off"].reverse()
        line(of, "C09", "member")["tiers"].reverse()
        of["calendar"]["claims_day"] = 3
        item(of, "A01")["dual"] = "separate"

    assert changes(edit) == []


def test_a_value_that_changed_is_shown_with_both_figures() -> None:
    assert changes(lambda of: line(of, "D03", "member").update(value="0.6")) == [
        Changed("items.D03.lines.member.value", "0.5", "0.6")
    ]


def test_a_tier_is_told_apart_by_its_key() -> None:
    def edit(of: Draft) -> None:
        tiers = line(of, "C05", "committee")["tiers"]
        tiers[1]["value"] = "2.5"
        tiers[0] = {"key": "fair", "value": "1", "test_zh": "70分以上", "test_en": "70 or more"}

    path = "items.C05.lines.committee.tiers"
    assert changes(edit) == [
        Removed(
            f"{path}.good",
            "key good, value 1, test_zh 所负责班组月度检查80分及以上, "
            "test_en Own team scored 80 or more in the monthly check, outside_month false",
        ),
        Changed(f"{path}.excellent.value", "2", "2.5"),
        Added(
            f"{path}.fair",
            "key fair, value 1, test_zh 70分以上, test_en 70 or more, outside_month false",
        ),
    ]


def test_an_item_that_replaces_another_is_shown_by_its_names() -> None:
    replaced = {"code": "D08", "name_zh": "新事项", "name_en": "New item"}

    assert changes(lambda of: item(of, "D07").update(replaced)) == [
        Removed("items.D07", "群众监督扣分 · Upheld complaint or falsification"),
        Added("items.D08", "新事项 · New item"),
    ]


def test_a_line_and_a_cap_may_come_and_go() -> None:
    def edit(of: Draft) -> None:
        del item(of, "B04")["lines"]["unit"]
        line(of, "D03", "member")["caps"] = {"quarter": "3", "year": "9"}

    assert changes(edit) == [
        Removed("items.B04.lines.unit", "kind base, confirm upper, mode R, max 5, per month"),
        Removed("items.D03.lines.member.caps.month", "1.5"),
        Added("items.D03.lines.member.caps.year", "9"),
    ]


def test_tags_and_days_are_compared_as_sets() -> None:
    def edit(of: Draft) -> None:
        item(of, "D03")["tags"] = ["随手拍", "专项行动"]
        of["calendar"]["days_off"].remove("2025-10-08")

    assert changes(edit) == [
        Added("items.D03.tags.专项行动", "专项行动"),
        Removed("calendar.days_off.2025-10-08", "2025-10-08"),
    ]


def test_bands_and_quota_are_compared_as_they_stand() -> None:
    def edit(of: Draft) -> None:
        of["grades"] = {"quota": [1, 4]}
        of["ranking"] = {"bands": ["95", "80", "70"]}

    assert changes(edit) == [
        Changed("grades.quota", "1, 3", "1, 4"),
        Changed("ranking.bands", "90, 80, 70", "95, 80, 70"),
    ]


def test_overlays_are_told_apart_by_whom_they_match() -> None:
    def edit(of: Draft) -> None:
        of["overlays"][0]["required"] = [{"item": "A03", "count": 6}]
        of["overlays"][1]["checklist"][0] = {"zh": "核对名册", "en": "Check the roll"}
        of["overlays"][6].pop("exclude")
        of["overlays"].append(
            {
                "match": {"post": "other", "class": "office"},
                "values": [{"item": "D03", "capacity": "member", "value": "0.4"}],
            }
        )

    assert changes(edit) == [
        Changed("overlays.secretary.required.A03.count", "5", "6"),
        Removed(
            "overlays.organisation.checklist.更新党员名册和组织关系",
            "zh 更新党员名册和组织关系, en Keep the member roll and transfers up to date",
        ),
        Added("overlays.organisation.checklist.核对名册", "zh 核对名册, en Check the roll"),
        Removed("overlays.office.exclude.C05", "C05"),
        Added(
            "overlays.other+office",
            "match post other, class office, "
            "values D03.member item D03, capacity member, value 0.4",
        ),
    ]


def test_two_overlays_of_one_match_stay_two() -> None:
    second = {"match": {"class": "office"}, "exclude": ["C07"]}

    assert changes(lambda of: of["overlays"].append(second)) == [
        Added("overlays.office#2", "match class office, exclude C07")
    ]


def test_a_mode_that_changed_is_shown_with_what_came_and_went() -> None:
    shares = [{"key": "small", "value": "6"}]

    found = changes(
        lambda of: item(of, "D03")["lines"].update(
            member={"kind": "bonus", "mode": "S", "tiers": shares, "caps": {"quarter": "3"}}
        )
    )

    path = "items.D03.lines.member"
    assert Changed(f"{path}.mode", "E", "S") in found
    assert Removed(f"{path}.value", "0.5") in found
    assert any(isinstance(change, Added) and change.path == f"{path}.tiers" for change in found)


@pytest.mark.parametrize("code", ["A01", "C09"])
def test_the_way_back_shows_the_same_places(code: str) -> None:
    other = edited(lambda of: item(of, code).update(incentive={"value": "7"}, name_en="Renamed"))

    there = difference(DEFAULT, other)
    back = difference(other, DEFAULT)

    assert {change.path for change in there} == {change.path for change in back}
    assert there

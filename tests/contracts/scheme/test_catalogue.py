from datetime import date
from hashlib import sha256

import pytest

from jifen_contracts.scheme import catalogue as module
from jifen_contracts.scheme.calendar import working_days
from jifen_contracts.scheme.catalogue import effective_catalogue
from jifen_contracts.scheme.default import default_document
from tests.contracts.scheme.drafts import Draft, draft, edited, item, line, read, with_overlays

NOBODY: frozenset[str] = frozenset()
POSTS = ("secretary", "organisation", "publicity", "discipline")


def test_two_posts_have_different_checklists_and_the_same_31_codes() -> None:
    catalogues = [
        effective_catalogue(default_document(), frozenset({post}), None) for post in POSTS
    ]

    assert len({catalogue.checklist for catalogue in catalogues}) == len(POSTS)
    assert all(catalogue.checklist for catalogue in catalogues)
    assert {tuple(catalogue.items) for catalogue in catalogues} == {
        tuple(effective_catalogue(default_document(), NOBODY, None).items)
    }


@pytest.mark.parametrize("post", POSTS)
def test_a_post_requires_a_record_for_every_line_of_its_checklist(post: str) -> None:
    catalogue = effective_catalogue(default_document(), frozenset({post}), None)

    assert catalogue.items["A03"].lines["committee"].required == len(catalogue.checklist)


def test_somebody_with_two_posts_has_both_checklists_and_both_counts() -> None:
    document = default_document()
    secretary = effective_catalogue(document, frozenset({"secretary"}), None)
    publicity = effective_catalogue(document, frozenset({"publicity"}), None)

    both = effective_catalogue(document, frozenset({"publicity", "secretary"}), None)

    assert both.checklist == secretary.checklist + publicity.checklist
    assert both.items["A03"].lines["committee"].required == len(both.checklist)


def test_without_an_overlay_nothing_is_required() -> None:
    catalogue = effective_catalogue(default_document(), frozenset({"other"}), None)

    assert catalogue.checklist == ()
    assert all(
        line.required is None for item in catalogue.items.values() for line in item.lines.values()
    )


def test_a_class_of_units_excludes_items_and_requires_its_own_counts() -> None:
    office = effective_catalogue(default_document(), NOBODY, "office")
    frontline = effective_catalogue(default_document(), NOBODY, "frontline")

    assert frontline.items.keys() - office.items.keys() == {"C05"}
    assert office.items["C08"].lines["member"].required == 1
    assert frontline.items["C08"].lines["member"].required == 4


def test_a_count_is_required_in_ratio_lines_only() -> None:
    frontline = effective_catalogue(default_document(), NOBODY, "frontline")

    assert frontline.items["C08"].lines["committee"].required is None


def test_an_overlay_for_post_and_class_needs_both() -> None:
    document = edited(
        with_overlays({"match": {"post": "other", "class": "office"}, "exclude": ["C08"]})
    )

    def has_c08(posts: frozenset[str], unit_class: str | None) -> bool:
        return "C08" in effective_catalogue(document, posts, unit_class).items

    other = frozenset({"other"})
    assert not has_c08(other, "office")
    assert [has_c08(other, None), has_c08(other, "support"), has_c08(NOBODY, "office")] == [
        True
    ] * 3


def test_an_overlay_changes_values_tiers_and_caps_and_leaves_the_rest() -> None:
    values: list[Draft] = [
        {"item": "D03", "capacity": "member", "value": "0.7", "caps": {"month": "2"}},
        {"item": "C09", "capacity": "member", "tiers": [{"key": "larger", "value": "4"}]},
    ]
    document = edited(with_overlays({"match": {"class": "frontline"}, "values": values}))

    changed = effective_catalogue(document, NOBODY, "frontline").items
    plain = effective_catalogue(document, NOBODY, "support").items

    snap, hazard = changed["D03"].lines["member"], changed["C09"].lines["member"]
    assert (snap.value, snap.month_cap, snap.quarter_cap) == (7, 20, 30)
    assert {key: tier.value for key, tier in hazard.tiers.items()} == {
        "general": 5,
        "larger": 40,
        "major": 50,
    }
    assert hazard.tiers["major"].outside_month
    assert plain["D03"].lines["member"].value == 5
    others = plain.keys() - {"C09", "D03"}
    assert {code: changed[code] for code in others} == {code: plain[code] for code in others}
    assert list(changed) == list(plain)


def test_an_overlay_of_one_capacity_leaves_the_other_alone() -> None:
    values = [{"item": "D05", "capacity": "member", "value": "0.4"}]
    document = edited(with_overlays({"match": {"post": "other"}, "values": values}))

    lines = effective_catalogue(document, frozenset({"other"}), None).items["D05"].lines

    assert (lines["committee"].value, lines["member"].value) == (5, 4)


def test_the_hash_follows_what_is_in_force_and_nothing_else() -> None:
    document = default_document()
    spelled_out = draft()
    item(spelled_out, "A01")["dual"] = "separate"
    other_terms = draft() | {"ranking": {"min_n": 9}, "name_zh": "另一个名称"}
    dearer = draft()
    line(dearer, "D03", "member")["value"] = "0.6"

    of_everybody = effective_catalogue(document, NOBODY, None).hash

    assert effective_catalogue(document, frozenset({"other"}), None).hash == of_everybody
    assert effective_catalogue(read(spelled_out), NOBODY, None).hash == of_everybody
    assert effective_catalogue(read(other_terms), NOBODY, None).hash == of_everybody
    different = [
        of_everybody,
        effective_catalogue(read(dearer), NOBODY, None).hash,
        effective_catalogue(document, frozenset({"secretary"}), None).hash,
        effective_catalogue(document, NOBODY, "office").hash,
        effective_catalogue(document, NOBODY, "support").hash,
    ]
    assert len(set(different)) == len(different)


def test_the_hash_is_that_of_the_canonical_items_counts_and_checklist() -> None:
    document = edited(
        lambda of: of.update(items=[item(of, "A03")]),
        with_overlays(
            {
                "match": {"post": "other"},
                "required": [{"item": "A03", "count": 1}],
                "checklist": [{"zh": "值班记录", "en": "Duty log"}],
            }
        ),
    )
    in_force = (
        '{"checklist":[{"en":"Duty log","zh":"值班记录"}],"items":[{"code":"A03","confirm":"panel",'
        '"evidence":{"kinds":["record","document"]},"focus":"party",'
        '"lines":{"committee":{"kind":"base","max":"5","mode":"R"}},"measure_of":"duty",'
        '"name_en":"Committee duties tailored to the post","name_zh":"支委分工履职",'
        '"preliminary":"recorder","tags":["量身定制"]}],"required":[{"count":1,"item":"A03"}]}'
    )

    catalogue = effective_catalogue(document, frozenset({"other"}), None)

    assert catalogue.hash == sha256(in_force.encode()).hexdigest()


def test_the_same_question_is_answered_by_the_same_object() -> None:
    document = read(draft())

    first = effective_catalogue(document, frozenset({"secretary"}), "office")

    assert effective_catalogue(document, frozenset({"secretary"}), "office") is first


def test_memory_for_documents_is_bounded_and_forgetting_changes_no_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "DOCUMENTS_MAX", 2)
    monkeypatch.setattr(module, "_held", {})
    documents = [read(draft() | {"items": draft()["items"][:n]}) for n in range(1, 6)]

    sizes = [len(effective_catalogue(document, NOBODY, None).items) for document in documents * 2]

    assert sizes == [1, 2, 3, 4, 5] * 2
    assert len(module._held) == 2


def test_values_are_tenths() -> None:
    items = effective_catalogue(default_document(), NOBODY, None).items

    assert items["C11"].lines["committee"].tiers["serious"].value == 25
    assert items["C04"].lines["member"].year_cap == 200
    assert items["A01"].lines["committee"].max == 50


def test_working_days_of_a_document_are_those_of_its_calendar() -> None:
    document = edited(lambda of: of.update(calendar={"days_off": ["2025-03-03"]}))

    assert working_days(document).on_or_after(date(2025, 3, 1)) == date(2025, 3, 4)

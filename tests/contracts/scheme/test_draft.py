"""A draft is read from YAML or JSON, or its author is told where it is wrong and how to mend it."""

import json
from importlib.resources import files

import pytest

from jifen_contracts.scheme.default import DEFAULT_FILE, default_document, document_object
from jifen_contracts.scheme.draft import (
    DRAFT_CHARS_MAX,
    DraftUnreadable,
    Fault,
    read_draft,
    written,
)

YAML = (files("jifen_contracts.scheme") / DEFAULT_FILE).read_text(encoding="utf-8")


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(DraftUnreadable) as unreadable:
        read_draft(text)
    return unreadable.value.faults


def changed(old: str, new: str) -> str:
    assert old in YAML
    return YAML.replace(old, new, 1)


def test_yaml_and_json_give_the_same_document() -> None:
    as_json = json.dumps(document_object(default_document()), indent="\t", ensure_ascii=False)

    assert read_draft(YAML) == read_draft(as_json) == default_document()


def test_a_document_that_is_written_is_read_again() -> None:
    assert read_draft(written(default_document())) == default_document()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'max: "5"',
            "max: 5",
            Fault("items.A01.lines.committee.max", '5 is a number here: put it in quotes, "5".'),
        ),
        (
            '- "2026-02-20"',
            "- 2026-02-20",
            Fault(
                "calendar.days_off.24",
                '2026-02-20 is a date here: put it in quotes, "2026-02-20".',
            ),
        ),
        (
            "max_count: 1, caps",
            "max_count: 1, cap",
            Fault(
                "items.A04.lines.committee.cap",
                "There is no such field: take it out, or look at its spelling.",
            ),
        ),
        (
            "schema: jifen.scheme/1\n",
            "",
            Fault("schema", "This is missing: a document needs it."),
        ),
        (
            "name_zh: 支委积分制",
            "name_zh: 支委积分制\nname_zh: 另一个",
            Fault("line 14, column 1", "name_zh stands here twice: keep one"),
        ),
        (
            "score_function: score/1",
            "score_function: score/2",
            Fault("score_function", "Input should be 'score/1'."),
        ),
    ],
)
def test_a_fault_is_told_with_its_place_and_its_mend(old: str, new: str, fault: Fault) -> None:
    assert faults(changed(old, new)) == (fault,)


def test_every_fault_is_told_at_once() -> None:
    text = changed('max: "5"', "max: 5").replace("code: D07", "code: d7")

    assert [fault.path for fault in faults(text)] == [
        "items.A01.lines.committee.max",
        "items.d7.code",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "write one object with schema, items and so on"),
        ("- a\n- b", "write one object with schema, items and so on"),
        ("x" * (DRAFT_CHARS_MAX + 1), f"longer than {DRAFT_CHARS_MAX} characters"),
        ("[" * 3000, "nested too deeply"),
        ("a: &a [*a]", "nested too deeply"),
    ],
)
def test_what_is_no_document_at_all_is_said_to_be_none(text: str, fault: str) -> None:
    assert faults(text) == (Fault("document", fault),)


def test_a_few_lines_that_stand_for_millions_of_values_are_not_followed() -> None:
    first = "a0: &a0 [1,1,1,1,1,1,1,1,1]"
    more = [f"a{n + 1}: &a{n + 1} [{','.join([f'*a{n}'] * 9)}]" for n in range(8)]

    assert faults("\n".join([first, *more])) == (Fault("document", "more than 50000 values"),)


def test_text_that_is_not_yaml_is_told_with_its_line() -> None:
    assert [fault.path for fault in faults("name_zh: x\nitems: [")] == ["line 2, column 9"]

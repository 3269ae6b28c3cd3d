import json

import pytest
from pydantic import ValidationError

from jifen_contracts.canonical import canonical, decode
from jifen_contracts.scheme.default import default_document, document_object
from jifen_contracts.scheme.document import SchemeDocument
from tests.contracts.scheme.drafts import Edit, draft, edited, item, line, read


def test_a_document_survives_the_wire() -> None:
    payload = canonical(document_object(default_document()))

    assert read(decode(payload)) == default_document()
    assert SchemeDocument.model_validate_json(payload) == default_document()


def test_what_equals_its_default_is_left_out() -> None:
    spelled_out = draft()
    spelled_out["calendar"] |= {"claims_day": 3, "late_days": 90}
    spelled_out["ranking"] = {"min_n": 5, "policy": {"member": "bands"}}
    item(spelled_out, "A01")["stack"] = "highest"
    line(spelled_out, "A01", "committee")["per"] = "month"

    assert document_object(read(spelled_out)) == document_object(default_document())


def test_what_differs_from_its_default_stays() -> None:
    document = edited(
        lambda of: of["calendar"].update(claims_day=5),
        lambda of: of.update(ranking={"policy": {"member": "off"}}),
        lambda of: of["overlays"].append({"match": {"class": "office", "post": "other"}}),
    )

    wire = document_object(document)

    assert wire["calendar"]["claims_day"] == 5
    assert wire["ranking"] == {"policy": {"member": "off"}}
    assert wire["overlays"][-1] == {"match": {"class": "office", "post": "other"}}


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda of: of.update(owner="plant"), id="unknown field"),
        pytest.param(lambda of: item(of, "A01").update(weight="2"), id="unknown field of an item"),
        pytest.param(lambda of: line(of, "A01", "committee").update(max=5), id="amount as number"),
        pytest.param(
            lambda of: line(of, "A01", "committee").update(max="five"), id="amount in words"
        ),
        pytest.param(lambda of: line(of, "D03", "member").update(max_count=0), id="no count"),
        pytest.param(
            lambda of: line(of, "D03", "member").update(max_count="1"), id="count as text"
        ),
        pytest.param(lambda of: line(of, "C03", "member").update(tiers=[]), id="no tiers"),
        pytest.param(lambda of: line(of, "C03", "member").update(mode="X"), id="unknown mode"),
        pytest.param(lambda of: item(of, "A01").update(name_zh="三" * 41), id="long name"),
        pytest.param(lambda of: item(of, "A01").update(name_en="two\nlines"), id="two lines"),
        pytest.param(
            lambda of: line(of, "C03", "member")["tiers"][0].update(test_zh="三" * 61),
            id="long test",
        ),
        pytest.param(lambda of: of.update(utc_offset="Asia/Shanghai"), id="time zone"),
        pytest.param(lambda of: of.update(score_function="score/9"), id="unknown score function"),
        pytest.param(lambda of: of.update(schema="jifen.scheme/2"), id="unknown schema"),
        pytest.param(lambda of: of["calendar"]["days_off"].append("2025-02-30"), id="no such day"),
        pytest.param(lambda of: of.update(grades={"quota": [1, 2, 3]}), id="quota of three"),
        pytest.param(
            lambda of: of.update(incentive={"expiry": {"then": "02-29"}}),
            id="a day that not every year has",
        ),
        pytest.param(lambda of: of.update(items=of["items"] * 3), id="too many items"),
        pytest.param(
            lambda of: of["overlays"].append({"match": {"post": "treasurer"}}), id="unknown post"
        ),
    ],
)
def test_a_document_of_another_shape_is_refused(edit: Edit) -> None:
    changed = draft()
    edit(changed)

    with pytest.raises(ValidationError):
        read(changed)
    with pytest.raises(ValidationError):
        SchemeDocument.model_validate_json(json.dumps(changed))


def test_a_draft_may_lack_what_lint_asks_for() -> None:
    bare = {"code": "A01", "lines": {}}

    document = edited(lambda of: of.update(items=[bare]))

    assert document_object(document)["items"] == [bare]


def test_a_document_never_changes() -> None:
    with pytest.raises(ValidationError):
        default_document().name_zh = "另一个"  # type: ignore[misc]

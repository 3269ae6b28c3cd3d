"""A scheme over time: E47 to E52, asked of the fold and of the naive model."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen_contracts.canonical import decode
from jifen_contracts.scheme.default import default_document, document_object
from jifen_contracts.scheme.effective import effective_of
from tests.support import builders as build
from tests.support.ledgers import Ledger
from tests.support.people import ANNA, BO, BRANCH_X, DORA

Document = dict[str, Any]
Edit = Callable[[Document], object]
IN_TIME = "2023-09-20"


def item(document: Document, code: str) -> Document:
    return next(one for one in document["items"] if one["code"] == code)


def document(*edits: Edit) -> Document:
    whole: Document = document_object(default_document())
    for edit in edits:
        edit(whole)
    return whole


def dearer(whole: Document) -> None:
    item(whole, "D03")["lines"]["member"]["value"] = "0.7"


def replaced(whole: Document) -> None:
    item(whole, "D03").update(code="D08", name_zh="随手改", name_en="Snap repair")


def second(effective_from: str = "2023-10-01", *edits: Edit, **more: Any) -> bytes:
    more = {"recorded": IN_TIME} | more
    return build.published(2, effective_from, document=document(*edits), **more)


def codes(ledger: Ledger, *payloads: bytes) -> list[str | None]:
    return [ledger.receive(payload).code for payload in payloads]


def bonus(ledger: Ledger, *quarters: str) -> list[int]:
    return [ledger.scores(ANNA, "member", quarter)[2] for quarter in quarters]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2023-09-15", "effective_date_invalid"),  # in mid-quarter
        ("2023-11-01", "effective_date_invalid"),
        ("2023-07-01", "effective_date_invalid"),  # past, and no word why
        ("2023-10-01", None),
        ("2024-01-01", None),
    ],
)
def test_e47_values_change_with_a_quarter_to_come(
    ledger: Ledger, day: str, code: str | None
) -> None:
    assert codes(ledger, second(day, dearer)) == [code]


def test_e47_the_deed_date_picks_the_version_whenever_it_is_decided(ledger: Ledger) -> None:
    before = build.earned("c-before", on="2023-09-28")
    late = build.earned("c-late", on="2023-09-29", recorded="2023-10-20")
    after = build.earned("c-after", on="2023-10-01", recorded="2023-10-02")

    found = codes(ledger, before, second("2023-10-01", dearer), late, after)
    for claim in (before, late, after):
        found += codes(ledger, *build.decided(claim)[1:])

    assert set(found) == {None}
    assert bonus(ledger, "2023-Q3", "2023-Q4") == [10, 7]


def test_e47_nothing_that_was_verified_is_scored_again(ledger: Ledger) -> None:
    for payload in build.decided(build.earned("c-1")):
        ledger.receive(payload)
    before = ledger.balances()

    record = ledger.receive(second("2023-07-01", dearer, retroactive="wrong_value"))

    assert (record.status, record.postings, ledger.balances()) == ("recorded", (), before)


def test_e48_a_replaced_item_takes_a_new_code_and_the_old_one_is_retired_for_ever(
    ledger: Ledger,
) -> None:
    reused: Edit = lambda whole: item(whole, "D03").update(name_zh="另一件事")  # noqa: E731
    third = build.published(3, "2024-01-01", document=document(), recorded="2023-12-20")

    found = codes(
        ledger,
        second("2023-10-01", reused),
        second("2023-10-01", replaced),
        third,
        build.earned("c-old", on="2023-09-30", recorded="2023-10-02"),
        build.earned("c-gone", on="2023-10-02"),
        build.earned("c-new", "D08", on="2023-10-02"),
    )

    assert found == ["scheme_invalid", None, "scheme_invalid", None, "unknown_item", None]


def test_e48_caps_count_for_each_code_by_itself(ledger: Ledger) -> None:
    """1.5 a month is the cap of either code."""
    claims = [
        *(build.earned(f"c-old-{number}", on="2023-09-04") for number in range(4)),
        *(build.earned(f"c-new-{number}", "D08", on="2023-10-04") for number in range(4)),
    ]

    found = codes(ledger, second("2023-10-01", replaced))
    for claim in claims:
        who = str(decode(claim)["data"]["claim"])  # type: ignore[index]
        steps = (
            build.preliminary(who, deciders=("m-specialist",), recorded=build.later(claim, 1)),
            build.verified(who, recorded=build.later(claim, 14)),
        )
        found += codes(ledger, claim, *steps)

    assert set(found) == {None}
    assert bonus(ledger, "2023-Q3", "2023-Q4") == [15, 15]


@pytest.mark.parametrize("count", [30, 32])
def test_e48_e51_there_are_31_items_before_and_after(ledger: Ledger, count: int) -> None:
    def edit(whole: Document) -> None:
        extra = item(whole, "D07") | {"code": "D08", "name_zh": "专项", "name_en": "Campaign"}
        whole["items"] = [*whole["items"], extra][:count]
        if count < 31:
            whole["items"] = whole["items"][:count]

    assert codes(ledger, second("2023-10-01", edit)) == ["scheme_invalid"]


def test_e49_a_wrong_value_is_corrected_by_a_version_reversals_and_new_decisions(
    ledger: Ledger,
) -> None:
    for payload in build.decided(build.earned("c-1")):
        ledger.receive(payload)
    open_ = build.earned("c-open", on="2023-07-20")
    ledger.receive(open_)
    version = second("2023-07-01", dearer, retroactive="wrong_value")
    again = build.earned("c-2", deed="deed-c-1", replaces="c-1", recorded="2023-09-22")

    found = codes(
        ledger,
        version,
        *build.decided(open_)[1:],
        build.reversal("c-1", recorded="2023-09-21"),
        *build.decided(again),
    )

    assert set(found) == {None}
    # The claim that was open is valued by the new version, the other one after it was reversed.
    assert bonus(ledger, "2023-Q3") == [14]


@pytest.mark.parametrize(
    "overlays",
    [
        # Two overlays of one person touch the same count.
        [{"match": {"post": "other"}, "required": [{"item": "C08", "count": 1}]},
         {"match": {"class": "office"}, "required": [{"item": "C08", "count": 2}]}],
        # One excludes what the other changes.
        [{"match": {"class": "office"}, "exclude": ["D03"]},
         {"match": {"post": "other"},
          "values": [{"item": "D03", "capacity": "member", "value": "0.4"}]}],
        # More than an overlay may change.
        [{"match": {"class": "office"},
          "values": [{"item": "D03", "capacity": "member", "value": "0.9"}]}],
    ],
)  # fmt: skip
def test_e50_overlays_that_contradict_are_not_published(
    ledger: Ledger, overlays: list[Document]
) -> None:
    edit: Edit = lambda whole: whole.update(overlays=overlays)  # noqa: E731

    assert codes(ledger, second("2023-10-01", edit)) == ["scheme_invalid"]


def test_e50_an_item_without_meaning_in_a_unit_is_excluded_or_nothing_is_due(
    ledger: Ledger,
) -> None:
    """The office has no team building; where no drill was due, all of it is excused."""
    excused = build.fact("c-drill", "C08", DORA, required=1, excused=1, done=0)

    found = codes(
        ledger,
        build.fact("c-team", "C05", DORA),
        excused,
        build.preliminary("c-drill", DORA, deciders=("m-specialist",)),
        build.verified("c-drill", DORA, deciders=("m-panel-y1", "m-panel-y2")),
    )

    assert found == ["item_not_applicable", None, None, None]
    earned, applicable, *_, score = ledger.scores(DORA, "member", "2023-Q3")
    assert (earned, applicable, score) == (0, 0, None)


def test_e51_a_campaign_is_a_tag_on_a_code_that_exists(ledger: Ledger) -> None:
    edit: Edit = lambda whole: item(whole, "D03")["tags"].append("安全月")  # noqa: E731

    found = codes(
        ledger,
        second("2023-10-01", edit),
        *build.decided(build.earned("c-1", on="2023-10-05", holder=BO)),
    )

    assert found == [None] * 4


def test_e52_a_version_pins_its_score_function_and_old_claims_keep_their_catalogue(
    ledger: Ledger,
) -> None:
    for payload in build.decided(build.earned("c-1")):
        ledger.receive(payload)
    before = ledger.scores(ANNA, "member", "2023-Q3")
    other = document() | {"score_function": "score/2"}

    found = codes(ledger, build.published(2, "2023-10-01", document=other, recorded=IN_TIME),
                  second("2023-10-01", dearer))  # fmt: skip

    # A function that this software does not have is no document of its contract.
    assert found == ["malformed", None]
    assert ledger.scores(ANNA, "member", "2023-Q3") == before


def test_x21_a_count_of_logins_has_no_word_in_a_scheme(ledger: Ledger) -> None:
    edit: Edit = lambda whole: item(whole, "D03").update(measure_of="logins")  # noqa: E731

    assert codes(ledger, second("2023-10-01", edit)) == ["scheme_invalid"]


def test_f15_a_tier_that_nobody_can_measure_is_not_published(ledger: Ledger) -> None:
    def vague(whole: Document) -> None:
        tier = item(whole, "C05")["lines"]["committee"]["tiers"][0]
        tier.update(test_zh="表现较好", test_en="Did rather well")

    def without_evidence(whole: Document) -> None:
        del item(whole, "D03")["evidence"]

    edits = (vague, without_evidence)

    assert [codes(ledger, second("2023-10-01", edit)) for edit in edits] == [["scheme_invalid"]] * 2


def test_x11_numbers_follow_each_other_and_days_go_forward(ledger: Ledger) -> None:
    found = codes(
        ledger,
        build.published(3, "2023-10-01", recorded=IN_TIME),
        build.published(1, "2023-10-01", recorded=IN_TIME),
        build.published(2, "2023-01-01", retroactive="again", recorded=IN_TIME),
        build.published(2, "2024-01-01", recorded=IN_TIME),
        build.published(3, "2023-10-01", recorded=IN_TIME, retroactive="earlier"),
        build.published(3, "2024-04-01", recorded=IN_TIME),
    )

    assert found == [
        "version_not_next",
        "version_not_next",
        "effective_date_invalid",
        None,
        "effective_date_invalid",
        None,
    ]


def test_f03_the_overlay_of_the_deed_date_says_how_many_duties_are_due(ledger: Ledger) -> None:
    """Four lines are on the checklist of whoever organises, five on the secretary's."""
    who = "m-recorder"
    lines = {
        post: len(effective_of(default_document(), frozenset({post}), None).checklist)
        for post in ("organisation", "secretary")
    }
    moved = [
        build.assigned(who, "committee", BRANCH_X, post="organisation", to="2023-08-01"),
        build.assigned(
            who, "committee", BRANCH_X, post="secretary", since="2023-08-01", assignment="as-new"
        ),
    ]
    told = [
        build.fact(
            f"c-{month}-{due}", "A03", who, required=due, done=due, capacity="committee",
            period=f"2023-{month}",
        )
        for month in ("07", "08")
        for due in (5, 4)
    ]  # fmt: skip

    found = codes(ledger, *moved, *told)

    assert lines == {"organisation": 4, "secretary": 5}
    assert found == [None, None, "measure_invalid", None, None, "duplicate_deed"]

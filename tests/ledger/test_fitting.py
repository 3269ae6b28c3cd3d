"""Verified claims that no longer fit what the registers and the scheme say now (E37, E49)."""

from collections.abc import Mapping
from typing import Any

import pytest

from jifen_contracts.scheme.default import default_document, document_object
from jifen_ledger.domain.fitting import misfit_of
from tests.support import builders as build
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    RECORDER,
    SCHEME,
    UPPER,
)
from tests.support.projecting import folded

Told = tuple[str, str | None, Mapping[str, int]]
LATE = "2023-09-20"


def unfit(*payloads: bytes) -> dict[str, Told]:
    """What no longer fits after the world and these events: branch, code and value now."""
    state, records = folded([*build.world(), *payloads])
    assert not [one.outcome for one in records if one.outcome.code is not None]
    found = (misfit_of(state, claim) for claim in state.claims.rows().values() if claim)
    return {
        one.claim.id: (one.branch, None if one.code is None else one.code.value, one.points)
        for one in found
        if one is not None
    }


def retroactive(value: str, **item: object) -> bytes:
    """A version for deeds from 1 July, published in September, in which a report has a value."""
    whole = document_object(default_document())
    report = next(one for one in whole["items"] if one["code"] == "D03")
    report["lines"]["member"]["value"] = value
    report |= item
    return build.published(
        2, "2023-07-01", document=whole, retroactive="wrong_value", recorded=LATE
    )


def duty(claim: str, holder: str = COMMITTEE) -> list[bytes]:
    return build.decided(build.fact(claim, "A02", holder, capacity="committee"))


def test_e37_a_back_dated_end_of_a_post_lists_the_committees_claims() -> None:
    ended = build.assigned(COMMITTEE, "committee", BRANCH_X, to="2023-07-01", recorded=LATE)

    found = unfit(
        *duty("c-duty"), *build.decided(build.earned("c-report", holder=COMMITTEE)), ended
    )

    assert found == {"c-duty": (BRANCH_X, "capacity_not_held", {})}


def test_e37_a_back_dated_post_lists_deeds_that_count_in_both_capacities() -> None:
    """A care visit is told for both capacities together."""
    visit = build.earned("c-visit", "D05", BO, member=build.count())
    appointed = build.assigned(BO, "committee", BRANCH_X, since="2023-07-01", recorded=LATE)

    assert unfit(*build.decided(visit), appointed) == {"c-visit": (BRANCH_X, "dual_incomplete", {})}


def test_e37_a_back_dated_post_with_another_checklist_lists_its_duties() -> None:
    """Four duties a month are due from whoever organises, five from a secretary."""
    duties = build.fact("c-a03", "A03", RECORDER, required=4, done=4, capacity="committee")
    other = build.assigned(RECORDER, "committee", BRANCH_X, post="secretary", recorded=LATE)

    found = unfit(
        duties,
        build.preliminary("c-a03", RECORDER, deciders=(UPPER,)),
        build.verified("c-a03", RECORDER),
        other,
    )

    assert found == {"c-a03": (BRANCH_X, "measure_invalid", {})}


def test_e37_a_back_dated_transfer_lists_deeds_that_count_elsewhere_now() -> None:
    """In the office branch team building (C05) has no line at all."""
    moved = [
        build.assigned(ANNA, "member", BRANCH_X, to="2023-07-01", recorded=LATE),
        build.assigned(
            ANNA, "member", BRANCH_Y, since="2023-07-01", assignment="as-late", recorded=LATE
        ),
    ]
    claims = [*build.decided(build.earned("c-1")), *build.decided(build.fact("c-2", "C05"))]
    june = build.decided(build.earned("c-june", on="2023-06-20"))

    assert unfit(*claims, *june, *moved) == {
        "c-1": (BRANCH_Y, None, {"member": 5}),
        "c-2": (BRANCH_Y, "item_not_applicable", {}),
    }


def test_e37_a_back_dated_end_of_membership_lists_what_came_after_it() -> None:
    found = unfit(*build.decided(build.earned("c-1")), build.left(ANNA, "2023-07-01"))

    assert found == {"c-1": (BRANCH_X, "not_active", {})}


def test_e37_a_pact_that_was_corrected_lists_the_help_given_under_it() -> None:
    pact = build.assigned(COMMITTEE, "helper", SCHEME, of=[BO, CHEN])
    helped = build.earned("c-help", "C02", COMMITTEE, member=build.count(1), counterpart=[BO])
    other = build.assigned(COMMITTEE, "helper", SCHEME, of=[ANNA, CHEN], recorded=LATE)

    found = unfit(pact, *build.decided(helped), other)

    assert found == {"c-help": (BRANCH_X, "pact_not_in_force", {})}


def test_a_role_that_begins_or_ends_after_the_deed_lists_nothing() -> None:
    later = [
        build.assigned(COMMITTEE, "committee", BRANCH_X, to="2023-09-01", recorded=LATE),
        build.assigned(ANNA, "member", BRANCH_X, to="2023-09-01", recorded=LATE),
        build.assigned(
            ANNA, "member", BRANCH_Y, since="2023-09-01", assignment="as-late", recorded=LATE
        ),
    ]

    assert unfit(*duty("c-duty"), *build.decided(build.earned("c-1")), *later) == {}


def test_e49_a_retroactive_version_lists_what_it_values_otherwise() -> None:
    claims = [
        *build.decided(build.earned("c-july")),
        *build.decided(build.earned("c-june", on="2023-06-20")),
        *build.decided(build.fact("c-duty")),
    ]

    assert unfit(*claims, retroactive("0.8")) == {"c-july": (BRANCH_X, None, {"member": 8})}


def test_e49_reversals_and_new_decisions_take_a_claim_off_the_list() -> None:
    again = build.earned("c-again", recorded="2023-09-22", replaces="c-1", deed="deed-c-1")

    found = unfit(
        *build.decided(build.earned("c-1")),
        retroactive("0.8"),
        build.reversal("c-1", recorded="2023-09-21"),
        *build.decided(again),
    )

    assert found == {}


def test_e49_a_claim_that_was_given_less_is_listed_where_the_scheme_moved() -> None:
    lowered = [
        build.earned("c-1"),
        build.preliminary("c-1", deciders=("m-specialist",)),
        build.verified("c-1", points={"member": "0.3"}, reason="late_report"),
    ]

    assert unfit(*lowered) == {}
    assert unfit(*lowered, retroactive("0.8")) == {"c-1": (BRANCH_X, None, {"member": 8})}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "D08", "name_zh": "随手拍二"}, "unknown_item"),
        ({"evidence": {"kinds": ["survey"], "required": True}}, "evidence_required"),
    ],
)
def test_e49_a_retroactive_version_lists_what_it_would_refuse(change: Any, code: str) -> None:
    claim = build.earned("c-1", evidence=[{"kind": "photo", "sha256": build.sha("photo")}])

    found = unfit(*build.decided(claim), retroactive("0.5", **change))

    assert found == {"c-1": (BRANCH_X, code, {})}


def test_a_later_version_for_later_deeds_lists_nothing() -> None:
    """E47: no silent re-scoring, and nothing to decide again."""
    whole = document_object(default_document())
    whole["items"][0]["lines"]["committee"]["max"] = "4"
    whole["items"][1]["lines"]["committee"]["max"] = "5"
    version = build.published(2, "2023-10-01", document=whole, recorded=LATE)

    assert unfit(*duty("c-duty"), *duty("c-other", RECORDER)[:1], version) == {}


def test_another_units_past_lists_nothing() -> None:
    assert unfit(*build.decided(build.earned("c-1")), build.left(DORA, "2023-07-01")) == {}

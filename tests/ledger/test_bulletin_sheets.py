"""The two sheets of a bulletin: what they hold, who sees what, what a revision lists (§5.4)."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts.canonical import decode
from jifen_contracts.scheme.default import default_document
from jifen_ledger.domain.bulletin.content import (
    Change,
    Content,
    Line,
    Objections,
    PanelShown,
    Ranks,
)
from jifen_ledger.domain.bulletin.health import health_check
from jifen_ledger.domain.bulletin.sheets import Frozen, freeze

BANDS = Ranks({"committee": "full", "member": "bands", "unit": "full"}, (900, 800, 700), 5)


def line(holder: str, capacity: str = "member", score: int | None = 800, **more: Any) -> Line:
    base = {"earned": 600, "applicable": 600, "excess": 0, "deductions": 0}
    return Line(holder, capacity, score=score, **(base | more))


def content(*lines: Line, revision: int = 1, ranks: Ranks = BANDS, **more: Any) -> Content:
    return Content(
        scheme="plant",
        branch="u-x",
        quarter="2023-Q3",
        revision=revision,
        upto_seq=100 + revision,
        versions=(1,),
        ranks=ranks,
        panel=PanelShown("pl-1", "m-1", ("m-1", "m-2", "m-3")),
        lines=lines,
        adjustments=(),
        waived=(),
        claims_late=0,
        claims_open=0,
        objections=Objections(),
        health=health_check(default_document().health, {}, ()),
        **more,
    )


def full(frozen: Frozen) -> Any:
    return decode(frozen.full_sheet)


def branch(frozen: Frozen) -> Any:
    return decode(frozen.branch_sheet)


def test_the_hashes_are_those_of_the_sheets() -> None:
    frozen = freeze(content(line("m-1")), None)

    assert frozen.content_hash == sha256(frozen.full_sheet).hexdigest()
    assert frozen.branch_hash == sha256(frozen.branch_sheet).hexdigest()


def test_committee_members_are_ranked_with_equal_ranks_for_equal_scores() -> None:
    scores = {"m-1": 950, "m-2": 930, "m-3": 930, "m-4": 900, "m-5": 0}
    frozen = freeze(
        content(*(line(one, "committee", score) for one, score in scores.items())), None
    )

    assert [one["rank"] for one in branch(frozen)["holders"]] == [1, 2, 2, 4, 5]


def test_nobody_is_ranked_or_banded_among_fewer_than_five() -> None:
    few = [line(f"m-{number}", "committee") for number in range(4)]
    four = [line(f"m-{number}", "member") for number in range(4)]
    sheet = full(freeze(content(*few, *four), None))

    assert not any("rank" in one or "band" in one for one in sheet["holders"])


def test_under_bands_a_branch_sheet_tells_no_score_and_no_order_of_members() -> None:
    scores = {"m-5": 999, "m-1": 910, "m-4": 899, "m-2": 700, "m-3": 699}
    frozen = freeze(content(*(line(one, "member", score) for one, score in scores.items())), None)

    assert branch(frozen)["holders"] == []
    assert [(one["holder"], one["band"]) for one in branch(frozen)["bands"]] == [
        ("m-1", 900),
        ("m-5", 900),
        ("m-4", 800),
        ("m-2", 700),
    ]


def test_under_off_a_branch_sheet_names_no_member() -> None:
    ranks = replace(BANDS, policy={"committee": "full", "member": "off"})
    lines = [line(f"m-{number}", "member") for number in range(6)]

    assert b"m-4" not in freeze(content(*lines, ranks=ranks), None).branch_sheet


def test_a_branch_sheet_has_no_deductions() -> None:
    frozen = freeze(content(line("m-1", "committee", deductions=20)), None)

    assert full(frozen)["holders"][0]["deductions"] == 20
    assert "deductions" not in branch(frozen)["holders"][0]


def test_a_holder_who_is_not_scored_has_no_score_and_no_rank() -> None:
    lines = [line(f"m-{number}", "committee") for number in range(5)]
    sheet = full(freeze(content(*lines, line("m-9", "committee", None)), None))

    assert {"score", "rank"}.isdisjoint(sheet["holders"][-1])


def test_a_revision_lists_old_and_new_with_event_and_deciders() -> None:
    first = freeze(content(line("m-1", deductions=20, score=883)), None)
    change = Change("m-1", 150, ("m-7", "m-8"))
    second = content(line("m-1", deductions=0, score=903), revision=2, changes=(change,))

    assert full(freeze(second, first.full_sheet))["differences"] == [
        {
            "holder": "m-1",
            "capacity": "member",
            "figure": figure,
            "old": old,
            "new": new,
            "events": [150],
            "deciders": ["m-7", "m-8"],
        }
        for figure, old, new in (("deductions", 20, 0), ("score", 883, 903))
    ]


LINES = st.lists(
    st.builds(
        line,
        st.sampled_from(["m-1", "m-2", "m-3"]),
        st.sampled_from(["committee", "member", "unit"]),
        st.none() | st.integers(0, 1000),
        deductions=st.integers(0, 50),
        bonus=st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 90)),
        points=st.dictionaries(st.sampled_from("ABCD"), st.integers(-90, 90)),
        partial=st.booleans(),
    ),
    unique_by=lambda one: (one.holder, one.capacity),
)


@given(LINES, LINES)
def test_the_differences_lead_from_one_revision_to_the_next_and_hold_nothing_else(
    before: list[Line], after: list[Line]
) -> None:
    first = freeze(content(*before), None)
    second = full(freeze(content(*after, revision=2), first.full_sheet))
    figures = _figures(full(first))
    for one in second["differences"]:
        key = (one["holder"], one["capacity"], one["figure"])
        assert figures.pop(key, None) == one.get("old")
        assert one.get("old") != one.get("new")
        if "new" in one:
            figures[key] = one["new"]

    assert figures == _figures(second)


def _figures(sheet: Any) -> dict[tuple[str, str, str], Any]:
    found: dict[tuple[str, str, str], Any] = {}
    for one in sheet["holders"]:
        flat = {name: value for name, value in one.items() if name not in ("holder", "capacity")}
        for name in ("bonus", "points"):
            by_category = flat.pop(name)
            flat |= {f"{name}_{category}": by_category.get(category, 0) for category in "abcd"}
        found |= {(one["holder"], one["capacity"], name): value for name, value in flat.items()}
    return found

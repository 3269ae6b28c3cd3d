"""A branch's bulletin: frozen with the step that publishes it, revised with every difference."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import orjson

from jifen_contracts.canonical import decode
from jifen_ledger.domain.bulletin.content import Content
from jifen_ledger.domain.bulletins import Bulletin
from jifen_ledger.domain.fold import fold
from jifen_ledger.domain.outcome import Record
from tests.support import builders as build
from tests.support import concerns
from tests.support.bulletins import anna_s_quarter, corrected, published
from tests.support.folded import FoldedLedger
from tests.support.judgements import awarded
from tests.support.people import ANNA, BRANCH_X, COMMITTEE, PANEL_X, SCHEME, UPPER, UPPER_TWO
from tests.support.quarters import Q3, Q4


def ledger(*payloads: bytes) -> FoldedLedger:
    """The small world and what happens; nothing may be refused."""
    found = FoldedLedger(SCHEME)
    for payload in (*build.world(), *payloads):
        record = found.receive(payload)
        assert record.status != "refused", (record.code, payload)
    return found


def bulletin(found: FoldedLedger, revision: int = 1, quarter: str = Q3) -> Bulletin:
    frozen = found.state.bulletins.get((BRANCH_X, quarter, revision))
    assert frozen is not None
    return frozen


def full(frozen: Bulletin) -> Any:
    return decode(frozen.full_sheet)


def line(sheet: Any, holder: str, capacity: str = "member") -> Any:
    return next(
        one for one in sheet["holders"] if (one["holder"], one["capacity"]) == (holder, capacity)
    )


def test_the_record_of_the_step_names_the_hashes_of_both_sheets() -> None:
    found = FoldedLedger(SCHEME)
    payloads = [*build.world(), *anna_s_quarter(), *published(stated=[ANNA])]
    outcomes = [orjson.loads(record.bytes)["outcome"] for record in found_records(found, payloads)]
    frozen = bulletin(found)

    assert outcomes[-1] == {
        "status": "recorded",
        "content_hash": sha256(frozen.full_sheet).hexdigest(),
        "branch_hash": sha256(frozen.branch_sheet).hexdigest(),
    }


def found_records(found: FoldedLedger, payloads: Iterable[bytes]) -> list[Record]:
    return [fold(found.state, found.state.size + 1, payload) for payload in payloads]


def test_g19_revision_one_shows_the_score_and_revision_two_lists_what_the_correction_moved() -> (
    None
):
    found = ledger(*anna_s_quarter(), *published(stated=[ANNA]), *corrected())
    first, second = bulletin(found), bulletin(found, 2)
    before, after = line(full(first), ANNA), line(full(second), ANNA)
    reversal, revision = found.state.size - 1, found.state.size

    assert (before["base_earned"], before["base_applicable"]) == (540, 570)
    assert before["bonus"] == {"c": 120, "d": 15}
    assert (before["deductions"], after["deductions"]) == (20, 0)
    assert (before["score"], after["score"]) == (883, 903)
    assert full(second)["upto_seq"] == revision
    listed = [one for one in full(second)["differences"] if one.get("holder") == ANNA]
    assert [(one["figure"], one["old"], one["new"]) for one in listed] == [
        ("points_b", before["points"]["b"], after["points"]["b"]),
        ("deductions", 20, 0),
        ("score", 883, 903),
    ]
    assert all(one["events"] == [reversal] for one in listed)
    assert all(one["deciders"] == [UPPER_TWO] for one in listed)


def test_a_revision_leaves_the_one_before_as_it_was() -> None:
    alone = ledger(*anna_s_quarter(), *published(stated=[ANNA]))
    revised_too = ledger(*anna_s_quarter(), *published(stated=[ANNA]), *corrected())

    assert bulletin(revised_too) == bulletin(alone)


def test_a_correction_after_publication_is_an_adjustment_in_the_next_bulletin() -> None:
    found = ledger(
        *anna_s_quarter(),
        *published(stated=[ANNA]),
        *corrected(),
        *published(Q4, recorded="2024-01-10"),
    )

    assert full(bulletin(found, quarter=Q4))["adjustments"] == [
        {
            "holder": ANNA,
            "capacity": "member",
            "quarter": Q3,
            "item": "B06",
            "points": 20,
            "seq": found.state.size - 4,
        }
    ]


def test_everybody_at_home_in_the_branch_is_listed_and_office_holders_twice() -> None:
    sheet = full(bulletin(ledger(*published())))
    held = {(one["holder"], one["capacity"]) for one in sheet["holders"]}

    assert {(ANNA, "member"), (COMMITTEE, "member"), (COMMITTEE, "committee")} <= held
    assert (BRANCH_X, "unit") in held
    assert (ANNA, "committee") not in held


def test_who_moved_within_the_quarter_is_marked_as_partial() -> None:
    moved = (
        build.assigned(PANEL_X[1], to="2023-08-15"),
        build.assigned(PANEL_X[1], unit="u-y", since="2023-08-15"),
    )
    sheet = full(bulletin(ledger(*moved, *published())))

    assert line(sheet, PANEL_X[1])["partial"] is True
    assert "partial" not in line(sheet, ANNA)


def test_the_health_check_is_frozen_with_the_bulletin() -> None:
    sheet = full(
        bulletin(ledger(*anna_s_quarter(), *published(stated=[ANNA], recorded="2023-10-12")))
    )
    lights = {one["line"]: (one["light"], one["part"], one["whole"]) for one in sheet["health"]}

    assert lights["H05"] == ("amber", 2, 1)
    assert lights["H16"][0] == "green"
    assert lights["H02"][0] == "red"


def test_a_red_line_stays_red_in_the_next_quarter() -> None:
    found = ledger(
        *published(recorded="2023-10-30"),
        *published(Q4, recorded="2024-01-10"),
    )
    line_of_health = next(
        one for one in full(bulletin(found, quarter=Q4))["health"] if one["line"] == "H05"
    )

    assert line_of_health == {
        "line": "H05",
        "light": "red",
        "part": 0,
        "whole": 1,
        "stays_red": True,
    }


def health(found: FoldedLedger, quarter: str = Q3) -> dict[str, tuple[str, int, int]]:
    sheet = full(bulletin(found, quarter=quarter))
    return {one["line"]: (one["light"], one["part"], one["whole"]) for one in sheet["health"]}


def test_concerns_that_ran_late_and_raisers_who_were_asked_show_in_the_health_check() -> None:
    late = [
        concerns.raised("cn-2", on="2023-08-01"),
        concerns.handed("cn-2", on="2023-08-02"),
        concerns.resolved("cn-2", in_use="2023-08-30"),
    ]
    lines = health(ledger(*concerns.handled(), *late, *published()))

    assert (lines["H10"], lines["H11"]) == (("red", 1, 2), ("grey", 1, 1))


def test_the_standards_that_a_unit_holds_an_award_for_are_counted() -> None:
    names = ("阵地建设标准化", "人员配置标准化", "工作职责标准化", "制度建设标准化", "优秀单位")
    awards = [
        awarded(BRANCH_X, "unit_award", award=f"aw-{number}", name=name)
        for number, name in enumerate(names)
    ]

    assert health(ledger(*awards, *published()))["H15"] == ("amber", 4, 1)


def test_f27_a_confirmed_fix_ends_a_red_line() -> None:
    fix: dict[str, Any] = {"kind": "fix", "origin": "H05", "by": UPPER}
    mended = [
        concerns.raised("cn-fix", on="2023-11-01", **fix),
        concerns.handed("cn-fix", on="2023-11-02", by=UPPER, handler=UPPER),
        concerns.resolved("cn-fix", in_use="2023-11-03", on="2023-11-04", by=UPPER),
        concerns.confirmed("cn-fix", by=UPPER, on="2023-11-06"),
    ]
    next_one = published(Q4, recorded="2024-01-10")
    red = health(ledger(*published(recorded="2023-10-30"), *next_one), Q4)
    green = health(ledger(*published(recorded="2023-10-30"), *mended, *next_one), Q4)

    assert (red["H05"][0], green["H05"][0]) == ("red", "green")


def test_invariant_19_no_bulletin_holds_a_name() -> None:
    assert not {"name", "name_zh", "name_en"} & set(Content.__dataclass_fields__)
    sheet = bulletin(ledger(*anna_s_quarter(), *published(stated=[ANNA]))).full_sheet

    assert b"name" not in sheet

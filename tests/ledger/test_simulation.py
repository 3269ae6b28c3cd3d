"""X28: the past replayed under a draft, and what would differ for whom."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jifen_contracts.canonical import decode
from jifen_contracts.periods import first_day, next_quarter, quarter_of
from jifen_contracts.scheme.overlays import Required
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.simulation.as_if import Span
from jifen_ledger.domain.simulation.difference import difference_of
from jifen_ledger.domain.simulation.result import (
    ClaimChange,
    GradeChange,
    ItemChange,
    Places,
    RefusalChange,
    ScoreChange,
)
from tests.support import builders as build
from tests.support.budget import examples
from tests.support.histories import histories
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    CHEN,
    COMMITTEE,
    DORA,
    LEADER,
    PANEL_Y,
    RECORDER,
    SCHEME,
    SECRETARY_Y,
    UPPER,
)
from tests.support.projecting import folded
from tests.support.simulating import YEAR_2023, both, draft_with, simulated

UNCHANGED = draft_with()
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
QUARTER = "2023-Q3"
EARNED = "jifen.points.earned.v1"
REVIEWED = "jifen.points.reviewed.v1"
Items = dict[str, Any]


def dearer_reports(items: Items) -> None:
    items["D03"]["lines"]["member"]["value"] = "1"


def cheaper_reports(items: Items) -> None:
    items["D03"]["lines"]["member"]["value"] = "0.3"


def dearer_absence(items: Items) -> None:
    items["B06"]["lines"]["member"]["tiers"][0]["value"] = "6"


def other_code_for_reports(items: Items) -> None:
    items["D03"] |= {"code": "D08", "name_zh": "随手拍二", "name_en": "Snap report 2"}


def _duties(member: str) -> Iterator[bytes]:
    """A quarter in which all duties are done: 80.0."""
    for month in ("07", "08", "09"):
        for item in ("B01", "B02"):
            name = f"c-{item.lower()}-{month}-{member}"
            yield from _decided(build.fact(name, item, member, period=f"2023-{month}"))


def _decided(claim: bytes) -> list[bytes]:
    said: Any = decode(claim)
    if said["subject"] != DORA:
        return build.decided(claim)
    who = (said["data"]["claim"], DORA)
    return [
        claim,
        build.preliminary(*who, deciders=(SECRETARY_Y,), recorded=build.later(claim, 1)),
        build.verified(*who, deciders=PANEL_Y[:2], recorded=build.later(claim, 14)),
    ]


def _scored(*members: str) -> list[bytes]:
    return [*build.world(), *(one for member in members for one in _duties(member))]


def _spans_in_which_one_document_was_in_force(
    versions: Sequence[Version], recorded: dict[int, date]
) -> list[tuple[Version, Span]]:
    """Every version that was known before it took effect, with every quarter it held from."""
    found = []
    ends = [*(one.effective_from for one in versions[1:]), date(2024, 7, 1)]
    for version, end in zip(versions, ends, strict=True):
        if recorded[version.seq] > version.effective_from:
            continue
        first = version.effective_from
        while first < end:
            found.append((version, Span(first, end)))
            first = first_day(next_quarter(quarter_of(first)))
    return found


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=examples(25, nightly=200), deadline=None, phases=UNSHRUNK)
def test_with_the_unchanged_document_nothing_differs(payloads: list[bytes], random: Any) -> None:
    state, records = folded(payloads)
    recorded = {one.seq: date.fromisoformat(one.recorded_at[:10]) for one in records}
    choices = _spans_in_which_one_document_was_in_force(state.versions, recorded)
    version, span = random.choice(choices)

    twofold = both(payloads, version.document, span, state.versions)

    assert difference_of(twofold).is_empty, (version.version, span)
    assert twofold.was.figures.rows() == twofold.would.figures.rows()
    assert twofold.verdicts == {}


def test_the_records_as_they_were_are_those_of_the_fold() -> None:
    payloads = [*_scored(ANNA), build.earned("c-1"), build.earned("c-1"), b"no event"]
    twofold = both(payloads[:-3], UNCHANGED)

    tail = [twofold.fold(len(payloads) - 2 + n, one) for n, one in enumerate(payloads[-3:])]

    assert [one.bytes for one in tail] == [one.bytes for one in folded(payloads)[1][-3:]]


def test_a_dearer_item_shows_in_scores_ranks_and_item_totals() -> None:
    people = (ANNA, BO, LEADER, CHEN, DORA)
    payloads = [
        *_scored(*people),
        *build.decided(build.earned("c-anna")),
        *build.decided(build.earned("c-bo", "D04", BO, member=build.count(2), counterpart=[UPPER])),
    ]

    found = simulated(payloads, draft_with(dearer_reports))

    assert found.scores == (
        # 80.0 and one report: 0.5 as it was, then 1.0 and level with Bo's hour.
        ScoreChange(
            QUARTER,
            "member",
            ANNA,
            805,
            810,
            (Places(SCHEME, 5, 2, 5, 1), Places(BRANCH_X, 4, None, 4, None)),
        ),
    )
    assert found.items == (ItemChange("member", "D03", 5, 10),)
    assert (found.claims, found.refusals, found.grades) == ((), (), ())
    assert [(one.capacity, one.risen, one.same, one.mean_before, one.mean_after)
            for one in found.tallies] == [("member", 1, 4, 803, 804)]  # fmt: skip


def test_whoever_is_overtaken_is_listed_though_the_own_score_stays() -> None:
    people = (ANNA, BO, LEADER, CHEN, COMMITTEE)
    hour = build.earned("c-bo", "D04", BO, member=build.count(1), counterpart=[UPPER])
    payloads = [
        *_scored(*people),
        *build.decided(build.earned("c-anna")),
        *build.decided(hour),
    ]

    found = simulated(payloads, draft_with(dearer_reports))

    ranks = {(one.holder, one.difference): [(at.before, at.after) for at in one.places]
             for one in found.scores}  # fmt: skip
    assert ranks == {(ANNA, 5): [(1, 1), (1, 1)], (BO, 0): [(1, 2), (1, 2)]}


def test_deeds_outside_the_span_keep_the_rules_they_had() -> None:
    payloads = [
        *build.world(),
        *build.decided(build.earned("c-june", on="2023-06-20")),
        *build.decided(build.earned("c-july", on="2023-07-20")),
        *build.decided(build.earned("c-october", on="2023-10-20")),
    ]
    span = Span(date(2023, 7, 1), date(2023, 10, 1))

    twofold = both(payloads, draft_with(dearer_reports), span)

    quarters = ("2023-Q2", "2023-Q3", "2023-Q4")
    bonus = [twofold.would.figures.get((ANNA, "member", one)).bonus for one in quarters]
    # The draft stays in force after the span, where no later version takes its place.
    assert bonus == [5, 10, 10]
    assert difference_of(twofold).items == (ItemChange("member", "D03", 5, 10),)


def test_versions_of_the_span_are_replaced_and_later_ones_come_as_they_came() -> None:
    document = draft_with(cheaper_reports).model_dump(mode="json", by_alias=True, exclude_none=True)
    second = build.published(2, "2023-07-01", document=document, recorded="2023-06-20")
    third = build.published(3, "2023-10-01", recorded="2023-09-20")
    payloads = [
        *build.world(),
        second,
        third,
        *build.decided(build.earned("c-may", on="2023-05-20")),
        *build.decided(build.earned("c-july", on="2023-07-20")),
        *build.decided(build.earned("c-october", on="2023-10-20")),
    ]
    span = Span(date(2023, 4, 1), date(2023, 10, 1))

    twofold = both(payloads, draft_with(dearer_reports), span)

    quarters = ("2023-Q2", "2023-Q3", "2023-Q4")
    found = [
        [state.figures.get((ANNA, "member", one)).bonus for one in quarters]
        for state in (twofold.was, twofold.would)
    ]
    assert found == [[5, 3, 5], [10, 10, 5]]
    assert difference_of(twofold).replaced == (2,)


def test_a_version_published_late_for_a_time_before_the_span_changes_no_number() -> None:
    document = draft_with(cheaper_reports).model_dump(mode="json", by_alias=True, exclude_none=True)
    late = build.published(
        2, "2023-04-01", document=document, retroactive="wrong_value", recorded="2023-08-10"
    )
    payloads = [
        *build.world(),
        build.earned("c-may", on="2023-05-20"),
        *build.decided(build.earned("c-july", on="2023-07-20")),
        late,
        build.preliminary("c-may", deciders=("m-specialist",), recorded="2023-08-11"),
        build.verified("c-may", recorded="2023-08-12"),
    ]

    twofold = both(payloads, draft_with(dearer_reports), Span(date(2023, 7, 1), date(2024, 1, 1)))

    quarters = ("2023-Q2", "2023-Q3")
    bonus = [twofold.would.figures.get((ANNA, "member", one)).bonus for one in quarters]
    assert bonus == [3, 10]


def test_the_scheme_begins_no_earlier_under_a_draft() -> None:
    early = build.earned("c-1", on="2022-12-30", recorded="2023-01-02")
    payloads = [*build.world(), early]
    span = Span(date(2022, 10, 1), date(2024, 1, 1))

    found = difference_of(both(payloads, UNCHANGED, span))

    assert found.is_empty


def test_what_producers_expect_and_reviewers_repeat_moves_with_the_scheme() -> None:
    expected = build.earned("c-1", points={"member": "0.5"})
    repeated = {"member": "0.5"}
    payloads = [
        *build.world(),
        expected,
        build.preliminary("c-1", deciders=("m-specialist",), points=repeated),
        build.verified("c-1", points=repeated),
    ]

    for edit, worth in ((dearer_reports, 10), (cheaper_reports, 3)):
        found = simulated(payloads, draft_with(edit))
        assert found.items == (ItemChange("member", "D03", 5, worth),)
        assert found.refusals == ()


def test_a_wrong_expectation_stays_wrong() -> None:
    payloads = [*build.world(), build.earned("c-1", points={"member": "0.9"})]

    assert simulated(payloads, draft_with(dearer_reports)).is_empty


def test_what_a_reviewer_gave_below_the_scheme_stays_and_above_the_draft_is_refused() -> None:
    payloads = [
        *build.world(),
        build.earned("c-1", member=build.count()),
        build.preliminary(
            "c-1", deciders=("m-specialist",), points={"member": "0.4"}, reason="late_report"
        ),
        build.verified("c-1"),
    ]

    dearer = simulated(payloads, draft_with(dearer_reports))
    cheaper = simulated(payloads, draft_with(cheaper_reports))

    assert dearer.is_empty
    assert cheaper.claims == (
        ClaimChange("c-1", ANNA, "D03", "2023-07-12", "verified", "claimed", "points_too_high"),
    )
    assert cheaper.refusals == (
        RefusalChange(REVIEWED, None, "points_too_high", 1),
        RefusalChange(REVIEWED, None, "wrong_state", 1),
    )


def test_claims_on_a_code_that_the_draft_retires_are_refused_and_listed() -> None:
    payloads = [*build.world(), *build.decided(build.earned("c-1"))]

    found = simulated(payloads, draft_with(other_code_for_reports))

    assert found.claims == (
        ClaimChange("c-1", ANNA, "D03", "2023-07-12", "verified", "refused", "unknown_item"),
    )
    assert found.refusals == (
        RefusalChange(EARNED, None, "unknown_item", 1),
        RefusalChange(REVIEWED, None, "unknown_claim", 2),
    )
    assert found.items == (ItemChange("inc", "D03", 50, 0), ItemChange("member", "D03", 5, 0))


def test_a_refusal_that_disappears_opens_the_claim() -> None:
    """The office's catalogue has no team building; the draft takes that overlay out."""
    draft = draft_with().model_copy(update={"overlays": ()})
    team = build.fact("c-1", "C05", DORA)

    found = simulated([*build.world(), team], draft)

    assert found.claims == (
        ClaimChange("c-1", DORA, "C05", "2023-07-31", "refused", "claimed", "item_not_applicable"),
    )
    assert found.refusals == (RefusalChange(EARNED, "item_not_applicable", None, 1),)


def test_a_duty_whose_required_count_the_draft_changes_is_listed() -> None:
    """The recorder's post has four lines on its checklist (A03); the draft asks for five."""
    draft = draft_with()
    overlays = [
        overlay.model_copy(update={"required": (Required(item="A03", count=5),)})
        if overlay.match.post == "organisation"
        else overlay
        for overlay in draft.overlays
    ]
    duty = build.fact("c-1", "A03", RECORDER, required=4, done=4, capacity="committee")

    found = simulated(
        [*build.world(), duty], draft.model_copy(update={"overlays": tuple(overlays)})
    )

    assert found.refusals == (RefusalChange(EARNED, None, "measure_invalid", 1),)


def test_a_full_member_who_crosses_a_line_of_the_grades_is_listed() -> None:
    absent = build.deduction("c-absent")
    payloads = [
        *_scored(ANNA, CHEN),
        *build.decided(absent),
        *build.decided(build.deduction("c-chen", holder=CHEN)),
        *build.decided(build.deduction("c-two", key="dues-overdue")),
        *build.decided(build.deduction("c-three", deed="deed-3", on="2023-08-02")),
    ]

    found = simulated(payloads, draft_with(dearer_absence))

    # 80.0 less 2.0, 2.0 and 2.0; the draft takes 6.0 for each absence. Chen is probationary.
    assert found.grades == (GradeChange("2023", ANNA, 740, 660, "qualified", "basic"),)


def test_both_capacities_make_the_figure_of_a_grade() -> None:
    duties = [
        one
        for month in ("07", "08", "09")
        for item in ("A01", "A02")
        for one in build.decided(
            build.fact(
                f"c-{item.lower()}-{month}",
                item,
                COMMITTEE,
                capacity="committee",
                period=f"2023-{month}",
            )
        )
    ]
    payloads = [
        *_scored(COMMITTEE),
        *duties,
        *build.decided(build.deduction("c-1", holder=COMMITTEE)),
    ]

    def grave(items: Items) -> None:
        items["B06"]["lines"]["member"]["tiers"][0]["value"] = "25"

    found = simulated(payloads, draft_with(grave))

    # Committee 80.0; member 78.0, then 55.0: the means are 79.0 and 67.5.
    assert found.grades == (GradeChange("2023", COMMITTEE, 790, 675, "qualified", "basic"),)


def test_a_replay_twice_is_the_same_replay() -> None:
    payloads = [*_scored(ANNA, BO), *build.decided(build.earned("c-1"))]
    draft = draft_with(dearer_reports, dearer_absence)

    assert simulated(payloads, draft) == simulated(payloads, draft)
    assert simulated(payloads, draft, YEAR_2023) != simulated(
        payloads, draft, Span(date(2023, 1, 1), date(2023, 4, 1))
    )

"""What grades are proposed: rank, quota, ties, and what bars from excellent (domain.md §5.5)."""

from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.terms import Combined
from jifen_ledger.domain.proposals import Candidate, proposals_of, quota_of
from jifen_ledger.domain.score import Figures
from jifen_ledger.domain.year_scores import combined_score, year_scores

DOCUMENT = default_document()
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.just(""),
        st.sampled_from((500, 600, 700, 890, 900, 910, 930, 1000)),
        barred=st.booleans(),
        zeroed=st.sampled_from((False, False, False, True)),
    ),
    max_size=14,
).map(lambda found: [_named(one, number) for number, one in enumerate(found)])


def _named(one: Candidate, number: int) -> Candidate:
    return Candidate(f"m-{number:02}", one.figure, one.excess, one.barred, one.zeroed)


def scored(*figures: int) -> list[Candidate]:
    return [Candidate(f"m-{number}", figure) for number, figure in enumerate(figures, start=1)]


def test_g9_a_tied_group_that_does_not_fit_whole_is_proposed_to_nobody() -> None:
    found = proposals_of(scored(960, 930, 930, 930, 910, 700, 700, 650, 590), DOCUMENT)

    assert [(one.rank, one.grade, one.tie_at_quota) for one in found] == [
        (1, "excellent", False),
        (2, "qualified", True),
        (2, "qualified", True),
        (2, "qualified", True),
        (5, "qualified", False),
        (6, "qualified", False),
        (6, "qualified", False),
        (8, "basic", False),
        (9, "unqualified", False),
    ]


def test_g20_the_tie_at_the_last_place_leaves_it_open_and_shows_the_excess() -> None:
    people = [
        Candidate("m-1", 950),
        Candidate("m-2", 920),
        Candidate("m-3", 910, excess=15),
        Candidate("m-4", 910, excess=0),
        *(Candidate(f"m-{number}", 900) for number in range(5, 10)),
    ]
    found = proposals_of(people, DOCUMENT)

    assert [one.rank for one in found] == [1, 2, 3, 3, 5, 5, 5, 5, 5]
    assert [one.member for one in found if one.grade == "excellent"] == ["m-1", "m-2"]
    assert [(one.member, one.excess) for one in found if one.tie_at_quota] == [
        ("m-3", 15),
        ("m-4", 0),
    ]


def test_nobody_is_tied_where_the_quota_is_used_up() -> None:
    found = proposals_of(scored(950, 920, 920), DOCUMENT)

    assert [(one.grade, one.tie_at_quota) for one in found] == [
        ("excellent", False),
        ("qualified", False),
        ("qualified", False),
    ]


def test_who_is_barred_keeps_the_rank_and_leaves_the_place_to_the_next() -> None:
    people = [Candidate("m-1", 980, barred=True), *scored(0, 950, 940)[1:]]
    found = proposals_of(people, DOCUMENT)

    assert [(one.rank, one.grade) for one in found] == [
        (1, "qualified"),
        (2, "excellent"),
        (3, "qualified"),
    ]


def test_who_was_zeroed_is_proposed_as_unqualified_whatever_the_year_came_to() -> None:
    (found,) = proposals_of([Candidate("m-1", 720, barred=True, zeroed=True)], DOCUMENT)

    assert found.grade == "unqualified"


@given(CANDIDATES)
def test_proposals_keep_the_quota_and_the_order(candidates: list[Candidate]) -> None:
    found = proposals_of(candidates, DOCUMENT)
    excellent = [one for one in found if one.grade == "excellent"]
    passed = [one for one in found if one.tie_at_quota]

    assert len(excellent) <= quota_of(len(candidates), DOCUMENT)
    assert len({one.figure for one in passed}) <= 1
    assert all(one.figure > other.figure for one in excellent for other in passed)
    assert all(one.rank == 1 + sum(other.figure > one.figure for other in found) for one in found)


def test_g8_the_quota_is_a_third_rounded_down() -> None:
    assert [quota_of(n, DOCUMENT) for n in (0, 2, 3, 9, 10)] == [0, 0, 1, 3, 3]


def test_e35_both_capacities_give_a_mean_and_never_a_sum() -> None:
    assert combined_score(900, 801, DOCUMENT) == 851


def test_the_scheme_weighs_the_capacities() -> None:
    weighed = DOCUMENT.model_copy(update={"combined": Combined(committee=3, member=1)})
    unweighed = DOCUMENT.model_copy(update={"combined": Combined(committee=0, member=0)})

    assert combined_score(800, 900, weighed) == 875
    assert combined_score(800, 901, unweighed) == 851


def test_the_figure_is_the_combined_one_only_if_the_committee_capacity_was_scored() -> None:
    full = Figures(earned=600, applicable=600)
    half = Figures(earned=300, applicable=600)
    little = Figures(earned=100, applicable=100)
    keys = [("member", "2023-Q3"), ("committee", "2023-Q3")]
    days = dict.fromkeys(keys, 92)

    def figure(member: Figures, committee: Figures) -> int | None:
        figures = dict(zip(keys, (member, committee), strict=True))
        return year_scores(figures, days, DOCUMENT).figure

    assert [figure(full, half), figure(full, little), figure(little, half)] == [650, 800, 500]
    assert figure(little, little) is None

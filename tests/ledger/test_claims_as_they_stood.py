"""A claim's past is told by what was put aside of it and by its steps; figures follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hypothesis import Phase, example, given, settings

from jifen_ledger.domain.claim import NOTHING, Claim, Step
from jifen_ledger.domain.claim_then import claim_then, counted_then
from jifen_ledger.domain.figures_then import figures_of_claims
from jifen_ledger.domain.fold import fold
from jifen_ledger.domain.score import Figures
from jifen_ledger.domain.state import State
from jifen_ledger.domain.statement_then import lines_then, pending_lines_then
from tests.support.budget import examples
from tests.support.histories import histories
from tests.support.people import SCHEME
from tests.support.turned_claims import turned_claims

Key = tuple[str, str, str]
# A history is long: shrinking one would take longer than the whole suite may.
BOUNDED = settings(
    max_examples=examples(30, nightly=300),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


class Told:
    """A history folded in memory, with what was so after each record."""

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self.state = State.empty(SCHEME)
        self.claims: list[Mapping[str, Claim]] = []
        self.figures: list[Mapping[Key, Figures]] = []
        for seq, payload in enumerate(payloads, start=1):
            fold(self.state, seq, payload)
            self.claims.append(
                {key: one for key, one in self.state.claims.rows().items() if one is not None}
            )
            self.figures.append(dict(self.state.figures.rows()))

    def then(self, claim: Claim, seq: int) -> Claim:
        """The claim as the tables let a read tell it."""
        changes = self.state.changes
        aside = (one for one, until in changes.past if one.id == claim.id and until > seq)
        return claim_then(next(aside, claim), self.steps(claim.id, seq), seq)

    def steps(self, claim: str, seq: int) -> list[Step]:
        steps = self.state.changes.steps
        return [one for one in steps if one.claim == claim and one.seq <= seq]


@BOUNDED
@given(payloads=histories())
@example(payloads=turned_claims())
def test_every_claim_is_told_as_it_stood_after_every_record(payloads: list[bytes]) -> None:
    told = Told(payloads)

    for seq, expected in enumerate(told.claims, start=1):
        for claim in expected.values():
            found = told.then(told.claims[-1][claim.id], seq)
            assert uncounted(found) == uncounted(claim), seq


@BOUNDED
@given(payloads=histories())
@example(payloads=turned_claims())
def test_figures_counted_anew_are_those_that_the_fold_kept(payloads: list[bytes]) -> None:
    told = Told(payloads)

    for claims, figures in zip(told.claims, told.figures, strict=True):
        holders = {key[0] for key in figures}
        found = {
            (holder, *key): without_zeros(one)
            for holder in holders
            for key, one in counted_anew(told.state, of(claims, holder)).items()
        }
        assert {key: one for key, one in found.items() if one.any} == {
            key: without_zeros(one) for key, one in figures.items() if one.any
        }


@BOUNDED
@given(payloads=histories())
@example(payloads=turned_claims())
def test_lines_of_deeds_up_to_any_day_add_up_to_f_over_those_deeds(payloads: list[bytes]) -> None:
    told = Told(payloads)
    claims = told.claims[-1]

    for holder in {claim.holder for claim in claims.values()}:
        own = of(claims, holder)
        for day in {claim.deed_date for claim in own}:
            due = [claim for claim in own if claim.deed_date <= day]
            figures = counted_anew(told.state, due)
            for capacity in ("committee", "member", "unit"):
                lines = lines_then(told.state.versions, due, capacity)
                balance = sum(one.balance for (name, _), one in figures.items() if name == capacity)
                assert sum(line.delta for line in lines) == balance
            steps = {claim.id: told.steps(claim.id, len(payloads)) for claim in due}
            pending = pending_lines_then(due, steps)
            assert sum(line.delta for line in pending) == sum(claim.pending for claim in due)


@BOUNDED
@given(payloads=histories())
@example(payloads=turned_claims())
def test_lines_of_all_deeds_are_the_postings(payloads: list[bytes]) -> None:
    told, state = Told([]), State.empty(SCHEME)
    posted: dict[str, list[tuple[int, int, str, str, str]]] = {}
    for seq, payload in enumerate(payloads, start=1):
        for one in fold(state, seq, payload).postings:
            line = (seq, one.delta, one.kind, one.item, one.quarter)
            posted.setdefault(one.account, []).append(line)
    told.state = state
    claims = {key: one for key, one in state.claims.rows().items() if one is not None}
    joined = {one.closed for one in state.changes.joins} | {
        one.survivor for one in state.changes.joins
    }
    for holder in {claim.holder for claim in claims.values()} - joined:
        for capacity in ("committee", "member", "unit"):
            lines = lines_then(state.versions, of(claims, holder), capacity)
            found = [(one.seq, one.delta, one.kind, one.item, one.quarter) for one in lines]
            assert sorted(found) == sorted(posted.get(f"member:{holder}:{capacity}", []))


def of(claims: Mapping[str, Claim], holder: str) -> list[Claim]:
    return [claim for claim in claims.values() if claim.holder == holder]


def counted_anew(state: State, claims: Iterable[Claim]) -> dict[tuple[str, str], Figures]:
    return figures_of_claims(state.versions, counted_then(state.versions, claims))


def uncounted(claim: Claim) -> Claim:
    """The claim without what follows from the set of claims."""
    return claim._replace(counted=NOTHING, counted_incentive=0)


def without_zeros(figures: Figures) -> Figures:
    """The figures as claims tell them; a veto is another matter."""
    categories, bonuses = (
        {name: value for name, value in parts.items() if value}
        for parts in (figures.categories, figures.bonuses)
    )
    return replace(figures, categories=categories, bonuses=bonuses, zeroed=False)

"""The cap trace: every posting of a holder is what F, step by step, says it must be."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_ledger.application.queries.explain import capacity_of
from jifen_ledger.application.queries.sentences import sentence_of
from jifen_ledger.domain.cap_trace import CapTrace, KeptBack, Side, TraceStep
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.posting_trace import Moved, trace_posting
from jifen_ledger.domain.postings import Posting
from jifen_ledger.domain.state import State
from jifen_ledger.domain.wallets import Wallet
from tests.support import builders as build
from tests.support.budget import examples
from tests.support.histories import histories
from tests.support.people import ANNA
from tests.support.projecting import folded
from tests.support.shopping import shopping_histories

MEMBER = f"member:{ANNA}:member"


def snap_reports() -> list[bytes]:
    """Four snap reports of half a point each in a month that holds one and a half."""
    return [
        one
        for number in range(1, 5)
        for one in build.decided(build.earned(f"c-{number}", on=f"2023-07-0{number}"))
    ]


def trace_of(state: State, record: Record, posting: Posting) -> CapTrace | None:
    """The trace of a posting, None where there is nothing to trace."""
    cause = state.claims.get(record.claim) if record.claim else None
    capacity = capacity_of(posting.account)
    if not posting.kind or cause is None or capacity is None or posting.kind == "expire":
        return None
    own = claims_of(state, cause.holder)
    moved = Moved(
        capacity,
        posting.item,
        posting.quarter,
        record.seq,
        rising=posting.delta > 0,
        kept_back=kept_back(state, cause.holder, record.seq),
    )
    return trace_posting(state.versions, cause, own, moved)


def kept_back(state: State, holder: str, seq: int) -> KeptBack:
    """What a budget had kept back of the holder's points before and after the record."""
    rows = [one for one in state.changes.kept if (one.register, one.key) == ("wallets", holder)]
    wallets: list[Wallet] = [Wallet(0, holder), Wallet(0, holder)]
    for row in rows:
        if row.seq < seq:
            wallets[0] = row.row
        if row.seq <= seq:
            wallets[1] = row.row
    return wallets[0].kept_back, wallets[1].kept_back


def claims_of(state: State, holder: str) -> list[Claim]:
    claims = state.claims.rows().values()
    return [claim for claim in claims if claim is not None and claim.holder == holder]


def joined(state: State) -> set[str]:
    """Records of one person that became one: their claims have another holder since."""
    people = [one for one in state.members.rows().values() if one is not None and one.joined_into]
    return {name for one in people for name in (one.id, one.joined_into) if name is not None}


def traces(payloads: Sequence[bytes], account: str = MEMBER) -> list[CapTrace]:
    state, records = folded(payloads)
    found = (
        trace_of(state, record, posting)
        for record in records
        for posting in record.postings
        if posting.account == account
    )
    return [trace for trace in found if trace is not None]


@settings(
    max_examples=examples(30, nightly=300),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.one_of(histories(), shopping_histories()))
def test_every_posting_of_any_history_is_what_its_trace_says(payloads: list[bytes]) -> None:
    state, records = folded(payloads)
    people = joined(state)

    for record in records:
        for posting in record.postings:
            trace = trace_of(state, record, posting)
            if trace is not None and posting.account.split(":")[1] not in people:
                assert trace.delta == posting.delta, (record.seq, posting)


def test_a_full_month_leaves_nothing_for_the_fourth_report() -> None:
    payloads = [*build.world(), *snap_reports()]
    state, records = folded(payloads)
    last = records[-1]
    cause = state.claims.get(last.claim)
    assert cause is not None
    own = claims_of(state, ANNA)

    moved = Moved("member", "D03", "2023-Q3", last.seq, rising=True)
    trace = trace_posting(state.versions, cause, own, moved)

    month = next(step for step in trace.steps if step.step is TraceStep.MONTH)
    assert (month.of, month.before, month.after) == (
        "2023-07",
        Side(15, 15, 15),
        Side(20, 15, 15),
    )
    assert (trace.before, trace.after) == (15, 15)


def test_a_reversal_below_the_cap_takes_nothing_and_says_who_moved_up() -> None:
    payloads = [*build.world(), *snap_reports(), build.reversal("c-2")]
    state, records = folded(payloads)
    last = records[-1]
    cause = state.claims.get("c-2")
    assert cause is not None
    own = claims_of(state, ANNA)

    moved = Moved("member", "D03", "2023-Q3", last.seq, rising=True)
    trace = trace_posting(state.versions, cause, own, moved)

    gone = next(step for step in trace.steps if step.of == "c-2")
    assert (gone.before, gone.after, trace.delta) == (Side(5, None, 5), Side(), 0)
    assert sentence_of(gone).en == "The claim c-2 counts no longer. Before this record it was 0.5."


def test_a_deduction_and_its_reversal_are_traced_as_the_line_says() -> None:
    payloads = [*build.world(), *build.decided(build.deduction("c-1")), build.reversal("c-1")]

    taken, given_back = traces(payloads)

    assert [(one.before, one.after) for one in (taken, given_back)] == [(0, -20), (-20, 0)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_has_a_sentence_with_its_amounts(language: str) -> None:
    found = traces([*build.world(), *snap_reports(), *build.decided(build.fact("c-9"))])

    for step in (step for trace in found for step in trace.steps):
        sentence = getattr(sentence_of(step), language)
        assert step.of in sentence
        assert "{" not in sentence

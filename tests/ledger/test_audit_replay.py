"""A replay gives every record again, wherever its rows lie; the first other one is named."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_contracts.canonical import canonical, decode
from jifen_ledger.adapters.audit.rows_aside import rows_aside
from jifen_ledger.application.audit.audited import AuditFailed, Kept
from jifen_ledger.application.audit.rankings import rankings_text
from jifen_ledger.application.audit.replay import Replay
from jifen_ledger.application.audit.walk import Chunk
from tests.support import builders as build
from tests.support.audited import world_with_boards
from tests.support.budget import examples
from tests.support.bulletins import anna_s_quarter, corrected, published
from tests.support.exported import AFTERWARDS, BEFORE_THE_CORRECTION
from tests.support.histories import histories
from tests.support.people import ANNA, SCHEME
from tests.support.projecting import folded
from tests.support.shopping import shopping_histories

ALL_ASIDE = 0


class Log:
    """A log in memory: what a replay asks of one."""

    name = "memory"

    def __init__(self, payloads: Sequence[bytes]) -> None:
        state, records = folded(payloads)
        self.entries = [record.bytes for record in records]
        self.said: bytes | None = rankings_text(state.figures.rows().items(), state.versions)
        self.payloads = dict(enumerate(payloads, start=1))

    def log(self, path: str) -> bytes | None:
        raise NotImplementedError(path)

    def earlier(self) -> Iterator[Kept]:
        yield from ()

    def balances(self, size: int) -> bytes | None:
        raise NotImplementedError(size)

    def rankings(self, size: int) -> bytes | None:
        assert size == len(self.entries)
        return self.said

    def raw(self, seq: int) -> bytes | None:
        return self.payloads.get(seq)

    def check(self, size: int, root: bytes, origin: str) -> None:
        raise NotImplementedError(size, root, origin)


def replayed(log: Log, rows_max: int = ALL_ASIDE, width: int = 7) -> int:
    """How many records were not replayed; raises AuditFailed."""
    with rows_aside() as aside:
        replay = Replay(log, SCHEME, aside, rows_max)
        for first in range(0, len(log.entries), width):
            replay.take(Chunk(first, log.entries[first : first + width]))
        assert replay.compare_rankings(len(log.entries))
        return replay.not_replayed


@pytest.mark.parametrize(
    "payloads",
    [
        [*BEFORE_THE_CORRECTION, *AFTERWARDS],
        [*build.world(), *anna_s_quarter(), *published(stated=[ANNA]), *corrected()],
        world_with_boards(),
        [],
    ],
    ids=["year", "bulletins", "boards", "empty"],
)
def test_every_record_and_board_comes_again_with_all_rows_put_aside(payloads: list[bytes]) -> None:
    assert replayed(Log(payloads)) == 0


@settings(
    max_examples=examples(8, nightly=60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    payloads=st.one_of(histories(), shopping_histories()),
    rows_max=st.sampled_from([ALL_ASIDE, 40, 10_000]),
    width=st.integers(1, 60),
)
def test_any_history_comes_again_wherever_its_rows_lie(
    payloads: list[bytes], rows_max: int, width: int
) -> None:
    assert replayed(Log(payloads), rows_max, width) == 0


def one_tenth_more(entry: bytes) -> bytes:
    record = decode(entry)
    postings: list[dict[str, object]] = record["postings"]  # type: ignore[assignment]
    first, last = postings[0], postings[-1]
    first["delta"], last["delta"] = int(str(first["delta"])) - 1, int(str(last["delta"])) + 1
    return canonical(record)


def other_order(entry: bytes) -> bytes:
    record = decode(entry)
    postings: list[object] = record["postings"]  # type: ignore[assignment]
    return canonical(record | {"postings": postings[::-1]})


def other_outcome(entry: bytes) -> bytes:
    return canonical(decode(entry) | {"outcome": {"code": "too_late", "status": "refused"}})


@pytest.mark.parametrize(
    ("change", "key"),
    [(one_tenth_more, "postings"), (other_order, "postings"), (other_outcome, "outcome")],
    ids=["a tenth", "the order", "the outcome"],
)
def test_the_first_record_that_the_rules_do_not_give_is_named(
    change: Callable[[bytes], bytes], key: str
) -> None:
    log = Log(world_with_boards())
    posted = [seq for seq, entry in enumerate(log.entries, 1) if b'"status":"posted"' in entry]
    for seq in posted[5:7]:
        log.entries[seq - 1] = change(log.entries[seq - 1])

    with pytest.raises(AuditFailed, match=f"^seq {posted[5]}: {key}: the log has .*the rules give"):
        replayed(log)


def test_a_board_that_the_rules_do_not_give_is_named() -> None:
    log = Log(world_with_boards())
    assert log.said is not None
    log.said = log.said.replace(b'"score":0,', b'"score":1,')

    with pytest.raises(AuditFailed, match=r'line 5 of the rankings: the ledger says .*"score":1,'):
        replayed(log)


def test_a_message_that_was_not_kept_is_counted_and_another_one_is_refused() -> None:
    log = Log(world_with_boards())
    seq = next(seq for seq, payload in log.payloads.items() if payload == b"no event")
    del log.payloads[seq]
    counted = replayed(log)
    log.payloads[seq] = b"no other event"

    assert counted == 1
    with pytest.raises(AuditFailed, match=f"^seq {seq}: raw/{seq} is not the message"):
        replayed(log)

"""What the ledger does with each answer of a witness (tlog.md §9.1), and when it asks at all."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from jifen_ledger.application.ask_witness import AskWitness, Ways
from jifen_ledger.application.log_halted import HaltReason
from jifen_ledger.application.log_status import SchemeLog, WitnessStatus
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Reason
from jifen_ledger.application.witness import (
    Answer,
    LastCosigned,
    Newest,
    NoAnswer,
    Witness,
    parse_witnesses,
)
from jifen_ledger.log.checkpoint import Cosigned
from jifen_ledger.log.keys import Algorithm, SigningKey, VerifierKey
from jifen_ledger.log.note import parse_note
from jifen_ledger.log.proof_files import parse_consistency
from jifen_ledger.log.ranges import consistency_ranges, range_hashes
from tests.ledger.log.vectors import VECTORS, grown_log
from tests.support.small_log import SmallLog

OURS = SmallLog()
KEY = SigningKey("witness.example/w1", b"\x11" * 32, Algorithm.COSIGNATURE)
OTHER = SigningKey("witness.example/w2", b"\x12" * 32, Algorithm.COSIGNATURE)
WITNESS = Witness(KEY.verifier, "https://witness.example/w1")
NOW_S = 1_700_000_000
NOW = "2023-11-14T22:13:20.000Z"
SIZE_TYPE = "text/x.tlog.size"


class Log:
    """The stored log, as far as it is signed."""

    def __init__(self, size: int, last: LastCosigned | None = None) -> None:
        self.size = size
        self.last = last
        self.recorded_at = NOW
        self.kept: list[tuple[int, int]] = []

    async def newest(self, scheme: str) -> Newest:
        assert scheme == "small"
        return Newest(self.size, OURS.note(self.size).decode(), self.recorded_at)

    async def last_cosigned(self, scheme: str, key: VerifierKey) -> LastCosigned | None:
        assert (scheme, key) == ("small", KEY.verifier)
        return self.last

    async def consistency(self, scheme: str, old: int, size: int) -> Sequence[bytes]:
        assert scheme == "small"
        _, stored = grown_log(OURS.entries(size))
        return range_hashes(consistency_ranges(old, size), stored)

    async def keep(self, scheme: str, size: int, cosigned: Cosigned) -> None:
        assert scheme == "small"
        self.kept.append((size, cosigned.time_s))


Reply = Answer | NoAnswer | Callable[[bytes], Answer]


class Replies:
    """A witness that gives these answers, one after another."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.asked: list[tuple[int, int]] = []

    async def add_checkpoint(self, url: str, body: bytes) -> Answer:
        assert url == WITNESS.url
        file = parse_consistency(body)
        size = int(parse_note(file.note).text.split(b"\n")[1])
        file.check(OURS.checkpoint(file.old).root, OURS.checkpoint(size))
        self.asked.append((file.old, size))
        reply = self._replies.pop(0)
        if isinstance(reply, NoAnswer):
            raise reply
        return reply if isinstance(reply, Answer) else reply(body)


def signs(
    *keys: SigningKey, at_s: int = NOW_S, of: SmallLog = OURS, size: int = 8
) -> Callable[[bytes], Answer]:
    text = of.checkpoint(size).text
    lines = "".join(key.cosign(text, at_s) for key in keys or (KEY,))
    return lambda _: Answer(200, "text/plain; charset=utf-8", lines.encode())


def known(size: str, type_: str = SIZE_TYPE) -> Answer:
    return Answer(409, type_, f"{size}\n".encode())


class Asking:
    """The task of one witness at a clock that the test sets."""

    def __init__(self, log: Log, *replies: Reply) -> None:
        self.log = log
        self.witness = Replies(*replies)
        self.status = SchemeLog("small", signed_size=log.size, has_all_signed=True)
        self.projection = SchemeStatus("small", size=log.size, stream_last=log.size)
        self.now_s = NOW_S
        ways = Ways(log, self.witness, lambda: self.now_s * 1_000)
        self._task = AskWitness(ways, WITNESS, self.status, self.projection, asyncio.Event())

    async def turn(self) -> WitnessStatus:
        """One turn of the task, and what its status says then."""
        await self._task.turn()
        return self.status.witnesses.get("witness.example/w1", WitnessStatus())


async def test_what_is_signed_is_cosigned_from_the_size_of_last_time() -> None:
    asking = Asking(Log(8, LastCosigned(3, NOW_S - 9)), signs())
    found = await asking.turn()

    assert (asking.witness.asked, asking.log.kept) == ([(3, 8)], [(8, NOW_S)])
    assert found == WitnessStatus(8, NOW_S)


async def test_a_size_is_asked_for_once_and_then_every_ten_minutes() -> None:
    asking = Asking(Log(8), signs(), signs(at_s=NOW_S + 600))
    for passed in (0, 1, 599, 600, 601):
        asking.now_s = NOW_S + passed
        await asking.turn()

    assert (asking.witness.asked, asking.log.kept) == (
        [(0, 8), (8, 8)],
        [(8, NOW_S), (8, NOW_S + 600)],
    )


async def test_a_conflict_names_the_size_to_prove_from_and_is_answered_once() -> None:
    taken = Asking(Log(8), known("5"), signs())
    back = Asking(Log(8, LastCosigned(6, NOW_S)), known("0"), signs())
    twice = Asking(Log(8), known("5"), known("6"), signs())
    found = [await one.turn() for one in (taken, back, twice)]

    assert [one.witness.asked for one in (taken, back, twice)] == [
        [(0, 8), (5, 8)],
        [(6, 8), (0, 8)],
        [(0, 8), (5, 8)],
    ]
    assert [one.size for one in found] == [8, 8, None]
    assert found[2].trouble.startswith("status 409")


async def test_a_witness_that_knows_more_than_was_ever_signed_stops_the_signing() -> None:
    asking = Asking(Log(8), known("9"))
    await asking.turn()

    assert asking.status.halted is HaltReason.WITNESS
    assert asking.status.detail == "witness.example/w1 has cosigned size 9; we have signed 8"
    assert not asking.status.ready(NOW_S * 1_000)


async def test_what_another_worker_has_signed_meanwhile_is_no_reason_to_stop() -> None:
    log = Log(8)

    def overtaken(_: bytes) -> Answer:
        log.size = 12
        return known("12")

    asking = Asking(log, overtaken)
    found = await asking.turn()

    assert (asking.status.halted, found.trouble) == (None, "size 12 is cosigned already")


async def test_a_witness_that_finds_the_log_inconsistent_stops_the_signing() -> None:
    asking = Asking(Log(8), Answer(422, "text/plain", b"no\n"))
    await asking.turn()

    assert asking.status.halted is HaltReason.WITNESS


FORK = SmallLog(fork_at=3)
LINE = KEY.cosign(OURS.checkpoint(8).text, NOW_S).encode()
USELESS: dict[str, Reply] = {
    "no answer": NoAnswer("no answer within 5 s"),
    "400": Answer(400, "text/plain", b"no\n"),
    "403": Answer(403, "text/plain", b"no\n"),
    "404": Answer(404, "text/plain", b"no\n"),
    "500": Answer(500, "text/html", b"<p>" * 900),
    "a redirect": Answer(301, "text/plain", b""),
    "a conflict without a size": known("8 "),
    "a conflict of another type": known("5", "text/plain"),
    "a conflict without its end": Answer(409, SIZE_TYPE, b"5"),
    "a conflict below nothing": known("-1"),
    "nothing": Answer(200, "text/plain", b""),
    "no line": Answer(200, "text/plain", b"thanks\n"),
    "not UTF-8": Answer(200, "text/plain", b"\xff\n"),
    "a line without its end": Answer(200, "text/plain", LINE[:-1]),
    "a line of another key": signs(OTHER),
    "the signature of another tree": signs(of=FORK),
    "the signature of another size": signs(size=7),
    "a good line and a bad one": Answer(
        200, "text/plain", LINE + KEY.cosign(b"x\n", NOW_S).encode()
    ),
    "a time long past": signs(at_s=NOW_S - 301),
    "a time to come": signs(at_s=NOW_S + 301),
    "a time beyond all": signs(at_s=2**63),
}


@pytest.mark.parametrize("reply", USELESS.values(), ids=USELESS)
async def test_of_a_useless_answer_nothing_is_kept_and_the_signing_goes_on(reply: Reply) -> None:
    asking = Asking(Log(8), reply, signs(at_s=NOW_S + 2))
    first = await asking.turn()
    kept, halted = list(asking.log.kept), asking.status.halted
    waiting = await asking.turn()
    asking.now_s += 2
    after = await asking.turn()

    assert (kept, halted, first.failed, bool(first.trouble)) == ([], None, 1, True)
    assert waiting == first
    assert after == WitnessStatus(8, NOW_S + 2, failed=1)


async def test_lines_of_other_keys_beside_its_own_are_ignored() -> None:
    asking = Asking(Log(8), signs(OTHER, KEY))

    assert (await asking.turn()).size == 8


async def test_a_dead_witness_is_asked_less_and_less_often_but_every_minute() -> None:
    asking = Asking(Log(8), *[NoAnswer("away")] * 20)
    times = []
    for second in range(300):
        asking.now_s = NOW_S + second
        before = len(asking.witness.asked)
        await asking.turn()
        if len(asking.witness.asked) > before:
            times.append(second)

    assert times == [0, 2, 6, 14, 30, 62, 122, 182, 242]


def lagging(asking: Asking, age_s: int) -> None:
    asking.projection.stream_last += 1
    asking.now_s = NOW_S + age_s


def stopped(asking: Asking) -> None:
    asking.projection.stopped = Reason.STREAM_GAP


def waiting(asking: Asking) -> None:
    asking.projection.waiting = "NATS: no heartbeat"


def unsigned(asking: Asking) -> None:
    asking.status.unsigned_since_ms = (NOW_S - 61) * 1_000


def of_another(asking: Asking) -> None:
    asking.projection.held = False


def restored(asking: Asking) -> None:
    asking.status.has_all_signed = False


def halted(asking: Asking) -> None:
    asking.status.halted = HaltReason.ALTERED_TREE


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (lambda _: None, True),
        (lambda one: lagging(one, 60), True),
        (lambda one: lagging(one, 61), False),
        (stopped, False),
        (waiting, False),
        (unsigned, False),
        (of_another, False),
        (restored, False),
        (halted, False),
    ],
)
async def test_no_cosignature_is_asked_for_while_records_would_look_back_dated(
    change: Callable[[Asking], None],
    asked: bool,  # noqa: FBT001 - whether it asks
) -> None:
    asking = Asking(Log(8), signs())
    change(asking)
    await asking.turn()

    assert bool(asking.witness.asked) is asked


async def test_whoever_takes_the_scheme_up_again_reads_what_was_cosigned_meanwhile() -> None:
    asking = Asking(Log(8), signs(), signs(size=12))
    await asking.turn()
    asking.projection.held = False
    await asking.turn()
    asking.log.size = asking.status.signed_size = 12
    asking.log.last = LastCosigned(10, NOW_S)
    asking.projection.held = True
    await asking.turn()

    assert asking.witness.asked == [(0, 8), (10, 12)]


def test_witnesses_are_a_key_and_an_address_each() -> None:
    one, two = KEY.verifier, OTHER.verifier
    text = f"{one.text} https://w.example/1/,\n {two.text}  http://10.0.0.7:8090"

    assert parse_witnesses(text) == (
        Witness(one, "https://w.example/1"),
        Witness(two, "http://10.0.0.7:8090"),
    )
    assert parse_witnesses(" \n") == ()


@pytest.mark.parametrize(
    "text",
    [
        KEY.verifier.text,
        f"{KEY.verifier.text} https://w.example more",
        f"{KEY.verifier.text} w.example",
        f"{KEY.verifier.text[:-1]} https://w.example",
        f"{OURS.key.verifier.text} https://w.example",
        f"{VECTORS['witness_vkey']} https://w.example",
    ],
)
def test_what_names_no_witness_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"witness|vkey|base64|URL"):
        parse_witnesses(text)

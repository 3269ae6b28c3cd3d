"""Bytes and hashes of the log in memory: canonical forms, records, private parts, leaves."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from typing import Final

import orjson

from jifen_contracts.canonical import canonical, decode
from jifen_contracts.private_parts import privatehash_of
from jifen_contracts.record import joined_record
from jifen_ledger.domain import fold
from jifen_ledger.domain.outcome import Effect, Outcome, Status
from jifen_ledger.domain.postings import Posting
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.tree import EMPTY_TREE, Tree, grown
from tests.benchmarks.log_rows import Row, each_s, rate_row, time_row

EVENT_BYTES: Final = 700
RECORD_BYTES: Final = 900
TIMES: Final = 20_000
BATCH: Final = 1_000
LARGEST: Final = 2**63 - 1
RECORDED_AT: Final = "2026-01-31T00:00:00.000Z"
HOLDER: Final = "member:m00112233445566778899aabbccddeeff"


def bytes_rows(payloads: Sequence[bytes]) -> Iterator[Row]:
    """Measure what is done with one event or record."""
    payload = min(payloads, key=lambda one: abs(len(one) - EVENT_BYTES))
    yield from _canonical_rows(payload)
    yield _record_row(payload)
    yield _private_row()
    entries = [os.urandom(RECORD_BYTES) for _ in range(BATCH)]
    leaves = leaf_hashes(entries)
    hashed_s = each_s(lambda: leaf_hashes(entries), BATCH)
    bare_s = each_s(lambda: [sha256(entry).digest() for entry in entries], BATCH)
    yield rate_row(
        f"leaf hash of a {RECORD_BYTES}-byte record; limit: SHA-256 of it",
        *(1 / bare_s, 1 / hashed_s),
        500_000,
    )
    grown_s = each_s(lambda: grown(EMPTY_TREE, leaves), BATCH)
    pairs = [leaf + leaf for leaf in leaves]
    node_s = each_s(lambda: [sha256(pair).digest() for pair in pairs], BATCH)
    yield rate_row(
        "append to peaks, given the leaf hash; limit: one SHA-256 of 64 bytes",
        *(1 / node_s, 1 / grown_s),
        1_000_000,
    )
    yield time_row(
        f"tree and leaf hashes in a batch of {BATCH:,}, an event",
        f"{(bare_s + node_s) * 1e6:.1f} us",
        (hashed_s + grown_s) * 1e6,
        *(15, "us"),
    )
    yield _peaks_row()


def _canonical_rows(payload: bytes) -> Iterator[Row]:
    event = orjson.loads(payload)
    dumped_s = _each(partial(orjson.dumps, event, option=orjson.OPT_SORT_KEYS))
    loaded_s = _each(partial(orjson.loads, payload))
    yield rate_row(
        f"canonical bytes of a {len(payload)}-byte event; limit: orjson.dumps, nothing checked",
        *(1 / dumped_s, 1 / _each(partial(canonical, event))),
        100_000,
    )
    yield rate_row(
        "parse and check of the same; limit: orjson.loads",
        *(1 / loaded_s, 1 / _each(partial(decode, payload))),
        80_000,
    )


def _record_row(payload: bytes) -> Row:
    outcome = Outcome(Status.POSTED)
    legs = (Posting("issue:C02", -30), Posting(f"{HOLDER}:pending", 30))
    effect = Effect(legs, claim="c-00417", item="C02", quarter="2026-Q1")
    objects = [posting.as_recorded("C02", "2026-Q1") for posting in legs]

    def as_the_fold_does() -> bytes:
        said, moved = fold._outcome_bytes(outcome), fold._postings_bytes(effect)
        return joined_record(payload, said, moved, RECORDED_AT, 417)

    return rate_row(
        "record bytes from payload, outcome and two postings; limit: orjson.dumps of the postings",
        1 / _each(partial(orjson.dumps, objects, option=orjson.OPT_SORT_KEYS)),
        1 / _each(as_the_fold_does),
        400_000,
    )


def _private_row() -> Row:
    private = canonical({"links": ["https://files.example/e/7"], "text": "第三季度帮扶 👍"})
    salt = os.urandom(32)
    return rate_row(
        "privatehash; limit: SHA-256 of the same bytes",
        1 / _each(lambda: sha256(salt + private).digest()),
        1 / _each(partial(privatehash_of, private, salt)),
        500_000,
    )


def _peaks_row() -> Row:
    fullest = Tree(LARGEST, tuple(os.urandom(32) for _ in range(LARGEST.bit_count())))
    peaks = len(fullest.peaks)
    pair = os.urandom(64)
    limit_ms = each_s(lambda: [sha256(pair).digest() for _ in range(peaks)]) * 1e3
    return time_row(
        f"root from {peaks} peaks, the most there can be; limit: as many SHA-256",
        f"{limit_ms:.3f} ms",
        _each(lambda: fullest.root, 1_000) * 1e3,
        *(0.1, "ms", 3),
    )


def _each(work: Callable[[], object], times: int = TIMES) -> float:
    return each_s(lambda: [work() for _ in range(times)], times)

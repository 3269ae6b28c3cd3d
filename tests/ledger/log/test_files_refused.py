"""Proof files, receipts, records, tiles and paths that must be refused (tlog.md A.4, 4.2)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from jifen_contracts.canonical import canonical
from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint, signed_note
from jifen_ledger.log.encodings import encoded
from jifen_ledger.log.hashes import leaf_hash
from jifen_ledger.log.proof_files import InclusionFile, parse_consistency, parse_inclusion
from jifen_ledger.log.ranges import inclusion_ranges, range_hashes
from jifen_ledger.log.receipts import Opening, check_receipt, receipt_file
from jifen_ledger.log.record_form import check_record
from jifen_ledger.log.tiles import bundle_of, entries_of, hashes_of, level_of, place_of
from jifen_ledger.log.verdicts import Malformed, Unbelieved, Unverified
from tests.ledger.log.vectors import LOG, MINI_LOG, VECTORS, grown_log

PROOF: str = VECTORS["tlog_proof_5_8"]
RECEIPT: str = VECTORS["mini_receipt"]
LEAF = leaf_hash(bytes.fromhex(VECTORS["leaves"][5]))
HASH_LINE = PROOF.splitlines()[2]
REFUSED_PROOFS = {
    "another version": PROOF.replace("@v1", "@v2"),
    "index 05": PROOF.replace("index 5", "index 05"),
    "index of the size": PROOF.replace("index 5", "index 8"),
    "another index": PROOF.replace("index 5", "index 4"),
    "a hash of 31 bytes": PROOF.replace(HASH_LINE, encoded(bytes(31))),
    "an empty line within the hashes": PROOF.replace(HASH_LINE, f"{HASH_LINE}\n"),
    "no empty line before the checkpoint": PROOF.replace("\n\nledger", "\nledger"),
    "64 hashes": PROOF.replace(HASH_LINE, "\n".join([HASH_LINE] * 62)),
    "extra after index": PROOF.replace("index 5\n", "index 5\nextra AAAA\n"),
    "two extra lines": PROOF.replace("index 5\n", "extra AAAA\nextra AAAA\nindex 5\n"),
    "extra that is no base64": PROOF.replace("index 5\n", "extra AAA\nindex 5\n"),
    "an empty extra": PROOF.replace("index 5\n", "extra \nindex 5\n"),
    "not UTF-8": PROOF.replace("index", "\udcff"),
}


@pytest.mark.parametrize("file", REFUSED_PROOFS.values(), ids=REFUSED_PROOFS)
def test_a_proof_that_is_not_as_it_must_be_is_refused(file: str) -> None:
    with pytest.raises(Unbelieved):
        check_inclusion(file.encode(errors="surrogateescape"))


def check_inclusion(file: bytes) -> None:
    proof = parse_inclusion(file)
    proof.check(LEAF, open_checkpoint(proof.note, [LOG.verifier]).checkpoint)


def test_the_proof_that_was_spoilt_is_good() -> None:
    check_inclusion(PROOF.encode())
    check_inclusion(PROOF.replace("index 5\n", "extra AAAA\nindex 5\n").encode())


@pytest.mark.parametrize(
    "file",
    [
        VECTORS["add_checkpoint_3_8"].replace("old 3", "old 03"),
        VECTORS["add_checkpoint_3_8"].replace("old 3", "index 3"),
        VECTORS["add_checkpoint_3_8"].replace("\n\n", "\n", 1),
    ],
)
def test_a_consistency_file_that_is_not_as_it_must_be_is_refused(file: str) -> None:
    with pytest.raises(Malformed):
        parse_consistency(file.encode())


@pytest.mark.parametrize("old", [2, 4, 8])
def test_a_consistency_proof_of_another_size_is_refused(old: int) -> None:
    file = parse_consistency(VECTORS["add_checkpoint_3_8"].replace("old 3", f"old {old}").encode())
    checkpoint = open_checkpoint(file.note, [LOG.verifier]).checkpoint

    with pytest.raises(Unverified):
        file.check(bytes.fromhex(VECTORS["roots"][old]), checkpoint)


def receipt(**changed: Any) -> bytes:
    proof = parse_inclusion(RECEIPT.encode())
    assert proof.extra is not None
    extra = json.loads(proof.extra) | changed
    spoilt = canonical({key: value for key, value in extra.items() if value is not None})
    return InclusionFile(proof.index, proof.hashes, proof.note, spoilt).text


OPENING = json.loads(VECTORS["mini_receipt_extra_json"])["opening"]


@pytest.mark.parametrize(
    "file",
    [
        receipt(type="jifen/receipt/v2"),
        receipt(entry=encoded(VECTORS["mini_entries"][1].encode())),
        receipt(entry=None),
        receipt(entry=7),
        receipt(more="x"),
        receipt(opening=OPENING | {"salt": VECTORS["mini_salt_of_the_duplicate"]}),
        receipt(opening=OPENING | {"salt": OPENING["salt"][:62]}),
        receipt(opening=OPENING | {"private": {"text": "another"}}),
        receipt(opening={"salt": OPENING["salt"]}),
        receipt(opening="open"),
        VECTORS["mini_receipt"].replace("extra", "#extra").encode(),
        b"\n".join(line for line in RECEIPT.encode().split(b"\n") if not line.startswith(b"extra")),
    ],
)
def test_a_receipt_that_is_not_as_it_must_be_is_refused(file: bytes) -> None:
    with pytest.raises(Unbelieved):
        check_receipt(file, [MINI_LOG.verifier])


def test_an_opening_for_an_event_without_a_private_part_is_refused() -> None:
    entries = [entry.encode() for entry in VECTORS["mini_entries"]]
    tree, stored = grown_log(entries)
    note = signed_note(Checkpoint(VECTORS["mini_origin"], 4, tree.root), [MINI_LOG]).encode()
    proof = InclusionFile(1, tuple(range_hashes(inclusion_ranges(1, 4), stored)), note)
    assert check_receipt(receipt_file(proof, entries[1], None), [MINI_LOG.verifier]).opening is None

    with pytest.raises(Unverified, match="no private part"):
        check_receipt(receipt_file(proof, entries[1], Opening(**OPENING)), [MINI_LOG.verifier])


FIRST: dict[str, Any] = json.loads(VECTORS["mini_entries"][0])
LATER: dict[str, Any] = json.loads(VECTORS["mini_entries"][2])
DUPLICATE: dict[str, Any] = json.loads(VECTORS["mini_entries"][3])
PREVIOUS = "2026-01-05T08:00:00.250Z"
ACCOUNTS = ["issue:C02", "member:m-1:member"]


def legs(*deltas: int) -> list[dict[str, Any]]:
    return [{"account": ACCOUNTS[place % 2], "delta": delta} for place, delta in enumerate(deltas)]


def with_outcome(record: dict[str, Any], **outcome: Any) -> dict[str, Any]:
    said = {key: value for key, value in (record["outcome"] | outcome).items() if value is not None}
    return record | {"outcome": said}


def without_event(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "event"}


REFUSED_RECORDS: dict[str, tuple[dict[str, Any], int]] = {
    "seq = index": (FIRST | {"seq": 0}, 0),
    "deltas that sum to 1": (FIRST | {"postings": legs(-30, 31)}, 0),
    "units that mix": (
        FIRST | {"postings": [*legs(-30), {"account": "wallet:m-1", "delta": 30}]},
        0,
    ),
    "a delta of 0": (FIRST | {"postings": [*legs(-30, 30), *legs(0)]}, 0),
    "257 postings": (FIRST | {"postings": legs(*([1] * 128), *([-1] * 127), -2, 1)}, 0),
    "posted without": (FIRST | {"postings": []}, 0),
    "recorded with": (with_outcome(FIRST, status="recorded"), 0),
    "refused without code": (with_outcome(LATER, code=None), 2),
    "posted with code": (with_outcome(FIRST, code="late"), 0),
    "a code that is none": (with_outcome(LATER, code="Late"), 2),
    "a status that is none": (with_outcome(FIRST, status="done"), 0),
    "a duplicate of nothing": (with_outcome(DUPLICATE, refers_to=None), 3),
    "a duplicate of itself": (with_outcome(DUPLICATE, refers_to=4), 3),
    "both event and hash": (LATER | {"payload_sha256": "0" * 64}, 2),
    "neither": (without_event(LATER), 2),
    "a hash that is none": (without_event(LATER) | {"payload_sha256": "0" * 63}, 2),
    "recorded_at earlier": (LATER | {"recorded_at": "2026-01-05T08:00:00.249Z"}, 2),
    "recorded_at later": (LATER | {"recorded_at": "2026-01-05T08:00:00.251Z"}, 2),
    "recorded_at of no day": (FIRST | {"recorded_at": "2026-02-30T03:04:05.678Z"}, 0),
    "recorded_at without milliseconds": (FIRST | {"recorded_at": "2026-01-02T03:04:05Z"}, 0),
    "schema 2": (FIRST | {"schema": 2}, 0),
    "no postings at all": ({key: FIRST[key] for key in FIRST if key != "postings"}, 0),
}


@pytest.mark.parametrize(("record", "index"), REFUSED_RECORDS.values(), ids=REFUSED_RECORDS)
def test_a_record_of_another_form_is_refused(record: dict[str, Any], index: int) -> None:
    previous = "1970-01-01T00:00:00.000Z" if index == 0 else PREVIOUS
    with pytest.raises(Malformed):
        check_record(canonical(record), index, previous)


@pytest.mark.parametrize("account", ["a" * 97, "issue:C 2", "Issue:C02", "issue:", ""])
def test_an_account_of_another_form_is_refused(account: str) -> None:
    postings = [{"account": account, "delta": -1}, {"account": "issue:C02", "delta": 1}]

    with pytest.raises(Malformed, match="account"):
        check_record(canonical(FIRST | {"postings": postings}), 0, "1970-01-01T00:00:00.000Z")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entry: entry.replace(b'"schema":1', b'"schema": 1'),
        lambda entry: entry + b"\n",
        lambda entry: entry.replace(b'"delta":30', b'"delta":30.0'),
        lambda entry: entry[1:],
        lambda _: b"[]",
        lambda _: b"",
    ],
)
def test_a_record_in_other_bytes_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    entry = spoil(VECTORS["mini_entries"][0].encode())

    with pytest.raises(Malformed):
        check_record(entry, 0, "1970-01-01T00:00:00.000Z")


def test_a_reader_ignores_members_that_it_does_not_know() -> None:
    record = with_outcome(FIRST, hint="new") | {"zone": "new"}

    assert check_record(canonical(record), 0, "1970-01-01T00:00:00.000Z") == record


@pytest.mark.parametrize(
    "path",
    [
        "0", "00", "0000", "x000/000", "x001/0", "x1/000", "001/000", "000.p/0", "000.p/256",
        "000.p/01", "000.p/", "000.p/+1", "000.p", "000/", "/000", " 000", "000\n", "٠٠٠",
        "X001/000", "x001/x000/", "x036/x028/x797/x018/x963/968",
    ],
)  # fmt: skip
def test_a_path_that_is_not_canonical_names_no_tile(path: str) -> None:
    assert place_of(path) is None


def test_the_last_tile_there_can_be_has_a_path() -> None:
    assert place_of("x036/x028/x797/x018/x963/967.p/255") is not None


@pytest.mark.parametrize("level", ["00", "01", "64", "-1", "+1", "", "a", "1\n", "٣"])
def test_a_level_that_is_not_canonical_is_none(level: str) -> None:
    assert level_of(level) is None


@pytest.mark.parametrize("bundle", [b"", b"\0", b"\0\0", b"\0\2a", b"\0\1a\0", b"\0\1a" * 257])
def test_a_bundle_that_ends_early_or_has_an_empty_entry_is_refused(bundle: bytes) -> None:
    with pytest.raises(Malformed):
        entries_of(bundle)


def test_entries_of_the_least_and_the_greatest_length_come_back_out_of_a_bundle() -> None:
    entries = [b"x", b"y" * 65_535, b"z"]

    assert entries_of(bundle_of(entries)) == entries


@pytest.mark.parametrize("tile", [b"", b"x" * 31, b"x" * 33, b"x" * 32 * 257])
def test_bytes_that_are_no_tile_are_refused(tile: bytes) -> None:
    with pytest.raises(Malformed):
        hashes_of(tile)


def test_the_largest_delta_and_256_postings_are_taken() -> None:
    postings = [*legs(2**53 - 1, 1 - 2**53), *legs(*([1, -1] * 127))]

    record = FIRST | {"postings": postings}

    assert check_record(canonical(record), 0, "1970-01-01T00:00:00.000Z") == record

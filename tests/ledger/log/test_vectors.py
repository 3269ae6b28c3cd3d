"""Everything in tlog.md's vectors, byte for byte."""

import json
from hashlib import sha256

import pytest

from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint, signed_note
from jifen_ledger.log.encodings import decoded, encoded
from jifen_ledger.log.hashes import leaf_hash, leaf_hashes
from jifen_ledger.log.keys import cosigned_message, parse_vkey
from jifen_ledger.log.note import join_note
from jifen_ledger.log.proof_files import (
    ConsistencyFile,
    InclusionFile,
    parse_consistency,
    parse_inclusion,
)
from jifen_ledger.log.proofs import verify_consistency, verify_inclusion
from jifen_ledger.log.ranges import consistency_ranges, inclusion_ranges, range_hashes
from jifen_ledger.log.receipts import Opening, check_receipt, receipt_file
from jifen_ledger.log.record_form import BEFORE_THE_FIRST, check_record
from jifen_ledger.log.tiles import (
    Place,
    bundle_of,
    bundle_path,
    levels_at,
    place_of,
    places_at,
    tile_path,
)
from tests.ledger.log.vectors import (
    LOG,
    MINI_LOG,
    ORIGIN,
    VECTORS,
    WITNESS,
    big_log,
    grown_log,
)

LEAVES = [bytes.fromhex(leaf) for leaf in VECTORS["leaves"]]
MINI = [entry.encode() for entry in VECTORS["mini_entries"]]


def test_leaf_hashes_and_roots_of_the_small_tree() -> None:
    roots = [grown_log(LEAVES[:size])[0].root.hex() for size in range(len(LEAVES) + 1)]

    assert [leaf.hex() for leaf in leaf_hashes(LEAVES)] == VECTORS["leaf_hashes"]
    assert roots == VECTORS["roots"]


@pytest.mark.parametrize("key", VECTORS["inclusion"])
def test_inclusion_proofs_of_the_small_tree(key: str) -> None:
    index, size = map(int, key.split("/"))
    tree, stored = grown_log(LEAVES[:size])

    proof = range_hashes(inclusion_ranges(index, size), stored)

    assert [one.hex() for one in proof] == VECTORS["inclusion"][key]
    assert verify_inclusion(leaf_hash(LEAVES[index]), index, size, proof, tree.root)


@pytest.mark.parametrize("key", VECTORS["consistency"])
def test_consistency_proofs_of_the_small_tree(key: str) -> None:
    old, size = map(int, key.split("/"))
    tree, stored = grown_log(LEAVES[:size])

    proof = range_hashes(consistency_ranges(old, size), stored)

    assert [one.hex() for one in proof] == VECTORS["consistency"][key]
    assert verify_consistency(old, size, grown_log(LEAVES[:old])[0].root, tree.root, proof)


def test_roots_of_the_large_tree() -> None:
    roots = {size: encoded(big_log(int(size))[0].root) for size in VECTORS["big_roots"]}

    assert roots == VECTORS["big_roots"]


def test_proofs_of_the_large_tree() -> None:
    _, stored = big_log(70_000)

    inclusion = range_hashes(inclusion_ranges(12_345, 70_000), stored)
    consistency = range_hashes(consistency_ranges(65_537, 70_000), stored)

    assert [one.hex() for one in inclusion] == VECTORS["big_inclusion_12345_70000"]
    assert [one.hex() for one in consistency] == VECTORS["big_consistency_65537_70000"]


@pytest.mark.parametrize("size", VECTORS["big_files"])
def test_tiles_and_bundles_of_the_large_tree(size: str) -> None:
    files = files_at(int(size))
    expected = VECTORS["big_files"][size]

    assert {path: files[path] for path in expected} == expected
    if int(size) <= 300:
        assert files.keys() == expected.keys()


def files_at(size: int) -> dict[str, str]:
    _, stored = big_log(size)
    found = {}
    for place in places_at(size):
        numbers = range(place.first, place.first + place.width)
        found[bundle_path(place)] = bundle_of(b"entry-%d" % number for number in numbers)
    for level in levels_at(size):
        for place in places_at(size, level):
            hashes = [stored[level, place.first + one] for one in range(place.width)]
            found[tile_path(level, place)] = b"".join(hashes)
    return {path: f"{len(body)} {sha256(body).hexdigest()}" for path, body in found.items()}


def test_paths_of_tiles() -> None:
    paths = {number: Place(int(number)).path for number in VECTORS["tile_n"]}
    places = {number: place_of(path) for number, path in VECTORS["tile_n"].items()}

    assert paths == VECTORS["tile_n"]
    assert places == {number: Place(int(number)) for number in VECTORS["tile_n"]}


def test_keys() -> None:
    found = {
        "log_vkey": LOG.verifier.text,
        "witness_vkey": WITNESS.verifier.text,
        "mini_vkey": MINI_LOG.verifier.text,
        "log_public": LOG.verifier.public.hex(),
        "witness_public": WITNESS.verifier.public.hex(),
    }

    assert found == {name: VECTORS[name] for name in found}
    for key in (LOG, WITNESS, MINI_LOG):
        assert parse_vkey(key.verifier.text) == key.verifier
        assert key.verifier.known_to_all


@pytest.mark.parametrize("size", [0, 3, 8])
def test_checkpoints(size: int) -> None:
    checkpoint = Checkpoint(ORIGIN, size, grown_log(LEAVES[:size])[0].root)
    note = VECTORS[f"checkpoint_{size}"]

    assert signed_note(checkpoint, [LOG]) == note
    assert open_checkpoint(note.encode(), [LOG.verifier]).checkpoint == checkpoint


def test_a_cosigned_checkpoint() -> None:
    text = VECTORS["checkpoint_8"].partition("\n\n")[0].encode() + b"\n"
    line = WITNESS.cosign(text, 1_700_000_000)
    note = join_note(text, [LOG.sign(text), line])

    opened = open_checkpoint(note.encode(), [LOG.verifier], [WITNESS.verifier], quorum=1)

    assert cosigned_message(1_700_000_000, text).decode() == VECTORS["cosignature_message"]
    assert line == VECTORS["cosignature_line"]
    assert note == VECTORS["checkpoint_8_cosigned"]
    assert [(one.key, one.time_s) for one in opened.cosigned] == [(WITNESS.verifier, 1_700_000_000)]


def test_files_of_proofs() -> None:
    _, stored = grown_log(LEAVES)
    inclusion = InclusionFile(
        5,
        tuple(range_hashes(inclusion_ranges(5, 8), stored)),
        VECTORS["checkpoint_8_cosigned"].encode(),
    )
    consistency = ConsistencyFile(
        3,
        tuple(range_hashes(consistency_ranges(3, 8), stored)),
        VECTORS["checkpoint_8"].encode(),
    )

    assert inclusion.text.decode() == VECTORS["tlog_proof_5_8"]
    assert parse_inclusion(inclusion.text) == inclusion
    assert consistency.text.decode() == VECTORS["add_checkpoint_3_8"]
    assert parse_consistency(consistency.text) == consistency


def test_the_small_log_as_a_whole() -> None:
    tree, stored = grown_log(MINI)
    previous = BEFORE_THE_FIRST
    for index, entry in enumerate(MINI):
        previous = check_record(entry, index, previous)["recorded_at"]
    bundle = bundle_of(MINI)
    opened = open_checkpoint(
        VECTORS["mini_checkpoint_cosigned"].encode(), [MINI_LOG.verifier], [WITNESS.verifier]
    )

    assert [leaf.hex() for leaf in leaf_hashes(MINI)] == VECTORS["mini_leaf_hashes"]
    assert b"".join(stored[0, one] for one in range(4)).hex() == VECTORS["mini_tile_0_000_p_4"]
    assert f"{len(bundle)} {sha256(bundle).hexdigest()}" == VECTORS["mini_bundle"]
    assert opened.checkpoint == Checkpoint(VECTORS["mini_origin"], 4, tree.root)
    assert opened.cosigned[0].time_s == 1_767_600_305


def test_a_consistency_file_of_the_small_log() -> None:
    file = parse_consistency(VECTORS["mini_consistency_2_4"].encode())
    old = open_checkpoint(VECTORS["mini_checkpoint_2"].encode(), [MINI_LOG.verifier]).checkpoint
    new = open_checkpoint(file.note, [MINI_LOG.verifier], [WITNESS.verifier]).checkpoint

    file.check(old.root, new)

    assert (file.old, old.size, new.size) == (2, 2, 4)
    assert file.text.decode() == VECTORS["mini_consistency_2_4"]


def test_a_receipt_with_an_opening() -> None:
    file = VECTORS["mini_receipt"].encode()
    proof = parse_inclusion(file)

    receipt = check_receipt(file, [MINI_LOG.verifier], [WITNESS.verifier], quorum=1)

    assert receipt.entry == MINI[0]
    assert receipt.opening is not None
    assert receipt.opening.salt == VECTORS["mini_salt"]
    assert receipt.opening.privatehash == VECTORS["mini_privatehash"]
    assert proof.extra == VECTORS["mini_receipt_extra_json"].encode()
    assert receipt_file(proof, MINI[0], receipt.opening) == file
    resent = Opening(receipt.opening.private, VECTORS["mini_salt_of_the_duplicate"])
    assert resent.privatehash == json.loads(MINI[3])["event"]["privatehash"]


def test_records_of_messages_that_are_no_events() -> None:
    previous = "2026-01-05T08:00:01.000Z"

    codes = [
        check_record(VECTORS[name].encode(), index, previous)["outcome"]["code"]
        for index, name in ((4, "malformed_record"), (5, "too_large_record"))
    ]

    assert codes == ["malformed", "too_large"]


def test_the_root_of_the_empty_tree_is_the_one_signed_first() -> None:
    opened = open_checkpoint(VECTORS["checkpoint_0"].encode(), [LOG.verifier])

    assert opened.checkpoint.root == decoded("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")

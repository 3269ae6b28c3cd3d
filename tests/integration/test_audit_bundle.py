"""A bundle stands for itself: sound as it was made; whatever was altered in it is named."""

import gzip
import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jifen_contracts.canonical import canonical, decode
from jifen_ledger.adapters.audit.archive import pack
from jifen_ledger.adapters.key_files import KeyFiles
from jifen_ledger.log.keys import SigningKey
from tests.support.audited import (
    Audit,
    Signed,
    auditing,
    make_bundle,
    signed_world,
    world_with_boards,
)
from tests.support.forging import entries_in, fitted, forged
from tests.support.go_verifier import WHY_NOT, build_go_verifier, verified_by_go
from tests.support.people import ANNA, SCHEME
from tests.support.signing import LOG_ORIGIN, refused
from tests.support.stranger import verify as verified_by_a_stranger

FIRST = [*world_with_boards(), *refused(100)]
THEN = refused(60, "n")


class Made(NamedTuple):
    """A signed world, its bundle as a file and as a folder, and that of the part before."""

    signed: Signed
    packed: Path
    folder: Path
    before: Path

    @property
    def key(self) -> SigningKey:
        keys = KeyFiles(self.signed.directory / "keys", LOG_ORIGIN)
        return keys.read(SCHEME).signing[0]


@pytest.fixture(scope="module")
def made(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Made:
    place = tmp_path_factory.mktemp("audit")
    with signed_world(postgres_url, migrated_template, place, FIRST, THEN) as signed:
        packed = make_bundle(signed, place / "b.tar.gz")
        folder = make_bundle(signed, place / "unpacked")
        before = make_bundle(signed, place / "before", "--size", str(len(FIRST)))
    return Made(signed, packed, folder, before)


@pytest.fixture
def audit(capsys: pytest.CaptureFixture[str]) -> Audit:
    return auditing(capsys)


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Path:
    """A folder to be altered."""
    return shutil.copytree(made.folder, tmp_path / "copy")


def posted_in(bundle: Path) -> int:
    """The index of an entry in the middle that moves points of Anna's account."""
    found = [
        index
        for index, entry in enumerate(entries_in(bundle))
        if b'"kind":"award"' in entry and f"member:{ANNA}:member".encode() in entry
    ]
    return found[len(found) // 2]


def test_packed_unpacked_or_as_an_export_the_log_is_found_sound_offline(
    made: Made, audit: Audit
) -> None:
    size = len(FIRST) + len(THEN)
    said = [
        audit(verb, *place, "--vkey", made.signed.vkey, "--json")
        for verb in ("verify", "replay", "recompute")
        for place in (["--bundle", made.packed], ["--dir", made.folder])
    ]
    exported = audit("verify", "--dir", made.folder / "log", "--vkey", made.signed.vkey, "--json")

    assert {one.status for one in said} == {0}
    assert {(one.object["size"], one.object["older_checkpoints"]) for one in said} == {(size, 1)}
    assert [one.object.get("rankings_compared") for one in said] == [None, None, *[True] * 4]
    assert (exported.object["good"], exported.object["balances_compared"]) == (True, False)


def test_strangers_find_the_same_log(made: Made, tmp_path: Path) -> None:
    log = made.folder / "log"

    def fetch(path: str) -> bytes | None:
        return (log / path).read_bytes() if (log / path).exists() else None

    size, entries = verified_by_a_stranger(fetch, made.signed.vkey)
    program = build_go_verifier(tmp_path)
    if program is None:
        pytest.skip(WHY_NOT)

    assert (size, entries) == (len(FIRST) + len(THEN), entries_in(made.folder))
    assert verified_by_go(program, made.signed.vkey, str(log)) == f"all good: {size} entries"


def test_a_checkpoint_gives_the_same_bytes_and_a_past_one_what_the_ledger_had_then(
    made: Made, audit: Audit, tmp_path: Path
) -> None:
    again = io.BytesIO()
    pack(shutil.copytree(made.folder, tmp_path / "again"), again)
    before = audit("replay", "--dir", made.before, "--vkey", made.signed.vkey, "--json")

    assert again.getvalue() == made.packed.read_bytes()
    assert (before.status, before.object["size"]) == (0, len(FIRST))
    assert (made.before / "rankings.ndjson").read_bytes().count(b"\n") == 5


KINDS = {
    "README.txt": "README.txt has other bytes than manifest.json says",
    "balances": "balances has other bytes",
    "vkeys": "vkeys has other bytes",
    "rankings.ndjson": "rankings.ndjson has other bytes",
    "schemes/1.json": "schemes/1.json has other bytes",
    "schemas/points.earned.v1.json": "schemas/points.earned.v1.json has other bytes",
    "raw/*": "has other bytes",
    "log/checkpoint": "log/checkpoint has other bytes",
    "log/checkpoints/*": "has other bytes",
    "log/tile/0/000": "log/tile/0/000 has other bytes",
    "log/tile/1/000.p/1": "log/tile/1/000.p/1 has other bytes",
    "log/tile/entries/000": "log/tile/entries/000 has other bytes",
    "manifest.json": "manifest.json",
}


def test_one_other_byte_in_any_kind_of_file_is_found_and_the_file_named(
    made: Made, audit: Audit, tmp_path: Path
) -> None:
    found: dict[str, tuple[int, bool, bool]] = {}
    for pattern, told in KINDS.items():
        place = shutil.copytree(made.folder, tmp_path / str(len(found)))
        file = next(iter(sorted(place.glob(pattern))))
        file.write_bytes(flip(file.read_bytes()))
        said = audit("verify", "--dir", place, "--vkey", made.signed.vkey)
        found[pattern] = (said.status, told in said.last, file.name in said.last)

    assert found == dict.fromkeys(KINDS, (1, True, True))


def flip(content: bytes) -> bytes:
    """Change one bit in the middle of a file."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def ten_times(content: bytes) -> bytes:
    """Change the last account's balance."""
    return content[:-1] + b"0\n"


def second_place(content: bytes) -> bytes:
    return content.replace(b'"rank":1,', b'"rank":2,', 1)


FITTED = {
    "balances": (ten_times, "verify", "the ledger says "),
    "rankings.ndjson": (second_place, "replay", "line 1 of the rankings: the ledger says "),
    "log/checkpoint": (flip, "verify", "checkpoint: "),
    "log/checkpoints/*": (flip, "verify", "checkpoints/"),
    "log/tile/0/000": (flip, "verify", "entry 128 (seq 129) does not have the hash that tile/0/"),
    "log/tile/1/000.p/1": (flip, "verify", "tile/1/000.p/1 is not made from the entries below it"),
}


@pytest.mark.parametrize(("pattern", "verb"), [(key, one[1]) for key, one in FITTED.items()])
def test_with_a_manifest_that_fits_it_is_found_by_what_vouches_for_the_file(
    made: Made, audit: Audit, copy: Path, pattern: str, verb: str
) -> None:
    change, _, told = FITTED[pattern]
    file = next(iter(copy.glob(pattern)))
    file.write_bytes(change(file.read_bytes()))
    fitted(copy)
    said = audit(verb, "--dir", copy, "--vkey", made.signed.vkey)

    assert (said.status, said.last[: len(told) + 8]) == (1, f"FAILED: {told}")


def test_an_entry_with_another_byte_is_named(made: Made, audit: Audit, copy: Path) -> None:
    index = posted_in(copy)
    entry = entries_in(copy)[index]
    file = copy / "log/tile/entries/000"
    file.write_bytes(file.read_bytes().replace(entry, entry.replace(b'"posted"', b'"Posted"')))
    said = audit("verify", "--dir", fitted(copy), "--vkey", made.signed.vkey)

    assert (said.status, said.last) == (
        1,
        f"FAILED: entry {index} (seq {index + 1}) does not have the hash that tile/0/000 has of it",
    )


def test_what_the_logs_own_key_signed_wrongly_only_the_rules_and_the_second_opinion_see(
    made: Made, audit: Audit, tmp_path: Path
) -> None:
    index = posted_in(made.folder)

    def give_more(entries: list[bytes]) -> None:
        record = decode(entries[index])
        postings: list[Any] = record["postings"]  # type: ignore[assignment]
        given = next(one for one in postings if one.get("kind") == "award")
        taken = next(one for one in postings if one["account"].endswith(":pending"))
        given["delta"] += 50
        taken["delta"] -= 50
        entries[index] = canonical(record)

    place = forged(made.folder, tmp_path / "forged", made.key, give_more)
    said = {
        verb: audit(verb, "--dir", place, "--vkey", made.signed.vkey)
        for verb in ("verify", "replay", "recompute")
    }

    assert {verb: one.status for verb, one in said.items()} == {
        "verify": 0,
        "replay": 1,
        "recompute": 1,
    }
    assert said["replay"].last.startswith(f"FAILED: seq {index + 1}: postings: the log has [")
    assert said["recompute"].last.startswith("FAILED: line 1 of the rankings: the ledger says")


def test_a_record_of_wrong_form_is_named_even_with_everything_signed(
    made: Made, audit: Audit, tmp_path: Path
) -> None:
    index = posted_in(made.folder)

    def give_from_nowhere(entries: list[bytes]) -> None:
        record = decode(entries[index])
        record["postings"][0]["delta"] += 50  # type: ignore[index]
        entries[index] = canonical(record)

    place = forged(made.folder, tmp_path / "forged", made.key, give_from_nowhere)
    said = audit("verify", "--dir", place, "--vkey", made.signed.vkey)

    assert (said.status, said.last) == (
        1,
        f"FAILED: seq {index + 1}: the deltas sum to {{'pt': 50, 'inc': 0}}, not to 0",
    )


def test_a_history_that_was_rewritten_is_not_that_of_the_checkpoint_kept(
    made: Made, audit: Audit, tmp_path: Path
) -> None:
    place = forged(
        made.folder, tmp_path / "forged", made.key, lambda entries: entries.__delitem__(-1)
    )
    kept = [
        audit("verify", "--dir", folder, "--vkey", made.signed.vkey, "--old", old)
        for folder, old in [
            (made.folder, made.before / "log/checkpoint"),
            (made.before, made.folder / "log/checkpoint"),
            (made.folder, place / "log/checkpoint"),
        ]
    ]

    assert [one.status for one in kept] == [0, 1, 0]
    assert "was signed for" in kept[1].last


def remove(place: Path) -> None:
    (place / "schemes/1.json").unlink()


def add(place: Path) -> None:
    (place / "log/notes").write_text("more")


def link(place: Path) -> None:
    (place / "balances").rename(place.parent / "outside")
    (place / "balances").symlink_to(place.parent / "outside")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (remove, "schemes/1.json is missing"),
        (add, "log/notes is there, and manifest.json does not name it"),
        (link, "balances is a link or a device; a bundle has plain files only"),
    ],
)
def test_files_removed_added_or_linked_are_named(
    made: Made, audit: Audit, copy: Path, change: Callable[[Path], None], told: str
) -> None:
    change(copy)
    said = audit("verify", "--dir", copy, "--vkey", made.signed.vkey)

    assert (said.status, said.last) == (1, f"FAILED: {told}")


def packed_with(path: Path, *members: tarfile.TarInfo, behind: bytes = b"") -> Path:
    with gzip.open(path, "wb") as packed:
        with tarfile.open(fileobj=packed, mode="w|") as tar:
            for member in members:
                tar.addfile(member, io.BytesIO(bytes(member.size)) if member.isreg() else None)
        packed.write(behind)
    return path


def member(name: str, **more: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for key, value in more.items():
        setattr(made, key, value)
    return made


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ([member("../above")], "../above is not a path of a bundle"),
        ([member("/etc/passwd")], "etc/passwd is not a path of a bundle"),
        ([member("balances", type=tarfile.SYMTYPE, linkname="x")], "balances is no plain file"),
        ([member("balances", type=tarfile.CHRTYPE)], "balances is no plain file"),
        ([member("balances"), member("balances")], "balances is there twice"),
        ([member("balances")], "manifest.json is missing"),
    ],
)
def test_what_no_bundle_has_is_refused_before_it_is_written(
    audit: Audit, made: Made, tmp_path: Path, members: list[tarfile.TarInfo], told: str
) -> None:
    packed = packed_with(tmp_path / "b.tar.gz", *members)
    said = audit("verify", "--bundle", packed, "--vkey", made.signed.vkey)

    assert (said.status, said.last.endswith(told)) == (1, True)


def test_a_member_longer_than_allowed_and_bytes_behind_the_end_are_refused(
    audit: Audit, made: Made, tmp_path: Path
) -> None:
    long = member("balances")
    long.size = (1 << 30) + 1
    header = gzip.compress(long.tobuf() + bytes(1024))
    (tmp_path / "long.tar.gz").write_bytes(header)
    packed_with(tmp_path / "behind.tar.gz", member("manifest.json"), behind=b"more")
    damaged = bytearray(made.packed.read_bytes())
    damaged[-6] ^= 1
    (tmp_path / "damaged.tar.gz").write_bytes(damaged)
    said = {
        name: audit("verify", "--bundle", tmp_path / f"{name}.tar.gz", "--vkey", made.signed.vkey)
        for name in ("long", "behind", "damaged")
    }

    assert [one.status for one in said.values()] == [1, 1, 1]
    assert said["long"].last == "FAILED: balances is longer than 1 GiB"
    assert "something behind the end" in said["behind"].last
    assert "is damaged" in said["damaged"].last


def test_a_bundle_without_settings_or_over_another_is_wrong_use(
    made: Made, audit: Audit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("JIFEN_DATABASE_URL", raising=False)
    unset = audit("bundle", "--scheme", SCHEME, "--out", tmp_path / "b.tar.gz")
    over = audit("bundle", "--scheme", SCHEME, "--out", made.packed)

    assert (unset.status, unset.last) == (2, "jifen-ledger: JIFEN_DATABASE_URL: Field required")
    assert over.status == 2
    assert over.last.endswith("is there already; a bundle replaces nothing")
    assert list(tmp_path.iterdir()) == []


def test_wrong_keys_fail_and_wrong_use_has_its_own_status(
    made: Made, audit: Audit, tmp_path: Path
) -> None:
    stranger, _ = SigningKey.generate(made.key.verifier.name)
    key_file = tmp_path / "vkey"
    key_file.write_text(f"{made.signed.vkey}\n")
    other = audit("verify", "--dir", made.folder, "--vkey", stranger.verifier.text, "--json")
    statuses = [
        audit("verify", "--dir", made.folder, "--vkey", f"@{key_file}", "--hashes-only").status,
        audit("verify", "--dir", made.folder).status,
        audit("verify", "--dir", tmp_path, "--vkey", made.signed.vkey).status,
        audit("verify", "--bundle", tmp_path / "none.tar.gz", "--vkey", made.signed.vkey).status,
        audit("verify", "--dir", made.folder, "--vkey", made.signed.vkey, "--quorum", 1).status,
    ]

    assert (other.status, other.object["failed"]) == (
        1,
        "checkpoint: the log's signature is missing",
    )
    assert statuses == [0, 2, 2, 2, 2]

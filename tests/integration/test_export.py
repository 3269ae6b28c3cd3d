"""`jifen-ledger export`: everything a scheme has, the same bytes for the same moment."""

import asyncio
import csv
import json
import stat
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jifen_ledger.__main__ import main
from jifen_ledger.adapters.directory_table import METADATA
from jifen_ledger.adapters.exporting.statements import LEFT_OUT, TAKEN
from jifen_ledger.application.exporting.contents import TABLES
from tests.integration.reading import project
from tests.support.exported import AFTERWARDS, BEFORE_THE_CORRECTION, NOW, THEN
from tests.support.people import ANNA, BRANCH_X, SCHEME
from tests.support.servers import libpq_url, new_database

Capture = pytest.CaptureFixture[str]
Said = dict[str, Any]


@pytest.fixture(scope="module")
def early(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The database, and what was exported of it before the correction."""
    place = tmp_path_factory.mktemp("exports")
    with new_database(postgres_url, migrated_template) as url:
        asyncio.run(project(url, BEFORE_THE_CORRECTION))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("JIFEN_DATABASE_URL", url)
            assert main(["export", "--output", str(place / "early")]) == 0
            asyncio.run(project(url, [*BEFORE_THE_CORRECTION, *AFTERWARDS]))
            with psycopg.connect(libpq_url(url), autocommit=True) as connection:
                connection.execute(
                    "INSERT INTO directory (scheme, id, name_zh, name_en, phone) "
                    "VALUES (%s, %s, '安娜', 'Anna', '+86 10 5555 0100')",
                    (SCHEME, ANNA),
                )
            yield url, place / "early"


@pytest.fixture(scope="module")
def exported(early: tuple[str, Path]) -> Path:
    """What is exported of it now."""
    path = early[1].with_name("now")
    assert main(["export", "--scheme", SCHEME, "--output", str(path)]) == 0
    return path


def files_in(path: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*") if one.is_file()
    }


def lines(path: Path, table: str) -> list[Said]:
    file = path / "tables" / f"{table}.ndjson"
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def sheet(path: Path, table: str) -> list[dict[str, str]]:
    file = path / "tables" / f"{table}.csv"
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_an_export_of_an_earlier_moment_has_the_bytes_it_had_then(
    early: tuple[str, Path], exported: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"

    assert main(["export", "--known-at", str(THEN), "--output", str(again)]) == 0

    assert files_in(again) == files_in(early[1])
    assert files_in(again) != files_in(exported)


def test_an_archive_has_the_same_files_and_nothing_of_when_it_was_made(
    exported: Path, tmp_path: Path
) -> None:
    paths = [tmp_path / "one.tar.gz", tmp_path / "two.tar.gz"]
    for path in paths:
        assert main(["export", "--output", str(path)]) == 0

    with tarfile.open(paths[0]) as tar:
        tar.extractall(tmp_path, filter="data")
        marks = {(one.mtime, one.uid, one.gid, one.uname, one.mode) for one in tar}
    assert files_in(tmp_path / f"{SCHEME}-{NOW}") == files_in(exported)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert marks == {(0, 0, 0, "", 0o644)}


def test_balances_and_trial_balance_follow_from_the_files_alone(
    early: tuple[str, Path], exported: Path
) -> None:
    summed: Counter[tuple[str, str]] = Counter()
    for row in sheet(exported, "postings"):
        summed[row["account"], row["unit"]] += Decimal(row["delta"])  # type: ignore[assignment]
    told = {(one["account"], one["unit"]): Decimal(one["balance"]) for one in
            lines(exported, "balances")}  # fmt: skip
    with psycopg.connect(libpq_url(early[0])) as connection:
        kept: dict[str, int] = dict(
            connection.execute("SELECT account, tenths FROM balance").fetchall()
        )

    units = {unit: sum(v for (_, of), v in summed.items() if of == unit) for unit in ("pt", "inc")}
    assert dict(summed) == told
    assert {account: 10 * value for (account, _), value in told.items()} == kept
    assert (units, len(told) > 10) == ({"pt": 0, "inc": 0}, True)


def test_every_table_says_the_same_as_ndjson_and_as_csv(exported: Path) -> None:
    manifest = json.loads((exported / "manifest.json").read_bytes())
    rows = {one["name"]: one.get("rows") for one in manifest["files"]}
    assert [name for name, number in rows.items() if number == 0] == [
        # Nobody is ranked among fewer than five.
        "tables/rankings.csv",
        "tables/rankings.ndjson",
    ]
    for table in TABLES:
        told = sheet(exported, table.name)
        assert rows[f"tables/{table.name}.csv"] == len(told)
        if table.name == "records":
            continue
        plain = [column.name for column in table.columns if column.number]
        assert [
            {name: _plain(one.get(name)) for name in plain} for one in lines(exported, table.name)
        ] == [{name: one[name] for name in plain} for one in told]


def _plain(value: object) -> str:
    return "" if value is None else str(value).lower() if value in (True, False) else str(value)


def test_every_record_is_there_byte_for_byte(early: tuple[str, Path], exported: Path) -> None:
    with psycopg.connect(libpq_url(early[0])) as connection:
        kept = connection.execute("SELECT bytes FROM record ORDER BY seq").fetchall()

    assert (exported / "records.ndjson").read_bytes() == b"".join(one + b"\n" for (one,) in kept)
    assert len(kept) == NOW


def test_a_claim_has_its_three_values_side_by_side(exported: Path) -> None:
    (claim,) = [one for one in lines(exported, "claims") if one["claim"] == "c-c10"]
    steps = [one["step"] for one in lines(exported, "decisions") if one["claim"] == "c-c10"]

    assert [claim[f"{stage}_member"] for stage in ("claimed", "preliminary", "verified")] == [
        "4"
    ] * 3
    assert (claim["state"], steps) == ("verified", ["claimed", "preliminary", "verified"])


def test_an_earlier_moment_knows_nothing_of_what_came_later(
    early: tuple[str, Path], exported: Path
) -> None:
    def states(path: Path) -> Said:
        claims = {one["claim"]: one["state"] for one in lines(path, "claims")}
        (quarter,) = [one for one in lines(path, "quarters") if one["branch"] == BRANCH_X]
        (award,) = lines(path, "awards")
        return {
            "deduction": claims["c-b06"],
            "returned": claims["c-bo"],
            "revision": quarter["revision"],
            "revoked": award.get("revoked_on"),
            "erased": len(lines(path, "erasures")),
        }

    assert (states(early[1]), states(exported)) == (
        {"deduction": "verified", "returned": "returned", "revision": 1, "revoked": None,
         "erased": 0},
        {"deduction": "reversed", "returned": "claimed", "revision": 2, "revoked": "2023-10-21",
         "erased": 1},
    )  # fmt: skip


def test_bulletins_lie_there_as_hashed_with_their_scores(exported: Path) -> None:
    for row in lines(exported, "bulletins"):
        for sheet_, hash_ in (("full_sheet", "content_hash"), ("branch_sheet", "branch_hash")):
            assert sha256((exported / row[sheet_]).read_bytes()).hexdigest() == row[hash_]
    scores = {
        one["revision"]: one["score"]
        for one in lines(exported, "scores")
        if (one["holder"], one["capacity"]) == (ANNA, "member")
    }

    assert scores == {1: "88.3", 2: "90.3"}


def test_names_are_written_apart_and_for_their_owner_only(
    exported: Path, tmp_path: Path, capsys: Capture
) -> None:
    path, apart = tmp_path / "all.tar.gz", tmp_path / "all.names.csv"

    assert main(["export", "--output", str(path), "--with-names"]) == 0

    assert apart.read_text(encoding="utf-8-sig").splitlines() == [
        "member,name_zh,name_en,phone",
        f"{ANNA},安娜,Anna,'+86 10 5555 0100",
    ]
    assert stat.S_IMODE(apart.stat().st_mode) == 0o600
    assert "It is no part of the export" in capsys.readouterr().out
    assert [name for name, held in files_in(exported).items() if "安娜".encode() in held] == []


def test_a_name_that_looks_like_a_formula_is_no_formula_in_a_sheet(exported: Path) -> None:
    (told,), (shown,) = lines(exported, "awards"), sheet(exported, "awards")

    assert (told["name_zh"], shown["name_zh"]) == ("=1+1", "'=1+1")


def test_an_export_is_checked_by_itself(exported: Path, capsys: Capture) -> None:
    assert main(["check-export", str(exported)]) == 0

    assert capsys.readouterr().out.splitlines()[-1].startswith("Hashes, rows, records")


def _of_records(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Change the records and what the manifest says of them."""

    def spoil(path: Path) -> None:
        file = path / "records.ndjson"
        file.write_bytes(change(file.read_bytes()))
        _say(path, "records.ndjson", file.read_bytes())

    return spoil


def _say(path: Path, name: str, content: bytes) -> None:
    manifest = json.loads((path / "manifest.json").read_bytes())
    for one in manifest["files"]:
        if one["name"] == name:
            one |= {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
            if "rows" in one:
                one["rows"] = content.count(b"\n")
    (path / "manifest.json").write_text(json.dumps(manifest))


def _other_bytes(path: Path) -> None:
    file = path / "tables" / "claims.csv"
    file.write_bytes(file.read_bytes()[:-2] + b"x\n")


def _other_balance(path: Path) -> None:
    name = "tables/balances.ndjson"
    content = (path / name).read_bytes().replace(b'"balance":"0"', b'"balance":"0.1"', 1)
    (path / name).write_bytes(content)
    _say(path, name, content)


def _other_sheet(path: Path) -> None:
    name = next(one for one in files_in(path) if one.endswith("-full.json"))
    content = (path / name).read_bytes() + b" "
    (path / name).write_bytes(content)
    _say(path, name, content)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (_other_bytes, "tables/claims.csv has other bytes than the manifest says"),
        (lambda path: (path / "README.md").unlink(), "in the manifest: README.md"),
        (_of_records(lambda all_: all_.partition(b"\n")[2]), "record 1 is missing"),
        (_of_records(lambda all_: all_.replace(b'"delta":5', b'"delta":7')), "rows of postings"),
        (_of_records(lambda all_: all_ + all_.splitlines()[0] + b"\n"), "not in its place"),
        (_other_balance, "a balance is not the sum of its postings"),
        (_other_sheet, "has another hash than its bulletin"),
    ],
)
def test_whatever_is_changed_in_an_export_is_noticed(
    exported: Path,
    tmp_path: Path,
    capsys: Capture,
    spoil: Callable[[Path], None],
    complaint: str,
) -> None:
    copy = tmp_path / "copy"
    for name, content in files_in(exported).items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
    spoil(copy)

    status = main(["check-export", str(copy)])

    assert (status, complaint in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--known-at", str(NOW + 1)], f"{SCHEME} has the records 1 to {NOW}"),
        (["--scheme", "other"], "the database has no scheme other"),
    ],
)
def test_what_cannot_be_exported_leaves_nothing_behind(
    exported: Path, tmp_path: Path, capsys: Capture, options: list[str], complaint: str
) -> None:
    del exported

    status = main(["export", "--output", str(tmp_path / "none"), *options])

    assert (status, complaint in capsys.readouterr().err) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_an_export_writes_over_nothing(exported: Path, capsys: Capture) -> None:
    status = main(["export", "--output", str(exported)])

    assert (status, "is there already" in capsys.readouterr().err) == (1, True)


def test_every_table_of_the_ledger_is_exported_or_it_is_said_why_not() -> None:
    taken = {table.name for table in TAKEN}

    assert (taken | LEFT_OUT.keys(), taken & LEFT_OUT.keys()) == (set(METADATA.tables), set())


def test_every_column_is_explained_in_both_languages(exported: Path) -> None:
    explained = {(one["table"], one["column"]): (one["zh"], one["en"]) for one in
                 lines(exported, "columns")}  # fmt: skip

    assert explained.keys() == {
        (table.name, column.name) for table in TABLES for column in table.columns
    }
    assert all(zh and en for zh, en in explained.values())

"""`jifen-ledger rebuild`: its options, and what each of its steps says."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice

from jifen_ledger.application.comparison import Comparison, Difference, TableDifference
from jifen_ledger.application.generations import Second
from jifen_ledger.application.rebuild import RebuildSource

ABOUT = """\
Computes a scheme's tables again, beside the running ledger, and compares every record byte by
byte. Without a step the new tables take the place of the old at once, which then are gone.

  build    make a new generation beside the live one, or go on with one; nothing is switched
  compare  compare both: tree, tables, and member by member balances, scores and ranks
  switch   put the new generation in the place of the live one, which is kept as the old
  back     put the old generation back in its place; the other is kept as the new
  drop     remove the generation beside the live one

Records that arrive meanwhile are caught up with first. Exit status of `compare`: 0 nothing
differs, 1 something does, or the step could not be taken."""
STEPS = ("build", "compare", "switch", "back", "drop")
HOLDERS_SHOWN = 20


def fill_rebuild(parser: argparse.ArgumentParser, scheme_id: Callable[[str], str]) -> None:
    """Add the steps and their options; `scheme_id` checks an id."""
    parser.description = ABOUT
    parser.add_argument("step", nargs="?", choices=STEPS, help="one of the steps alone")
    parser.add_argument("--scheme", required=True, type=scheme_id)
    parser.add_argument(
        "--from",
        dest="source",
        type=RebuildSource,
        choices=list(RebuildSource),
        help="the events of the broker's stream, or those that the records hold; to build it must"
        " be said, what is caught up with otherwise comes from the records",
    )
    parser.add_argument("--json", action="store_true", help="`compare`: say it as JSON")
    parser.add_argument(
        "--holders", type=int, default=HOLDERS_SHOWN, metavar="N",
        help=f"`compare`: of how many holders to tell (default {HOLDERS_SHOWN})",
    )  # fmt: skip
    parser.add_argument(
        "--although-different", action="store_true",
        help="`switch`: also where rows of the tables differ; records never may",
    )  # fmt: skip


def source_of(parser: argparse.ArgumentParser, options: argparse.Namespace) -> RebuildSource:
    """Return where the events come from; whoever builds has to say it."""
    if options.source is None and options.step in (None, "build"):
        parser.error("the following arguments are required: --from")
    source: RebuildSource = options.source or RebuildSource.JOURNAL
    return source


def tell_built(scheme: str, built: Second) -> int:
    """Say what was built; the status is 1 where a record came out otherwise."""
    if built.differs_at is None:
        sys.stdout.write(f"{scheme}: a new generation of {built.size} records, each as it was\n")
        return 0
    sys.stdout.write(
        f"{scheme}: a new generation of {built.size} records; from record {built.differs_at} on"
        " they come out otherwise, so it can be compared, and never switched to\n"
    )
    return 1


def tell_compared(comparison: Comparison, options: argparse.Namespace) -> int:
    """Say how both generations differ; the status is 1 where they do."""
    if options.json:
        told = json.dumps(comparison.as_object(), ensure_ascii=False, indent=2, sort_keys=True)
        sys.stdout.write(told + "\n")
    else:
        lines = lines_of_comparison(comparison, options.holders)
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0 if comparison.same else 1


def lines_of_comparison(found: Comparison, holders: int) -> Iterator[str]:
    """Yield the comparison for people; of so many holders."""
    heads = found.heads
    yield f"{found.scheme}: the live and the second generation, at {heads.size} records"
    if heads.live == heads.second:
        yield f"tree     the same root {heads.live}"
    else:
        yield f"tree     root {heads.live}, now {heads.second}"
    if (first := found.records.otherwise) is None:
        yield "records  each as it was"
    else:
        yield f"records  {found.records.number} come out otherwise, first {first.text}:"
        yield f"         recorded {first.recorded.text}"
        yield f"         now      {first.now.text}"
    yield f"tables   {len(found.tables)} compared, {len(found.differing)} differ"
    for table in found.differing:
        yield f"  {_table(table)}"
    for one in islice(found.holders, holders):
        yield one.holder or "(accounts that nobody holds)"
        for difference in one.differences:
            yield f"  {_difference(difference)}"
    if found.more or len(found.holders) > holders:
        yield "… and more holders (--holders N, --json)"
    yield "nothing differs" if found.same else "the generations differ"


def _table(table: TableDifference) -> str:
    first = "" if table.first is None else f"; first {json.dumps(table.first, ensure_ascii=False)}"
    return f"{table.table}: {table.live_only} rows live, {table.second_only} second{first}"


def _difference(one: Difference) -> str:
    live, second = one.live or "none", one.second or "none"
    return f"{one.what}: {live} live, {second} second: {one.why}"

"""What an import tells: what it read, every problem, what it would send, and what became of it."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from jifen_ingest.application.import_events import Refused, Sent
from jifen_ingest.domain.importing.drafts import Draft, Terms
from jifen_ingest.domain.importing.kinds.catalogue import Kind
from jifen_ingest.domain.importing.preparing import Prepared

PREVIEW_MAX: Final = 3


class Report:
    """Writes to stdout; problems go to stderr, one a line, so that they can be counted."""

    def __init__(self, file: Path, terms: Terms) -> None:
        self._file = file
        self._terms = terms

    def checked(self, kind: Kind, prepared: Prepared) -> None:
        """Tell what the file is, and every problem in it."""
        types = Counter(draft.kind for draft in prepared.good)
        events = ", ".join(f"{number:,} {name}" for name, number in sorted(types.items()))
        _say(f"{self._file}: {kind.name} {kind.zh}, sha256 {self._terms.file_sha256}")
        _say(f"{prepared.rows:,} rows, {len(prepared.good):,} events: {events or 'none'}")
        for problem in prepared.problems:
            place = f"row {problem.row}" + (f", {problem.column}" if problem.column else "")
            sys.stderr.write(f"{self._file}: {place}: {problem.message}\n")

    def records(self, number: int) -> None:
        """Tell how many events there are among the records of an export."""
        _say(f"{self._file}: records, sha256 {self._terms.file_sha256}")
        _say(f"{number:,} events of {self._terms.scheme}, each with its recorded time")

    def not_sent(self, prepared: Prepared) -> None:
        """Tell that nothing was sent."""
        rows = len({problem.row for problem in prepared.problems})
        _say(
            f"Nothing was sent: {_many(len(prepared.problems), 'problem')} in {_many(rows, 'row')}."
        )

    def preview(self, drafts: Sequence[Draft]) -> None:
        """Show the first events as they would be sent."""
        for draft in drafts[:PREVIEW_MAX]:
            _say(orjson.dumps(draft.event(self._terms)).decode())
        if len(drafts) > PREVIEW_MAX:
            _say(f"… and {len(drafts) - PREVIEW_MAX:,} more. Nothing was sent.")
        else:
            _say("Nothing was sent.")

    def sent(self, sent: Sent) -> None:
        """Tell how many events were accepted, known before, or refused at the door."""
        before = f", {sent.skipped:,} confirmed by an earlier run" if sent.skipped else ""
        _say(f"{sent.accepted:,} events accepted, {sent.duplicates:,} of them known before{before}")
        self._refusals(sent.refused)

    def decided(self, number: int, refused: Sequence[Refused]) -> None:
        """Tell what the fold made of the events."""
        _say(f"{number - len(refused):,} of {number:,} events recorded, {len(refused):,} refused")
        self._refusals(refused)

    def named(self, people: Sequence[Any], failures: Sequence[str]) -> None:
        """Tell how many people the directory knows by name now."""
        if people:
            _say(f"{len(people) - len(failures):,} of {len(people):,} names in the directory")
        for failure in failures:
            sys.stderr.write(f"{self._file}: {failure}\n")

    def _refusals(self, refused: Iterable[Refused]) -> None:
        for one in refused:
            sys.stderr.write(f"{self._file}: row {one.row}: {one.code}: {one.detail}\n")


def _many(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")

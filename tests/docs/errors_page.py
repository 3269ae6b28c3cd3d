"""Writes the page of error codes from the tables of the code."""

from collections.abc import Mapping
from pathlib import Path

from jifen_contracts import MEANINGS, Code
from jifen_ingest.adapters.problems import PROBLEMS
from jifen_ledger.adapters.http.problems import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
BEGINNING = """\
# Error codes 错误代码

A code means the same everywhere and is never renamed; match on it, and show `detail` to people.
*Ingest* and *Reads* give the HTTP status with which ingest or the ledger's reads answer; over NATS
it is the header `Status`. A body in none of the four forms is `malformed` with status 415, a wrong
method has status 405. A code without a status is an outcome of the fold: the event is stored, its
record says `refused`, and nothing else changed. `malformed`, `in_future` and `too_large` may be
either.

`GET /problems/<code>` of ingest tells the meaning of its codes and what to do.

| Code | Ingest | Reads | Meaning |
|---|---|---|---|
"""


def errors_page() -> str:
    """Return the page with every code; `python -m tests.docs.errors_page` writes it."""
    ingest = {code: problem.status for code, problem in PROBLEMS.items()}
    reads = {code: kind.status for code, kind in KINDS.items()}
    rows = [
        f"| `{code}` | {_status(ingest, code)} | {_status(reads, code)} | {meaning} |\n"
        for code, meaning in MEANINGS.items()
    ]
    return BEGINNING + "".join(rows)


def _status(statuses: Mapping[Code, int], code: Code) -> str:
    return str(int(statuses[code])) if code in statuses else ""


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(errors_page(), encoding="utf-8")

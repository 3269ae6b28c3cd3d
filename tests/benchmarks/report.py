"""RESULTS.md: a table of the targets, then a section for each benchmark, replaced when it runs."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
TITLE: Final = "# Measured\n"
TARGETS: Final = "Targets"
HEADINGS: Final = ("what", "limit", "ours", "ratio", "target", "met")


class Target(NamedTuple):
    """One row: what is measured, both figures with their units, and what the ratio should be.

    `order` says whether at least (">=") or at most ("<=") the target is wanted.
    """

    what: str
    limit: str
    ours: str
    ratio: float
    order: str
    target: float

    @property
    def met(self) -> bool:
        return self.ratio >= self.target if self.order == ">=" else self.ratio <= self.target

    def row(self) -> str:
        cells = (
            self.what,
            self.limit,
            self.ours,
            f"{self.ratio:.2f}",
            f"{self.order} {self.target:g}",
            "yes" if self.met else "no",
        )
        return f"| {' | '.join(cells)} |"


def write_section(name: str, text: str) -> None:
    """Put the text under its heading; the other sections stay as they are."""
    today = datetime.now(UTC).date().isoformat()
    _write(_read() | {name: f"{today}. {text.strip()}"})


def write_targets(targets: Iterable[Target]) -> None:
    """Put the rows into the table of targets, in place of those that tell of the same."""
    sections = _read()
    found = sections.get(TARGETS, "").splitlines()[2:]
    rows = {row.split(" | ")[0]: row for row in found}
    rows |= {target.row().split(" | ")[0]: target.row() for target in targets}
    head = [f"| {' | '.join(HEADINGS)} |", f"|{' --- |' * len(HEADINGS)}"]
    _write(sections | {TARGETS: "\n".join([*head, *sorted(rows.values())])})


def _read() -> dict[str, str]:
    if not RESULTS.exists():
        return {}
    _, *sections = RESULTS.read_text().split("\n## ")
    return {name: text.strip() for name, text in (section.split("\n", 1) for section in sections)}


def _write(sections: dict[str, str]) -> None:
    targets = {TARGETS: sections[TARGETS]} if TARGETS in sections else {}
    others = {name: sections[name] for name in sorted(sections) if name != TARGETS}
    told = [f"## {name}\n\n{text}\n" for name, text in (targets | others).items()]
    RESULTS.write_text("\n".join([TITLE, *told]))

"""RESULTS.md: the machine, the targets, why some are missed, then a section of each benchmark."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.benchmarks.machine import described
from tests.benchmarks.targets import HEAD, Target, table_of, unmet_of

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
TITLE: Final = "# Measured\n"
TARGETS: Final = "Targets"
UNMET: Final = "Why some are not met"


def tell(name: str, text: str, targets: Sequence[Target] = (), *, dry: bool) -> None:
    """Print what was measured; write it too, unless this is a dry run."""
    rows = ["", *HEAD, *(target.row() for target in targets)] if targets else []
    print("", text, *rows, sep="\n", flush=True)
    if dry:
        return
    write_section(name, text)
    if targets:
        write_targets(targets)


def write_section(name: str, text: str) -> None:
    """Put the text under its heading; the other sections stay as they are."""
    today = datetime.now(UTC).date().isoformat()
    _write(_read() | {name: f"{today}. {text.strip()}"})


def write_targets(targets: Sequence[Target]) -> None:
    """Put the rows into the table of targets, in place of those that tell of the same."""
    sections = _read()
    table = table_of(sections.get(TARGETS, ""), targets)
    unmet = unmet_of(sections.get(UNMET, ""), table, targets)
    _write(sections | {TARGETS: table, UNMET: unmet})


def sections_of(text: str) -> dict[str, str]:
    """Return what stands under each heading of the page."""
    _, *sections = text.split("\n## ")
    return {name: own.strip() for name, own in (section.split("\n", 1) for section in sections)}


def _read() -> dict[str, str]:
    return sections_of(RESULTS.read_text()) if RESULTS.exists() else {}


def _write(sections: dict[str, str]) -> None:
    first = {TARGETS: table_of("", ()), UNMET: ""}
    others = {name: sections[name] for name in sorted(sections.keys() - first.keys())}
    ordered = {name: sections.get(name, text) for name, text in first.items()} | others
    told = [f"## {name}\n\n{text}\n" for name, text in ordered.items() if text]
    RESULTS.write_text("\n".join([TITLE, f"{described()}\n", *told]))

"""RESULTS.md: one section for each benchmark, replaced when it runs again."""

from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
TITLE = "# Measured\n"


def write_section(name: str, text: str) -> None:
    """Put the text under its heading; the other sections stay as they are."""
    before = RESULTS.read_text() if RESULTS.exists() else TITLE
    head, *sections = before.split("\n## ")
    kept = {section.split("\n", 1)[0]: section for section in sections}
    today = datetime.now(UTC).date().isoformat()
    kept[name] = f"{name}\n\n{today}. {text.strip()}\n"
    RESULTS.write_text("\n## ".join([head, *(kept[key] for key in sorted(kept))]))

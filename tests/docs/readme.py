"""Our pages as data: fenced blocks with the comment above each, prose, tables, headings, links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
CHINESE = ROOT / "README.zh.md"
DOCS = ROOT / "docs"
PAGES = (README, CHINESE, *sorted(DOCS.glob("*.md")))
PRINTS = "prints"
ELISION = "…"

_FENCED = re.compile(
    r"(?:<!-- (?P<mark>[^>]+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_QUOTED = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_DURATION = re.compile(r"\d+\\\.\d s$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `mark` is the comment above it, `line` where its text begins."""

    mark: str
    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """What is pasted, and what it is shown to print, if it is shown."""

    commands: str
    line: int
    prints: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """Where it leads, and what stands in its place."""

    target: str
    text: str
    is_image: bool


def blocks(page: Path = README) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            found["mark"] or "",
            found["language"],
            found["text"],
            text.count("\n", 0, found.start("text")) + 1,
        )
        for found in _FENCED.finditer(text)
    ]


def session(mark: str, page: Path = README) -> list[Step]:
    """Return the blocks with the mark, each with the output shown below it."""
    steps = []
    found = blocks(page)
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block.mark == mark:
            shown = after.text if after is not None and after.mark == PRINTS else None
            steps.append(Step(block.text, block.line, shown))
    return steps


def marked(mark: str, page: Path = README) -> Block:
    (found,) = (block for block in blocks(page) if block.mark == mark)
    return found


def prose(page: Path = README) -> str:
    """Return the page without its fenced blocks."""
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def quoted(page: Path = README) -> set[str]:
    """Return what stands between backquotes in the prose."""
    return set(_QUOTED.findall(prose(page)))


def links(page: Path) -> list[Link]:
    return [
        Link(found[3], found[2], is_image=bool(found[1])) for found in _LINK.finditer(prose(page))
    ]


def anchors(page: Path) -> set[str]:
    """Return where a link may lead to within the page, as GitHub and its like name headings."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in _HEADING.findall(prose(page))
    }


def rows(heading: str, page: Path = README) -> list[list[str]]:
    """Return the cells of the table whose first column has this heading."""
    lines = prose(page).splitlines()
    (start,) = (number for number, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    cells = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return cells


def shows(shown: str, printed: str) -> bool:
    """Tell whether the output is the one shown; blanks do not count, an ellipsis is anything."""
    parts = [re.escape(part) for part in "".join(shown.split()).split(ELISION)]
    return re.fullmatch(".*".join(parts), "".join(printed.split())) is not None


def missing_lines(transcript: str, printed: str) -> list[str]:
    """Return the lines that the output does not have in this order; durations may differ."""
    remaining = iter(printed.splitlines())
    return [
        line
        for line in transcript.splitlines()
        if line != ELISION
        and not any(_pattern(line).fullmatch(found.rstrip()) for found in remaining)
    ]


def _pattern(line: str) -> re.Pattern[str]:
    escaped = re.escape(line.rstrip()).replace(ELISION, ".*").replace(r"\ ", " ")
    return re.compile(_DURATION.sub(r"\\d+\\.\\d s", escaped))

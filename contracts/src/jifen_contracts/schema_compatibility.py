"""Fail when a released JSON Schema differs from the last committed one in more than its words.

Unknown fields are refused by every reader, so there is no harmless change to a released version:
whatever is new needs a new version of its type, in a new file. One thing may grow: how many entries
a list takes. No event that was accepted becomes another one by it, and ingest lets no longer list
in before it has the new schema; a ledger is updated before its ingest.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jifen_contracts.export_schemas import SCHEMA_FOLDER

WORDS: Final = frozenset({"title", "description"})
# Under these keywords the keys are names of fields or parts, not keywords.
NAMING_KEYWORDS: Final = frozenset({"properties", "$defs"})
# How many entries a list may have.
LENGTH: Final = "maxItems"
GIT_TIMEOUT_S: Final = 30


def breaking_changes(released: Mapping[str, Any], current: Mapping[str, Any]) -> list[str]:
    """Return one line per released schema that is gone or no longer accepts just the same."""
    return [
        f"{name}: {'removed' if name not in current else 'changed'}"
        for name, schema in sorted(released.items())
        if name not in current or not _accepts_the_same(schema, current[name])
    ]


def released_schemas(folder: Path) -> dict[str, Any] | None:
    """Return the schemas of the folder in the last commit; None if there are none to compare."""
    listed = (_git(folder, "ls-tree", "--name-only", "HEAD", "./") or "").splitlines()
    names = [name for name in listed if name.endswith(".json")]
    texts = {name: _git(folder, "show", f"HEAD:./{name}") for name in names}
    return {name: json.loads(text or "") for name, text in texts.items()} or None


def _git(folder: Path, *arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None or not folder.is_dir():
        return None
    answer = subprocess.run(  # noqa: S603 - the arguments are our own
        [git, "-C", str(folder), *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=GIT_TIMEOUT_S,
    )
    return answer.stdout if answer.returncode == 0 else None


def _accepts_the_same(released: object, current: object, *, naming: bool = False) -> bool:
    """Tell whether two parts differ in words and in longer lists only.

    In a part that is `naming`, keys are names and not keywords.
    """
    if isinstance(released, list) and isinstance(current, list):
        pairs = zip(released, current, strict=False)
        return len(released) == len(current) and all(_accepts_the_same(*pair) for pair in pairs)
    if not isinstance(released, dict) or not isinstance(current, dict):
        return type(released) is type(current) and released == current
    keys = released.keys() | current.keys()
    if not naming:
        keys -= WORDS
        limits = (released.get(LENGTH), current.get(LENGTH))
        if isinstance(limits[0], int) and isinstance(limits[1], int) and limits[0] < limits[1]:
            keys -= {LENGTH}
    return all(
        key in released
        and key in current
        and _accepts_the_same(
            released[key], current[key], naming=not naming and key in NAMING_KEYWORDS
        )
        for key in keys
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m jifen_contracts.schema_compatibility", description=__doc__
    )
    parser.add_argument("--folder", type=Path, default=SCHEMA_FOLDER, help="default: %(default)s")
    folder = parser.parse_args(arguments).folder
    released = released_schemas(folder)
    if released is None:
        print("no released schemas to compare with")  # noqa: T201 - a command prints
        return 0
    current = {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    breaks = breaking_changes(released, current)
    for line in breaks:
        print(f"breaking: {line}", file=sys.stderr)  # noqa: T201 - a command prints
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main())

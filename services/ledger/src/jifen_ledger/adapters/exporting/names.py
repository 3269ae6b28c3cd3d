"""Names from the directory in a file of their own, which stays apart from the export."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from jifen_ledger.adapters.exporting.formats import CsvFile
from jifen_ledger.adapters.exporting.places import ARCHIVE_ENDS
from jifen_ledger.application.exporting.columns import Table, text

NAMES: Final = Table(
    "names",
    "通讯录",
    "the directory",
    (
        text("member", "人员编号", "the person's pseudonymous id"),
        text("name_zh", "中文姓名", "Chinese name"),
        text("name_en", "英文姓名", "English name"),
        text("phone", "电话", "phone"),
    ),
)
OWNER_ONLY: Final = 0o600


def names_file(output: Path) -> Path:
    """Return the file beside the export."""
    end = next((end for end in ARCHIVE_ENDS if output.name.endswith(end)), "")
    return output.with_name(f"{output.name.removesuffix(end)}.names.csv")


def write_names(path: Path, rows: Iterable[Any]) -> int:
    """Write the names so that their owner alone can read them; return how many there are."""
    number = 0
    # Made with these rights: a moment later would be too late.
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(made, "wb") as file:
        sheet = CsvFile(file, NAMES)
        for row in rows:
            sheet.add(NAMES.cells(row))
            number += 1
    return number

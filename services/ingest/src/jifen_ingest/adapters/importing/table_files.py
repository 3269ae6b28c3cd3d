"""Tables as files: CSV in the encodings that spreadsheets write, and Excel workbooks."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

FILE_BYTES_MAX: Final = 50_000_000
# A workbook is a zip: what it unpacks to is bounded as well.
UNPACKED_BYTES_MAX: Final = 500_000_000
ROWS_MAX: Final = 200_000
COLUMNS_MAX: Final = 60
# What Excel writes where the system's language is Chinese, if it is not UTF-8.
ENCODINGS: Final = ("utf-8-sig", "gb18030")
DELIMITERS: Final = ",;\t"

Numbered = tuple[int, Sequence[str]]


class FileUnfit(Exception):  # noqa: N818 - told to whoever named the file
    """The file cannot be read as a table."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table as its file has it: row 1 are the headings; empty rows are left out."""

    sha256: str
    headings: Sequence[str]
    rows: Sequence[Numbered]


def read_table(path: Path, sheet: str | None) -> TableFile:
    """Return the table of a CSV file, or of a sheet of a workbook. Raises FileUnfit, OSError."""
    content = path.read_bytes()
    if len(content) > FILE_BYTES_MAX:
        raise FileUnfit(f"more than {FILE_BYTES_MAX:,} bytes; split the file")
    workbook = path.suffix.lower() in {".xlsx", ".xlsm"}
    if sheet is not None and not workbook:
        raise FileUnfit("only a workbook has sheets")
    all_rows = _of_workbook(content, sheet) if workbook else _of_csv(content)
    rows: list[Numbered] = []
    headings: Sequence[str] | None = None
    for number, cells in enumerate(all_rows, start=1):
        if number > ROWS_MAX:
            raise FileUnfit(f"more than {ROWS_MAX:,} rows; split the file")
        if len(cells) > COLUMNS_MAX and any(cells[COLUMNS_MAX:]):
            raise FileUnfit(f"row {number} has more than {COLUMNS_MAX} columns")
        if headings is None:
            headings = _without_end(cells)
        elif any(cells):
            rows.append((number, cells))
    if not headings:
        raise FileUnfit("the first row has no headings")
    return TableFile(sha256(content).hexdigest(), headings, rows)


def _of_csv(content: bytes) -> Iterator[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FileUnfit(f"neither {' nor '.join(ENCODINGS)}")
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise FileUnfit(f"not CSV: {error}") from None


def _of_workbook(content: bytes, sheet: str | None) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED_BYTES_MAX:
                raise FileUnfit("the workbook unpacks to too much")
        opened = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise FileUnfit(f"not a workbook: {error}") from None
    with closing(opened) as workbook:
        if sheet is not None and sheet not in workbook.sheetnames:
            raise FileUnfit(f"the workbook has the sheets {', '.join(workbook.sheetnames)}")
        table = workbook[sheet] if sheet is not None else workbook.worksheets[0]
        for row in table.iter_rows(values_only=True):
            yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime() if cell.time() == datetime.min.time():
            return cell.date().isoformat()
        case datetime() | date():
            return cell.isoformat()
        case float():
            # As it is shown: 2.5 and 3, never the digits of its binary form.
            plain = Decimal(repr(cell))
            return str(int(plain)) if plain == plain.to_integral_value() else str(plain)
        case _:
            return str(cell).strip()


def _without_end(cells: Sequence[str]) -> Sequence[str]:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept

"""Signed notes: a text, an empty line, and lines of signatures (C2SP signed-note)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from jifen_ledger.log.encodings import decoded, encoded
from jifen_ledger.log.verdicts import Malformed

NOTE_BYTES_MAX: Final = 1_000_000
LINES_MAX: Final = 100
KEY_ID_BYTES: Final = 4

_SPACE: Final = 0x20
_BEGIN: Final = "— "


class Line(NamedTuple):
    """One signature: whose it says it is, and the bytes after the key's id."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line with its end."""
        return f"{_BEGIN}{self.name} {encoded(self.key_id + self.signature)}\n"


class Note(NamedTuple):
    """A note whose signatures nobody has checked yet; the text ends with its newline."""

    text: bytes
    lines: tuple[Line, ...]


def parse_note(note: bytes) -> Note:
    """Return the parts of a note. Raises Malformed."""
    if len(note) > NOTE_BYTES_MAX:
        raise Malformed("the note is longer than 1 MB")
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise Malformed("the note is not UTF-8") from None
    if any(byte < _SPACE and byte != ord("\n") for byte in note):
        raise Malformed("the note has a control character")
    text, empty_line, signatures = whole.rpartition("\n\n")
    if not empty_line:
        raise Malformed("the note has no empty line")
    if not signatures.endswith("\n"):
        raise Malformed("the note does not end with a newline after a signature")
    # splitlines() would split at other characters as well.
    lines = signatures[:-1].split("\n")
    if len(lines) > LINES_MAX:
        raise Malformed(f"the note has more than {LINES_MAX} signatures")
    return Note(f"{text}\n".encode(), tuple(_line(line) for line in lines))


def parse_lines(text: str) -> tuple[Line, ...]:
    """Return signature lines that stand alone, as a witness answers them. Raises Malformed."""
    if not text.endswith("\n"):
        raise Malformed("the last line has no end")
    lines = text[:-1].split("\n")
    if len(lines) > LINES_MAX:
        raise Malformed(f"more than {LINES_MAX} signatures")
    return tuple(_line(line) for line in lines)


def join_note(text: bytes, lines: Sequence[str]) -> str:
    """Return the note of a text and whole signature lines."""
    return f"{text.decode()}\n{''.join(lines)}"


def name_fits(name: str) -> bool:
    """Tell whether a key can bear the name."""
    return name != "" and "+" not in name and not any(one.isspace() for one in name)


def _line(line: str) -> Line:
    if not line.startswith(_BEGIN):
        raise Malformed("a signature does not begin with an em dash and a blank")
    name, blank, value = line.removeprefix(_BEGIN).partition(" ")
    if not blank or not name_fits(name):
        raise Malformed("a signature has no name that a key can bear")
    signature = decoded(value)
    if len(signature) <= KEY_ID_BYTES:
        raise Malformed(f"a signature of {len(signature)} bytes")
    return Line(name, signature[:KEY_ID_BYTES], signature[KEY_ID_BYTES:])

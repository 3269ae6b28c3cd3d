"""Phone and identity numbers in public text, which nobody could ever erase again."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from string import ascii_letters, digits
from typing import Final

# A number inside an id or a hash touches a letter, a digit, "-" or "_": it is no word of its own.
_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z_-])"
    r"(?:"
    r"(?:(?:\+|00)?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}"
    r"|(?:\+86[ -]?)?\(?0[1-9][0-9]{1,2}\)?[ -]?[1-9][0-9]{6,7}"
    r"|[1-9][0-9]{16}[0-9Xx]"
    r"|[1-9][0-9]{14}"
    r")"
    r"(?![0-9A-Za-z_-])"
)


def _kind(sign: str) -> str:
    if sign in digits:
        return "0"
    if sign in ascii_letters + "_":
        return "a"
    return sign if sign in " -" else "."


# The search above costs more than all other checks of an event together, and nearly every event
# can do without: with each byte replaced by its kind, a number shows one of these outlines.
_KINDS: Final = "".join(_kind(chr(byte)) for byte in range(256)).encode()
_OUTLINES: Final = (
    b".0000000",
    b" 0000000",
    b"0-0000000",
    b".-0000000",
    b"0000-0000",
    b"0000 0000",
)


def personal_data_in(event_object: Mapping[str, object]) -> str | None:
    """Return the path of the first public string that holds such a number, such as data.note."""
    event = dict(event_object)
    texts: list[str] = []
    _collect(event, texts)
    if not _may_hold_number("\n".join(texts)):
        return None
    return next((path for path, text in _strings(event, "") if _NUMBER.search(_plain(text))), None)


def _may_hold_number(text: str) -> bool:
    outline = b"." + _plain(text).encode("utf-8", "replace").translate(_KINDS)
    return any(sign in outline for sign in _OUTLINES)


def _plain(text: str) -> str:
    # Full-width digits are digits to a reader.
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _collect(value: object, texts: list[str]) -> None:
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, dict):
        for item in value.values():
            if type(item) is str:
                texts.append(item)
            else:
                _collect(item, texts)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, texts)


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            place = f"{path}.{key}" if path else str(key)
            if place != "data.private":
                yield from _strings(item, place)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _strings(item, f"{path}.{index}")

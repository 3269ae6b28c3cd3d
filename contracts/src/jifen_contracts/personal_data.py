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


def _begins(tail: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a group of two to six digits at the begin of a word, and its tail."""
    groups = (rb"(?<=[. ]" + b"0" * size + tail + rb")" for size in range(2, 7))
    return re.compile(tail + rb"(?:" + rb"|".join(groups) + rb")")


# The search costs more than all other checks of an event together, and nearly every event can do
# without: with each byte replaced by its kind, a number begins like one of these. Looking back
# from what is rare in them, a search is three times as fast as one that begins at every word.
_KINDS: Final = "".join(_kind(chr(byte)) for byte in range(256)).encode()
_IN_ONE: Final = re.compile(rb"0000000(?:(?<=[. ]0000000)|(?<=[. ]-0000000))")
_DASHED: Final = _begins(b"-000")
_SPACED: Final = _begins(b" 000")


def may_hold_personal_data(payload: bytes) -> bool:
    """Whether an event's canonical bytes are worth the look of `personal_data_in`."""
    # Behind an escape such as \\n a number would seem to be part of a word.
    if b"\\" in payload:
        return True
    text = _plain(payload.decode())
    outline = text.encode("utf-8", "replace").translate(_KINDS)
    begins = _IN_ONE.search(outline) or _DASHED.search(outline) or _SPACED.search(outline)
    return begins is not None and _NUMBER.search(text) is not None


def personal_data_in(event_object: Mapping[str, object]) -> str | None:
    """Return the path of the first public string that holds such a number, such as data.note."""
    strings = _strings(event_object, "")
    return next((path for path, text in strings if _NUMBER.search(_plain(text))), None)


def _plain(text: str) -> str:
    # Full-width digits are digits to a reader.
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


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

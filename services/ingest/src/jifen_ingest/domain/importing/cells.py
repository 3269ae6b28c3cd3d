"""Cells of an imported table: how their text is read, and what is said of one that cannot be."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from jifen_contracts.ids import ID_PATTERN
from jifen_contracts.points import parse_points

_ID: Final = re.compile(ID_PATTERN)
_DAY: Final = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[T ]0?0:00(?::00)?)?")
_MONTH: Final = re.compile(r"(\d{4})[-./年](\d{1,2})月?")
_QUARTER: Final = re.compile(r"(\d{4})(?:-?Q|年?第?)([1-4])(?:季度)?", re.IGNORECASE)
_ITEM: Final = re.compile(r"[A-D]\d{2}")
_TIER: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_BETWEEN: Final = re.compile(r"[\s,;，；、+]+")
_COUNT_MAX: Final = 1_000_000
_NAME_CHARS_MAX: Final = 80
_PHONE: Final = re.compile(r"[0-9+() -]{1,40}")

Read = Callable[[str], object]


class CellWrong(ValueError):  # noqa: N818 - an answer to whoever filled in the cell
    """What the cell should hold; never what it holds."""


def an_id(text: str) -> str:
    """Return a pseudonymous id."""
    if _ID.fullmatch(text) is None:
        raise CellWrong("an id has 2 to 64 of a-z, 0-9 and -, and is no name")
    return text


def ids(text: str) -> list[str]:
    """Return several ids, separated by blanks, commas or semicolons."""
    return [an_id(one) for one in _BETWEEN.split(text) if one]


def a_day(text: str) -> date:
    """Return a day such as 2025-01-31, 2025/1/31 or 2025年1月31日."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise CellWrong("a day such as 2025-01-31")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise CellWrong("there is no such day") from None


def a_period(text: str) -> str:
    """Return a month such as 2025-01, or a quarter such as 2025-Q1."""
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        if 1 <= month <= 12:  # noqa: PLR2004 - months
            return f"{year:04}-{month:02}"
    if found := _QUARTER.fullmatch(text):
        return f"{found[1]}-Q{found[2]}"
    raise CellWrong("a month such as 2025-01, or a quarter such as 2025-Q1")


def a_count(text: str) -> int:
    """Return a whole number."""
    plain = text.removesuffix(".0")
    if not (plain.isascii() and plain.isdigit()) or int(plain) > _COUNT_MAX:
        raise CellWrong("a whole number, such as 3")
    return int(plain)


def an_amount(text: str) -> str:
    """Return points: at most one decimal."""
    try:
        parse_points(text)
    except ValueError:
        raise CellWrong('points with at most one decimal, such as "2.5"') from None
    return text


def an_item(text: str) -> str:
    """Return the code of an item."""
    if _ITEM.fullmatch(text.upper()) is None:
        raise CellWrong("an item's code, such as B01")
    return text.upper()


def a_tier(text: str) -> str:
    """Return the key of a tier."""
    if _TIER.fullmatch(text) is None:
        raise CellWrong("a tier's key, such as plant-1")
    return text


def a_hash(text: str) -> str:
    """Return the SHA-256 of a file."""
    if _SHA256.fullmatch(text.lower()) is None:
        raise CellWrong("a SHA-256 in 64 hexadecimal digits")
    return text.lower()


def a_name(text: str) -> str:
    """Return a name, on one line."""
    if len(text) > _NAME_CHARS_MAX or not text.isprintable():
        raise CellWrong(f"one line of at most {_NAME_CHARS_MAX} characters")
    return text


def a_phone(text: str) -> str:
    """Return a phone number."""
    if _PHONE.fullmatch(text) is None:
        raise CellWrong("a phone number: digits, blanks, + - ( )")
    return text


def yes_or_no(text: str) -> bool:
    """Return whether it says yes."""
    return one_of({"yes": True, "no": False}, {"是": "yes", "否": "no", "true": "yes",
                                               "false": "no", "√": "yes", "1": "yes",
                                               "0": "no"})(text)  # type: ignore[return-value]  # fmt: skip


def one_of(words: Mapping[str, object], also: Mapping[str, str]) -> Read:
    """Return what reads one of the words, or what else it is called."""

    def read(text: str) -> object:
        plain = text.strip().lower().replace(" ", "_")
        word = also.get(plain, also.get(text.strip(), plain))
        if word not in words:
            raise CellWrong(f"one of {', '.join(words)}")
        return words[word]

    return read


def called(also: Mapping[str, str]) -> Read:
    """Return what reads one of the contract's words by its name in either language."""
    return one_of({word: word for word in also.values()}, also)

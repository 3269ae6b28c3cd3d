"""The two languages of the pages: which one is shown, and every word of ours in both."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

from starlette.requests import Request

Language = Literal["zh", "en"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
COOKIE: Final = "jifen_language"
PARAMETER: Final = "lang"
# What the attribute `lang` of a page says.
TAGS: Final[Mapping[Language, str]] = {"zh": "zh-Hans", "en": "en"}


def language_of(request: Request) -> Language:
    """Return the language: as asked for, as kept, as the browser prefers, else Chinese."""
    for told in (request.query_params.get(PARAMETER), request.cookies.get(COOKIE)):
        for language in LANGUAGES:
            if told == language:
                return language
    return _preferred(request.headers.get("accept-language", ""))


def _preferred(header: str) -> Language:
    for part in header.split(","):
        for language in LANGUAGES:
            if part.strip().lower().startswith(language):
                return language
    return "zh"


class Texts:
    """Every text by its key, such as `claim.title`; a key that is not there is a defect."""

    def __init__(self, language: Language) -> None:
        """Speak one language."""
        self._texts = {key: pair[language] for key, pair in all_texts().items()}

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text with its values."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def word(self, group: str, value: str | None) -> str:
        """Return the word for a value of a closed list, such as a state; "–" for none."""
        return "–" if value is None else self._texts[f"{group}.{value}"]

    def has(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self._texts


@cache
def all_texts() -> Mapping[str, Mapping[Language, str]]:
    """Return all texts in both languages, from the files beside this module."""
    found: dict[str, Mapping[Language, str]] = {}
    for file in sorted(files(__package__).joinpath("texts").iterdir(), key=lambda one: one.name):
        for key, pair in _flat(tomllib.loads(file.read_text(encoding="utf-8"))):
            assert key not in found, f"{key} is told twice"
            found[key] = pair
    return found


def _flat(table: Mapping[str, Any]) -> list[tuple[str, Mapping[Language, str]]]:
    """Return what a file says: groups of keys, each with [Chinese, English]."""
    return [
        (f"{group}.{key}", {"zh": zh, "en": en})
        for group, keys in table.items()
        for key, (zh, en) in keys.items()
    ]


@cache
def texts_in(language: Language) -> Texts:
    """Return the texts of a language."""
    return Texts(language)

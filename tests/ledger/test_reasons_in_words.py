"""A reason is told in the reader's language, or in the words of whoever gave it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jifen_contracts.reasons import known_reasons
from jifen_ledger.application.queries.private_text import PrivateText
from jifen_ledger.board.languages import Language, texts_in
from jifen_ledger.board.rendering import environment

DEMO = Path(__file__).parents[2] / "deploy" / "local" / "src"
PAGE = '{% import "_parts.html" as p with context %}{{ p.reason(code, part) }}'
KNOWN = '<span class="reason" title="wrong_value">{}</span>'


def shown(code: str | None, language: Language, part: PrivateText | None = None) -> str:
    texts = texts_in(language)
    context = {"t": texts, "word": texts.word, "code": code, "part": part}
    return environment().from_string(PAGE).render(context)


def private(content: Mapping[str, Any] | None) -> PrivateText:
    return PrivateText("71" * 32, content, (), erased=False)


WORDS = private({"reason": "名单上没有他", "text": "see the list"})


@pytest.mark.parametrize(
    ("code", "language", "part", "told"),
    [
        ("wrong_value", "zh", None, KNOWN.format("数值有误")),
        ("wrong_value", "en", WORDS, KNOWN.format("the value is wrong")),
        ("our_own", "en", WORDS, '<span class="words" lang="zh-Hans">名单上没有他</span>'),
        ("our_own", "zh", private({"text": "a <b>"}), '<span class="words">a &lt;b&gt;</span>'),
        ("our_own", "zh", private({"link": "x", "text": ["y"]}), "<code>our_own</code>"),
        ("our_own", "zh", private(None), "<code>our_own</code>"),
        ("our_own", "zh", None, "<code>our_own</code>"),
        (None, "zh", WORDS, "–"),
    ],
)
def test_a_reason_is_told_in_words(
    code: str | None, language: Language, part: PrivateText | None, told: str
) -> None:
    assert shown(code, language, part) == told


def test_every_reason_that_the_demo_gives_has_its_words() -> None:
    sources = "\n".join(file.read_text(encoding="utf-8") for file in DEMO.rglob("*.py"))
    given = set(re.findall(r"reason(?:=|\": )\"([a-z_]+)\"", sources))

    assert len(given) > 5
    assert given - set(known_reasons()) == set()

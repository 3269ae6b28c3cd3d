"""Rule 5: exact amounts, caps in order, tiers that can be told apart and tested."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.items import Caps, Item, Tier, TierLine
from jifen_contracts.scheme.rules.finding import Finding
from jifen_contracts.scheme.rules.walk import (
    Place,
    amounts,
    caps_given,
    places,
    repeated,
    tenths_of,
)

# A test is measurable when it has a figure or names a document that somebody can be asked for.
_FIGURE: Final = re.compile(r"[0-9]")
_DOCUMENT_ZH: Final = re.compile(
    "文件|证明|证书|记录|名单|报告|通报|决定|结论|提醒|验收单|清单|台账|纪要|协议|签到表|公示|凭证"
)
_DOCUMENT_EN: Final = re.compile(
    r"\b(?:document|certificate|record|list|report|decision|finding|notice|minutes|form|register"
    r"|reminder|agreement|receipt|sheet|letter)s?\b",
    re.IGNORECASE,
)


def check_amounts(document: SchemeDocument) -> Iterator[Finding]:
    """Yield what breaks rule 5."""
    for amount in amounts(document):
        if tenths_of(amount.text) is None:
            message = f"{amount.text} is no multiple of 0.1: write it with at most one decimal."
            yield Finding(5, amount.path, message)
    for place in places(document):
        yield from caps_in_order(5, place.path, place.line.caps)
        for cap in caps_given(place.path, place.line.caps):
            if (tenths_of(cap.text) or 0) < 0:
                yield Finding(5, cap.path, f"A cap is not below 0: {cap.text} must be 0 or more.")
        if isinstance(place.line, TierLine):
            yield from _tiers(place, place.line)
    for item in document.items:
        yield from _incentive_tiers(item)


def caps_in_order(rule: int, path: str, caps: Caps) -> Iterator[Finding]:
    """Yield a finding for every cap above the cap of the longer period."""
    exact = [(cap, tenths_of(cap.text)) for cap in caps_given(path, caps)]
    for (shorter, less), (longer, more) in pairwise(exact):
        if less is not None and more is not None and less > more:
            longer_name = longer.path.rpartition(".")[2]
            message = f"{shorter.text} is above the cap of the {longer_name}, {longer.text}."
            yield Finding(rule, shorter.path, message)


def _tiers(place: Place, line: TierLine) -> Iterator[Finding]:
    for key in repeated(tier.key for tier in line.tiers):
        message = f"Two tiers have the key {key}: give each its own."
        yield Finding(5, f"{place.path}.tiers.{key}", message)
    for tier in line.tiers:
        path = f"{place.path}.tiers.{tier.key}"
        for field, language in _vague(tier):
            message = f"The {language} test needs a figure or a document that proves it."
            yield Finding(5, f"{path}.{field}", message)


def _vague(tier: Tier) -> Iterator[tuple[str, str]]:
    if not (_FIGURE.search(tier.test_zh) or _DOCUMENT_ZH.search(tier.test_zh)):
        yield "test_zh", "Chinese"
    if not (_FIGURE.search(tier.test_en) or _DOCUMENT_EN.search(tier.test_en)):
        yield "test_en", "English"


def _incentive_tiers(item: Item) -> Iterator[Finding]:
    if item.incentive is None:
        return
    path = f"items.{item.code}.incentive.tiers"
    keys = [tier.key for tier in item.incentive.tiers]
    line = item.lines.member
    known = {tier.key for tier in line.tiers} if isinstance(line, TierLine) else set()
    for key in repeated(keys):
        yield Finding(5, f"{path}.{key}", f"Two incentive values are for the tier {key}.")
    for key in sorted(set(keys) - known):
        message = f"The member line has no tier {key}: name one of its tiers."
        yield Finding(5, f"{path}.{key}", message)

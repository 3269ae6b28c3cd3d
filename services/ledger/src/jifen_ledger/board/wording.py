"""How amounts, days, periods and names are written on a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from jifen_contracts.points import format_points
from jifen_ledger.board.languages import Language

NOTHING: Final = "–"
_MINUS: Final = "−"
_MONTHS_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                     "Dec")  # fmt: skip


def points(amount: str | None) -> str:
    """Return an amount with one decimal and a true minus, so that columns line up."""
    if amount is None:
        return NOTHING
    sign, figures = (_MINUS, amount[1:]) if amount.startswith("-") else ("", amount)
    whole, _, tenth = figures.partition(".")
    return f"{sign}{int(whole):,}.{tenth or '0'}"


def signed(amount: str | None) -> str:
    """Return an amount with its sign."""
    shown = points(amount)
    return shown if shown in (NOTHING, "0.0") or shown.startswith(_MINUS) else f"+{shown}"


def tenths(amount: int | None) -> str:
    """Return an amount that is told in tenths."""
    return NOTHING if amount is None else points(format_points(amount))


def count(number: int | None) -> str:
    """Return a whole number."""
    return NOTHING if number is None else f"{number:,}".replace("-", _MINUS)


@pass_context
def period(context: Context, name: str) -> str:
    """Return a month, quarter or year in words."""
    return period_in(context["language"], name)


def period_in(language: Language, name: str) -> str:
    """Return a month, quarter or year in the words of a language."""
    year, _, part = name.partition("-")
    if not part:
        return f"{year}年" if language == "zh" else year
    if part.startswith("Q"):
        return (
            f"{year}年第{'一二三四'[int(part[1]) - 1]}季度"
            if language == "zh"
            else (f"{part} {year}")
        )
    month = int(part)
    return f"{year}年{month}月" if language == "zh" else f"{_MONTHS_EN[month - 1]} {year}"


def day(text: str | None) -> Markup | str:
    """Return a day as a `time` element."""
    if text is None:
        return NOTHING
    return Markup('<time datetime="{0}">{0}</time>').format(text[:10])


@pass_context
def moment(context: Context, text: str) -> Markup:
    """Return a recorded time, to the minute, in the scheme's own time."""
    offset: int = context["visit"].offset_minutes
    zone = timezone(timedelta(minutes=offset))
    local = datetime.fromisoformat(text).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return Markup('<time datetime="{}">{}</time>').format(text, local)


@pass_context
def named(context: Context, thing: Any, prefix: str = "name") -> str:  # noqa: ANN401 - any answer
    """Return what a thing with names in both languages is called; empty where it has no name."""
    if thing is None:
        return ""
    found = getattr(thing, f"{prefix}_{context['language']}", None)
    return found or ""


@pass_context
def said(context: Context, thing: Any) -> str:  # noqa: ANN401 - any pair of sentences
    """Return the sentence, or name, of a pair in the page's language."""
    return "" if thing is None else str(getattr(thing, context["language"]))


_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


def spoken(text: str) -> Markup:
    """Return what somebody wrote, in whichever language, with its line breaks kept."""
    if _CHINESE.search(text):
        return Markup('<span class="words" lang="zh-Hans">{}</span>').format(text)
    return Markup('<span class="words">{}</span>').format(text)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "points": points,
    "signed": signed,
    "tenths": tenths,
    "count": count,
    "period": period,
    "day": day,
    "moment": moment,
    "named": named,
    "said": said,
    "spoken": spoken,
}

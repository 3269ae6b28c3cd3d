"""Follows the links of the board, so that tests see every kind of page a reader can come to."""

import html
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]

from tests.support.board_world import QUARTER
from tests.support.boarding import Board

# Of pages that differ in nothing but their ids, so many are opened.
ALIKE_MAX = 2
PAGES_MAX = 120
# Files are in a store of their own, which pages do without.
_FILE = "/evidence/"
_LINK = re.compile(r"<a [^>]*?href=\"([^\"]+)\"")
_ID = re.compile(r"(?<=/)(?:[msu]|c|cn|of|rd)-[a-z0-9-]+|[0-9]+")


@dataclass(frozen=True)
class Visited:
    """A page as a reader found it."""

    address: str
    answer: httpx.Response

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def is_page(self) -> bool:
        return self.answer.headers["content-type"].startswith("text/html")


async def crawl(board: Board, who: str, language: str, *starts: str) -> Mapping[str, Visited]:
    """Every kind of page that links lead the reader to, by address without its mark."""
    waiting = [f"/board/plant/?period={QUARTER}", *starts, "/board/plant/"]
    alike: Counter[str] = Counter()
    found: dict[str, Visited] = {}
    while waiting and len(found) < PAGES_MAX:
        address = waiting.pop(0)
        shape = _ID.sub("*", address.partition("?")[0])
        if address in found or alike[shape] >= ALIKE_MAX:
            continue
        alike[shape] += 1
        answer = await board.open(address, who, language)
        if answer.is_redirect:
            waiting.append(answer.headers["location"])
            continue
        found[address] = Visited(address, answer)
        if found[address].is_page:
            waiting += [
                one for one in links_of(answer.text) if "lang=" not in one and _FILE not in one
            ]
    return found


def figures_of(text: str) -> list[str]:
    """The addresses that the figures of a page lead to."""
    return links_of(text, 'class="figure"')


def links_of(text: str, mark: str = "") -> list[str]:
    """The addresses that a page links to, without their marks; only links with the text in them."""
    tags = re.findall(r"<a [^>]*>", text)
    found = [_LINK.match(tag) for tag in tags if mark in tag]
    addresses = [html.unescape(one[1]).partition("#")[0] for one in found if one is not None]
    return [one for one in dict.fromkeys(addresses) if one]


def faults_of(text: str) -> list[str]:
    """What a strict parser says against a page."""
    parser = HTMLParser()
    parser.parse(text)
    return [f"{place}: {code}" for place, code, _ in parser.errors]

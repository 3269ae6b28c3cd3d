"""What holds for every page that links lead to, whoever reads it, in both languages."""

import re
from collections import Counter

from tests.integration.board.conftest import Crawled
from tests.support.crawling import faults_of, links_of

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_IN_CHINESE = re.compile(r"<(\w+)[^>]*\blang=\"zh-Hans\"[^>]*>.*?</\1>", re.DOTALL)
_CHINESE = re.compile(r"[一-鿿]+")


def test_every_link_opens(crawled: Crawled) -> None:
    found = {
        (who, address): page.answer.status_code
        for (who, _), pages in crawled.items()
        for address, page in pages.items()
    }

    assert {key: status for key, status in found.items() if status != 200} == {}


def test_every_kind_of_page_was_found(crawled: Crawled) -> None:
    kinds = {
        re.sub(r"(?<=/)(?:[a-z]{1,2}-[a-z0-9-]+|[0-9][0-9Q-]*)", "*", address.partition("?")[0])
        for pages in crawled.values()
        for address in pages
    }

    assert {kind.removeprefix("/board/plant/") for kind in kinds} == {
        "",
        "units/*",
        "units/*/mean",
        "units/*/ranking",
        "units/plant/ranking",
        "units/*/inbox",
        "units/*/objections/*",
        "units/*/assessments/*",
        "units/*/grades/*",
        "units/*/missing/*",
        "units/*/rechecks/*",
        "units/*/bulletins/*",
        "units/*/bulletins/*.csv",
        "units/*/bulletins/*.json",
        "people/*",
        "people/*/sheet/*",
        "people/*/sheet/*.csv",
        "people/*/form/*",
        "people/*/form/*.csv",
        "people/*/statement",
        "people/*/wallet",
        "why",
        "postings/*/*",
        "records/*",
        "claims/*",
        "concerns",
        "concerns/*",
        "offers",
        "awards",
        "scheme",
        "scheme/differences",
        "scheme/simulation",
    }


def test_every_page_is_valid_html(crawled: Crawled) -> None:
    faults = {
        (who, language, address): found
        for (who, language), pages in crawled.items()
        for address, page in pages.items()
        if page.is_page and (found := faults_of(page.text))
    }

    assert faults == {}


def test_no_id_of_an_element_is_there_twice(crawled: Crawled) -> None:
    twice = {
        (who, address): double
        for (who, _), pages in crawled.items()
        for address, page in pages.items()
        if page.is_page
        and (
            double := [
                one
                for one, number in Counter(re.findall(r"\bid=\"([^\"]+)\"", page.text)).items()
                if number > 1
            ]
        )
    }

    assert twice == {}


def test_an_english_page_has_no_chinese_that_it_does_not_mark(crawled: Crawled) -> None:
    found = {
        (who, address): _CHINESE.findall(_IN_CHINESE.sub("", page.text))
        for (who, language), pages in crawled.items()
        for address, page in pages.items()
        # A record shows the bytes as they are, whatever they say.
        if language == "en" and page.is_page and "/records/" not in address
    }

    assert {key: words for key, words in found.items() if words} == {}


def test_nothing_on_a_page_runs_or_comes_from_elsewhere(crawled: Crawled) -> None:
    pages = [page for found in crawled.values() for page in found.values() if page.is_page]
    policies = {page.answer.headers["content-security-policy"] for page in pages}
    loaded = {
        address
        for page in pages
        for address in re.findall(r"(?:src|action)=\"([^\"]*)\"|<link[^>]*href=\"", page.text)
    }
    inline = [
        page.address
        for page in pages
        if re.search(r"<script|<iframe|\sstyle=|\son[a-z]+=|javascript:", page.text)
    ]

    assert inline == []
    assert {one.split("?")[0] for one in loaded if one} == {
        "/board/sign-out",
        "/board/plant/scheme/simulation",
    }
    assert policies == {POLICY}


def test_no_page_has_a_token_in_it_or_in_a_link(crawled: Crawled) -> None:
    pages = [page for found in crawled.values() for page in found.values() if page.is_page]
    links = {link.partition("?")[2] for page in pages for link in links_of(page.text)}

    assert not any("token" in link for link in links)


def test_a_page_is_asked_for_again_and_one_with_opened_texts_or_files_is_kept_by_nobody(
    crawled: Crawled,
) -> None:
    kept = {
        ('class="said"' in page.text and who != "auditor", page.answer.headers["cache-control"])
        for (who, _), pages in crawled.items()
        for page in pages.values()
        if page.is_page
    }

    assert kept == {(False, "private, no-cache"), (True, "private, no-store")}

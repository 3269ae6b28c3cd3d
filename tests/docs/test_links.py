"""Every link leads somewhere, every page is found from the README, and the picture is drawn."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.docs.readme import CHINESE, DOCS, PAGES, README, Link, anchors, blocks, links

README_LINES_MAX = 200
PICTURE = DOCS / "picture.svg"
DRAWN = ("ingest", "JetStream", "ledger", "PostgreSQL", "readers", "log", "witness", "auditor")


def leads_nowhere(page: Path, link: Link) -> bool:
    place, _, anchor = link.target.partition("#")
    target = (page.parent / place).resolve() if place else page
    if not target.exists():
        return True
    return anchor != "" and anchor not in anchors(target)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file_or_heading(page: Path) -> None:
    assert [
        link.target
        for link in links(page)
        if "://" not in link.target and leads_nowhere(page, link)
    ] == []


@pytest.mark.parametrize("target", ["nowhere.md", "docs/reads.md#no-such-heading", "#nowhere"])
def test_a_link_that_leads_nowhere_is_noticed(target: str) -> None:
    assert leads_nowhere(README, Link(target, "", is_image=False))


def test_a_heading_in_two_languages_is_found_by_its_link() -> None:
    assert not leads_nowhere(README, Link("docs/reads.md#all-reads-全部", "", is_image=False))


@pytest.mark.parametrize("readme", [README, CHINESE], ids=lambda page: page.name)
def test_every_page_is_linked_from_the_readme_and_every_picture_is_told_in_words(
    readme: Path,
) -> None:
    linked = {(readme.parent / link.target.partition("#")[0]).resolve() for link in links(readme)}
    untold = [link.target for link in links(readme) if link.is_image and len(link.text) < 40]

    assert (set(DOCS.glob("*.md")) - linked, untold) == (set(), [])


@pytest.mark.parametrize("readme", [README, CHINESE], ids=lambda page: page.name)
def test_the_readme_is_read_in_one_go(readme: Path) -> None:
    assert len(readme.read_text(encoding="utf-8").splitlines()) < README_LINES_MAX


def test_the_chinese_readme_has_the_same_commands_outputs_and_links() -> None:
    def told(page: Path) -> tuple[list[tuple[str, str, str]], list[str]]:
        other = {README.name, CHINESE.name}
        return (
            [(block.mark, block.language, block.text) for block in blocks(page)],
            [link.target for link in links(page) if link.target not in other],
        )

    assert told(CHINESE) == told(README)


def test_the_picture_has_every_part_and_nothing_from_elsewhere() -> None:
    drawing = PICTURE.read_text(encoding="utf-8")
    root = ET.fromstring(drawing)  # noqa: S314 -- our own file.
    words = " ".join(text for element in root.iter() if (text := element.text))

    assert ([part for part in DRAWN if part not in words], "href" in drawing) == ([], False)

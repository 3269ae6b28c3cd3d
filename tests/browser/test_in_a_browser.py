"""The board in a real browser: fits a phone, prints on A4, and axe finds no fault with it."""

import re
from collections.abc import Mapping, Sequence

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]

from jifen_contracts.scheme.draft import written
from tests.browser.conftest import NARROW, WIDE, ColourScheme, Desk
from tests.support.board_world import GRADED, QUARTER
from tests.support.people import ANNA, BRANCH_X, COMMITTEE
from tests.support.simulating import cheaper_contests, draft_with

BULLETIN = f"/units/{BRANCH_X}/bulletins/{QUARTER}"
PAGES = (
    f"/?period={QUARTER}",
    f"/units/{BRANCH_X}?period={QUARTER}",
    f"/units/{GRADED}?period={QUARTER}",
    f"/units/{GRADED}/mean?capacity=member&period={QUARTER}",
    f"/units/{GRADED}/ranking?capacity=member&period={QUARTER}",
    f"/units/{BRANCH_X}/inbox",
    f"/units/{BRANCH_X}/objections/{QUARTER}",
    f"/units/{BRANCH_X}/assessments/2023-07",
    f"/units/{BRANCH_X}/missing/{QUARTER}",
    f"/units/{BRANCH_X}/rechecks/{QUARTER}",
    f"/units/{GRADED}/grades/2023",
    "/awards",
    BULLETIN,
    f"/people/{ANNA}?year=2023",
    f"/people/{COMMITTEE}?year=2023",
    f"/people/{ANNA}/sheet/{QUARTER}",
    f"/people/{ANNA}/form/2023-07",
    f"/people/{ANNA}/statement?capacity=member",
    f"/people/{ANNA}/wallet",
    f"/why?holder={ANNA}&capacity=member&period={QUARTER}",
    "/claims/c-b06",
    "/concerns",
    "/concerns/cn-cold",
    "/offers",
    "/scheme",
    "/scheme/differences?from=1&to=2",
    "/records/1",
    "/scheme/simulation",
)
# One of each layout; axe takes its time.
JUDGED = (*PAGES[:2], *PAGES[8:15], PAGES[16], PAGES[19], PAGES[20], *PAGES[25:])
# A4 in points, as a PDF says it; Chromium rounds.
A4 = (595, 842)


async def test_no_page_scrolls_sideways_on_a_phone(desk: Desk) -> None:
    wide = {}
    async with desk.at("/", width=NARROW) as page:
        for path in PAGES:
            # English words are the longer ones.
            await page.goto(f"{desk.address}/board/plant{path}")
            width = await page.evaluate("document.documentElement.scrollWidth")
            if width > NARROW:
                wide[path] = width

    assert wide == {}


@pytest.mark.parametrize(
    ("paths", "scheme", "options"),
    [(JUDGED, "light", {}), (JUDGED[1:5:2], "dark", {"runOnly": ["color-contrast"]})],
    ids=["light", "contrast in the dark"],
)
async def test_axe_finds_nothing_wrong_with_a_page(
    desk: Desk,
    paths: Sequence[str],
    scheme: ColourScheme,
    options: Mapping[str, object],
) -> None:
    found = {}
    async with desk.at("/", width=WIDE, scheme=scheme) as page:
        for path in paths:
            await page.goto(f"{desk.address}/board/plant{path}")
            results = await Axe().run(page, options=dict(options))
            if results.violations_count:
                found[path] = [
                    (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
                    for one in results.response["violations"]
                ]

    assert found == {}


@pytest.mark.parametrize(
    ("path", "across"),
    [
        (BULLETIN, True),
        (f"/people/{ANNA}/sheet/{QUARTER}", False),
        (f"/people/{ANNA}/form/2023-07", False),
    ],
)
async def test_a_sheet_prints_on_a4_with_its_signature_lines(
    desk: Desk,
    path: str,
    across: bool,  # noqa: FBT001
) -> None:
    async with desk.at(path, language="zh") as page:
        await page.emulate_media(media="print")
        signed = await page.locator(".signatures dt").first.is_visible()
        navigation = await page.locator("header.site").is_visible()
        pdf = await page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    sizes = {(round(float(width)), round(float(height))) for width, height in boxes}

    assert (signed, navigation) == (True, False)
    assert sizes == {A4[::-1] if across else A4}


async def test_a_reader_signs_in_reads_a_figure_to_its_event_and_signs_out(desk: Desk) -> None:
    context = await desk.browser.new_context(locale="en-GB")
    page = await context.new_page()
    await page.goto(f"{desk.address}/board/plant/people/{ANNA}?year=2023")
    await page.get_by_label("Reader's token").fill(desk.tokens["self"])
    await page.get_by_role("button", name="Sign in").click()
    await page.locator("#scores ~ * a.figure", has_text="90.3").first.click()
    score = await page.locator("h1").inner_text()
    await page.locator("table.claims td.num a").first.click()
    event = await page.locator("h1").inner_text()
    await page.get_by_role("button", name="Sign out").click()
    await page.go_back()
    await page.reload()
    again = await page.locator("h1").inner_text()
    scripts = await page.evaluate("document.scripts.length")
    await context.close()

    assert score == "Why 90.3"
    assert event.startswith("Record ")
    assert (again, scripts) == ("Sign in to the board", 0)


async def test_a_draft_is_chosen_as_a_file_and_tried_out(desk: Desk) -> None:
    draft = written(draft_with(cheaper_contests))
    file = {"name": "draft.yaml", "mimeType": "application/yaml", "buffer": draft.encode()}
    async with desk.at("/scheme", language="zh") as page:
        await page.get_by_role("link", name="草案试算").click()
        await page.get_by_label("草案文件").set_input_files(file)  # type: ignore[arg-type]
        await page.get_by_label("从").select_option(QUARTER)
        await page.get_by_label("到").select_option(QUARTER)
        await page.get_by_role("button", name="试算").click()
        titles = await page.locator("h2").all_inner_texts()
        wide = await page.evaluate("document.documentElement.scrollWidth")

    assert titles[:3] == ["差别", "季度得分", "各小项"]
    assert wide <= WIDE

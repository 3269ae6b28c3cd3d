"""Time lines of members, roles and branches, transfers under way, and registrations."""

from pathlib import Path
from typing import Any

from tests.integration.reading import Asking, reading
from tests.integration.test_reads_rights import COLUMNS, seen
from tests.support import builders as build
from tests.support.judgements import awarded, revoked, veto_lifted, vetoed
from tests.support.organisation import absent
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    GROUP_X1,
    LEADER,
    PANEL_X,
    PANEL_Y,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
)
from tests.support.stored import told

TWIN = "m-twin"
DEPUTY = "m-deputy"
Row = tuple[Any, ...]


def moving(member: str, sent: str, since: str, *, of: str = BRANCH_Y) -> list[bytes]:
    """The home ends on the day on which the other branch receives the member."""
    on = {"recorded": sent}
    arrival = build.assigned(member, "member", of, since=since, **on)
    return [
        build.assigned(member, "member", BRANCH_X, to=since, **on),
        told(arrival, sent=sent),
    ]


def history() -> list[bytes]:
    """Anna moves to Y and comes to have one record; Bo and Chen are on the way in September."""
    return [
        *build.world(),
        build.enrolled(TWIN, "applicant", since="2022-05-01"),
        *moving(ANNA, "2023-08-01", "2023-08-15"),
        absent(ANNA, "2023-09-01", "2023-09-11", recorded="2023-08-20"),
        absent(ANNA, "2023-09-01", "2023-09-05", recorded="2023-09-05"),
        vetoed(ANNA, "2023-08-15", veto="ve-1", recorded="2023-08-21"),
        veto_lifted(ANNA, veto="ve-1", recorded="2023-08-28"),
        awarded(ANNA, "honour", award="aw-1", name="优秀", recorded="2023-08-22"),
        revoked(ANNA, award="aw-1", recorded="2023-09-10"),
        build.enrolled(ANNA, "retired", since="2023-09-18", same_as=TWIN, recorded="2023-09-12"),
        build.assigned(
            LEADER, "helper", BRANCH_X, of=[ANNA, BO], since="2023-07-01", to="2023-08-15"
        ),
        *moving(BO, "2023-09-10", "2023-10-01"),
        *moving(CHEN, "2023-09-15", "2023-09-25"),
        build.assigned(COMMITTEE, "committee", BRANCH_X, since="2023-02-01", recorded="2023-09-13"),
        awarded(COMMITTEE, "honour", award="aw-2", name="优秀", recorded="2023-09-14"),
        build.left(DORA, "2023-09-19", why="transferred"),
    ]


def rows(answer: Any, *names: str) -> list[Row]:
    return [tuple(one[name] for name in names) for one in answer["spans"]]


def span(kind: str, what: str, from_day: str, to_day: str | None, *history: int | None) -> Row:
    replaces, replaced_by = history or (None, None)
    return kind, what, from_day, to_day, replaces, replaced_by


async def timeline(ask: Asking, who: str = "self", of: str = ANNA, **query: Any) -> list[Row]:
    answer = await ask.get(f"/members/{of}/timeline", who, **query)
    return rows(answer, "kind", "what", "from_day", "to_day", "replaces", "replaced_by")


async def test_x03_a_members_time_line_tells_what_was_so_when_and_what_was_corrected(
    database_url: str, tmp_path: Path
) -> None:
    payloads = history()
    first = len(build.world())
    home = payloads.index(build.assigned(ANNA)) + 1
    async with reading(database_url, tmp_path, payloads) as ask:
        found = await timeline(ask)
        whole = (await ask.get(f"/members/{ANNA}/timeline", "self"))["spans"]
        pages: list[Row] = []
        query: dict[str, Any] = {"limit": 4}
        while True:
            answer = await ask.get(f"/members/{ANNA}/timeline", "self", **query)
            pages += rows(answer, "kind", "what", "from_day", "to_day", "replaces", "replaced_by")
            if answer["next"] is None:
                break
            query["cursor"] = answer["next"]
        before = await timeline(ask, known_at=str(first + 4), as_of="2023-08-31")
        refused = await ask.code(
            f"/members/{ANNA}/timeline", "self", cursor=query["cursor"], known_at=str(first)
        )
        twin = await ask.get(f"/members/{TWIN}/timeline", "upper")

    # From the second record after the world on: home ended, new home, absence, correction, …
    moved, arrived, away, back, imposed, annulled, granted, taken, joined = range(
        first + 2, first + 11
    )
    assert found == [
        span("standing", "full", "2023-01-01", "2023-09-18"),
        span("assignment", "member", "2023-01-01", None, None, moved),
        span("assignment", "group_member", "2023-01-01", None),
        span("assignment", "member", "2023-01-01", "2023-08-15", home, None),
        span("assignment", "helper", "2023-07-01", "2023-08-15"),
        span("award", "honour", "2023-08-01", None, None, taken),
        span("award", "honour", "2023-08-01", "2023-09-10", granted, None),
        span("assignment", "member", "2023-08-15", None),
        span("veto", "V3", "2023-08-15", None, None, annulled),
        span("veto", "V3", "2023-08-15", "2023-08-15", imposed, None),
        span("absence", "leave", "2023-09-01", "2023-09-11", None, back),
        span("absence", "leave", "2023-09-01", "2023-09-05", away, None),
        span("join", "survivor", "2023-09-12", None),
        span("standing", "retired", "2023-09-18", None),
    ]
    assert pages == found
    [transfer] = [one for one in whole if one["sent"] is not None]
    assert [transfer[name] for name in ("seq", "unit", "sent", "received", "recorded_at")] == [
        arrived,
        BRANCH_Y,
        "2023-08-01",
        "2023-08-15",
        "2023-08-01T02:00:00.000Z",
    ]
    assert [(one["member"], one["of"]) for one in whole if one["what"] == "helper"] == [
        (LEADER, [ANNA, BO])
    ]
    assert [one["ended"] for one in whole if one["ended"]] == ["revoked", "annulled"]
    # Neither the pact of a later record nor the absence that begins later.
    assert before == [(*found[0][:3], None, None, None), *found[1:4], found[7]]
    assert refused == (422, "query_invalid")
    assert (twin["joined_into"], [one["seq"] for one in twin["spans"]]) == (
        ANNA,
        [first + 1, joined],
    )


async def test_x03_a_units_time_line_has_its_registrations_panels_and_offices(
    database_url: str, tmp_path: Path
) -> None:
    pairs = [(PANEL_X[1], BO), (PANEL_X[2], CHEN)]
    payloads = [
        *build.world(),
        build.registered(BRANCH_X, since="2023-06-01", to="2023-12-01", unit_class="frontline"),
        build.registered("u-new", since="2023-09-01", came_from=[BRANCH_X]),
        build.panel(
            BRANCH_X,
            PANEL_X[1:],
            since="2023-08-01",
            to="2023-12-01",
            recusals=pairs,
            name="pl-3",
        ),
        build.assigned(SECRETARY, "secretary", BRANCH_X, to="2023-08-01"),
        build.enrolled(DEPUTY),
        build.assigned(
            DEPUTY,
            "secretary",
            BRANCH_X,
            since="2023-08-01",
            to="2023-12-01",
            post="secretary",
        ),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        await ask.name(DEPUTY, "副", "Deputy")
        answer = await ask.get(f"/units/{BRANCH_X}/timeline", "staff")
        recused = {
            who: [one["recusals"] for one in (await ask.get(path, who))["spans"] if one["recusals"]]
            for who, path in (
                ("branch", f"/units/{BRANCH_X}/timeline"),
                ("reviewer", f"/units/{BRANCH_X}/timeline"),
                ("staff", f"/units/{BRANCH_X}/timeline"),
            )
        }
        root = await ask.get(f"/units/{SCHEME}/timeline", "auditor")
        groups = await ask.get(f"/units/{GROUP_X1}/timeline", "branch", as_of="2022-12-31")
        nothing = await ask.code("/units/u-none/timeline")

    shown = rows(answer, "kind", "what", "id", "from_day", "to_day")
    offices = [one for one in shown if one[0] == "office"]
    assert [one for one in shown if one[0] != "office"] == [
        ("registration", "branch", BRANCH_X, "2023-01-01", "2023-06-01"),
        ("panel", "panel", "pl-1", "2023-01-01", "2023-08-01"),
        ("registration", "branch", BRANCH_X, "2023-06-01", "2023-12-01"),
        ("panel", "panel", "pl-3", "2023-08-01", "2023-12-01"),
        ("successor", "branch", "u-new", "2023-09-01", None),
    ]
    secretary = f"as-{SECRETARY}-secretary-{BRANCH_X}"
    assert offices == [
        ("office", "committee", f"as-{COMMITTEE}-committee-{BRANCH_X}", "2023-01-01", None),
        ("office", "committee", f"as-{RECORDER}-committee-{BRANCH_X}", "2023-01-01", None),
        ("office", "recorder", f"as-{RECORDER}-recorder-{BRANCH_X}", "2023-01-01", None),
        ("office", "secretary", secretary, "2023-01-01", None),
        ("office", "secretary", secretary, "2023-01-01", "2023-08-01"),
        ("office", "secretary", f"as-{DEPUTY}-secretary-{BRANCH_X}", "2023-08-01", "2023-12-01"),
    ]
    assert [one["people"] for one in answer["spans"] if one["post"] == "secretary"] == [
        [{"member": DEPUTY, "name_zh": "副", "name_en": "Deputy"}]
    ]
    assert recused == {
        "branch": [[{"member": PANEL_X[1], "towards": BO}]],
        "reviewer": [[{"member": one, "towards": other} for one, other in pairs]],
        "staff": [],
    }
    assert {one["what"] for one in root["spans"]} == {"specialist", "upper"}
    assert (groups["spans"], nothing) == ([], (404, "not_found"))


async def test_e33_whoever_is_on_the_way_is_shown_by_both_branches_until_the_day_of_arrival(
    database_url: str, tmp_path: Path
) -> None:
    payloads = history()
    async with reading(database_url, tmp_path, payloads) as ask:

        async def on_the_way(branch: str, **query: Any) -> list[Row]:
            answer = await ask.get(f"/branches/{branch}/transfers", "auditor", **query)
            names = ("member", "side", "sending", "receiving", "sent", "received", "days")
            return [tuple(one[name] for name in names) for one in answer["transfers"]]

        sending = await on_the_way(BRANCH_X)
        receiving = await on_the_way(BRANCH_Y)
        first = await ask.get(f"/branches/{BRANCH_X}/transfers", limit=1)
        second = await ask.get(f"/branches/{BRANCH_X}/transfers", limit=1, cursor=first["next"])
        august = await on_the_way(BRANCH_Y, as_of="2023-08-14")
        arrived = await on_the_way(BRANCH_X, as_of="2023-08-15")
        unknown = await on_the_way(BRANCH_X, known_at=str(len(build.world())), as_of="2023-08-14")

    way = (BRANCH_X, BRANCH_Y)
    chen = (*way, "2023-09-15", "2023-09-25", 5)
    bo = (*way, "2023-09-10", "2023-10-01", 10)
    assert sending == [(CHEN, "sending", *chen), (BO, "sending", *bo)]
    assert receiving == [(CHEN, "receiving", *chen), (BO, "receiving", *bo)]
    assert [one["member"] for one in (*first["transfers"], *second["transfers"])] == [CHEN, BO]
    assert second["next"] is None
    assert august == [(ANNA, "receiving", *way, "2023-08-01", "2023-08-15", 13)]
    assert arrived == unknown == []


async def test_time_lines_and_transfers_are_told_to_those_who_may_know(
    database_url: str, tmp_path: Path
) -> None:
    not_public = "self branch staff reviewer upper auditor"
    expected = {
        f"/members/{ANNA}/timeline": "self reviewer upper auditor",
        f"/members/{COMMITTEE}/timeline": "branch staff reviewer upper auditor",
        f"/members/{SECRETARY_Y}/timeline": "staff reviewer upper auditor",
        f"/members/{BO}/timeline": "branch reviewer upper auditor",
        f"/units/{BRANCH_X}/timeline": not_public,
        f"/units/{BRANCH_Y}/timeline": not_public,
        f"/branches/{BRANCH_X}/transfers": "reviewer upper auditor",
        f"/branches/{BRANCH_Y}/transfers": "upper auditor",
        "/registrations": not_public,
    }
    async with reading(database_url, tmp_path, history()) as ask:
        found = {path: await seen(ask, path) for path in expected}
        ask.add_reader("near", "reviewer", PANEL_Y[0])
        kinds = {
            who: {row[0] for row in await timeline(ask, who)}
            for who in ("reviewer", "near", "auditor")
        }
        office = await timeline(ask, "branch", COMMITTEE)
        left = await timeline(ask, "auditor", DORA)
        unit = await ask.code(f"/members/{BRANCH_X}/timeline")

    assert set(COLUMNS) - set(not_public.split()) == {"public", "shop"}
    assert found == expected
    always = {"standing", "assignment", "veto", "award", "join"}
    # She belongs to Y by now: that she was on leave is no business of her old branch.
    assert kinds == {
        "reviewer": always,
        "near": {*always, "absence"},
        "auditor": always | {"absence"},
    }
    assert [row[:4] for row in office] == [
        ("assignment", "committee", "2023-01-01", None),
        ("assignment", "committee", "2023-02-01", None),
        ("award", "honour", "2023-08-01", None),
    ]
    assert ("departure", "transferred", "2023-09-19", None, None, None) in left
    assert unit == (404, "not_found")


async def test_f48_registrations_per_channel_add_up_to_the_total_and_name_nobody(
    database_url: str, tmp_path: Path
) -> None:
    def called(member: str, channel: str, standing: str = "applicant", **more: Any) -> bytes:
        on = {"since": "2023-07-01", "recorded": "2023-07-01"} | more
        return told(build.enrolled(member, standing, **on), channel=channel)

    later = {"since": "2023-08-01", "recorded": "2023-08-01"}
    payloads = [
        *build.world(),
        called("m-1", "station-7"),
        called("m-2", "station-7"),
        called("m-3", "station-9"),
        # Whoever scans again, at another place, is registered once.
        called("m-1", "station-9", **later),
        build.enrolled("m-1", **later),
        build.enrolled("m-2", "staff", **later),
        # Two records of one person are one registration: the earlier.
        called("m-4", "station-9", **later),
        build.enrolled("m-3", same_as="m-4", **later),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        whole = await ask.get("/registrations", "staff")
        one = await ask.get("/registrations", "branch", channel="station-7")
        first = await ask.get("/registrations", limit=2)
        last = await ask.get("/registrations", limit=2, cursor=first["next"])
        before = await ask.get("/registrations", known_at=str(len(payloads) - 5))

    def counts(answer: Any) -> dict[Any, Row]:
        names = ("registered", "members", "applicants", "others")
        return {one["channel"]: tuple(one[name] for name in names) for one in answer["channels"]}

    others = whole["registered"] - 3
    assert counts(whole)["station-7"] == (2, 1, 0, 1)
    assert counts(whole)["station-9"] == (1, 1, 0, 0)
    assert counts(whole)[None][0] == others
    assert sum(row[0] for row in counts(whole).values()) == whole["registered"]
    assert (counts(one), one["registered"]) == (
        {"station-7": (2, 1, 0, 1)},
        whole["registered"],
    )
    assert counts(first) | counts(last) == counts(whole)
    assert last["next"] is None
    assert (counts(before)["station-7"], counts(before)["station-9"]) == (
        (2, 0, 2, 0),
        (1, 0, 1, 0),
    )
    assert "m-1" not in str(whole)

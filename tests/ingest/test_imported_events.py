"""Rows become events: the same file the same events, its hash in each, names in none."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from jifen_ingest.domain.importing.drafts import Terms
from jifen_ingest.domain.importing.kinds.catalogue import KINDS
from jifen_ingest.domain.importing.preparing import Prepared, prepare
from jifen_ingest.domain.importing.records import NoRecord, event_of
from tests.support import builders as build
from tests.support.projecting import folded

FILE, OTHER_FILE = "a" * 64, "b" * 64
SAMPLES: dict[str, tuple[str, ...]] = {
    "units": (
        "unit,kind,class,parent,name_zh,name_en,from",
        "u-1,支部,一线,plant,一队,Team 1,2025-01-01",
    ),
    "roster": (
        "member,standing,from,branch,group,name_zh,phone",
        "m-1,正式党员,2025-01-01,u-1,u-1-g1,王建国,13800138000",
    ),
    "assignments": ("member,role,unit,post,from,of", "m-1,支委,u-1,组织委员,2025-01-01,m-2 m-3"),
    "panels": (
        "panel,branch,from,to,member,kind,chair",
        "pa-1,u-1,2025-01-01,2026-01-01,m-1,党员代表,是",
        "pa-1,u-1,2025-01-01,2026-01-01,m-2,党员代表,",
        "pa-1,u-1,2025-01-01,2026-01-01,s-3,群众代表,",
    ),
    "absences": ("member,kind,from,to", "m-1,病假,2025-01-01,2025-01-05"),
    "attendance": ("holder,item,period,required,done", "m-1,B01,2025-01,3,2"),
    "opening": (
        "holder,item,date,deed,count,points,preliminary_by,deciders,verified_on",
        "m-1,D03,2025-01-09,photo-1,1,0.5,m-9,m-2 m-3,2025-01-12",
    ),
}


def terms(kind: str, sha256: str = FILE, **more: Any) -> Terms:
    return Terms(sha256, kind, "urn:jifen:source:hr", "plant", **({"history": True} | more))


def prepared(kind: str, *, rows: str | None = None, **more: Any) -> Prepared:
    head, *sample = SAMPLES[kind]
    lines = sample if rows is None else rows.splitlines()
    numbered = [(number, line.split(",")) for number, line in enumerate(lines, start=2)]
    return prepare(KINDS[kind], terms(kind, **more), head.split(","), numbered)


def events(kind: str, rows: str | None = None, **more: Any) -> Sequence[Any]:
    return [draft.event(terms(kind, **more)) for draft in prepared(kind, rows=rows, **more).good]


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_gives_events_that_ingest_takes_with_the_hash_of_the_file(kind: str) -> None:
    found = prepared(kind)

    assert (found.problems, len(found.good) > 0) == ((), True)
    assert {one["correlationid"] for one in events(kind)} == {f"file:sha256:{FILE}"}


def test_every_kind_has_a_sample() -> None:
    assert SAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_same_file_gives_the_same_events_and_another_file_others(kind: str) -> None:
    ids = [one["id"] for one in events(kind)]

    assert events(kind) == events(kind)
    assert len(set(ids)) == len(ids)
    assert not {one["id"] for one in events(kind, sha256=OTHER_FILE)} & set(ids)


def test_the_same_deed_in_another_file_is_the_same_claim() -> None:
    claims = [
        {one["data"]["claim"] for one in events(kind, sha256=sha)}
        for kind in ("attendance", "opening")
        for sha in (FILE, OTHER_FILE)
    ]

    assert (claims[0], claims[2]) == (claims[1], claims[3])


def test_names_and_phones_go_to_the_directory_and_into_no_event() -> None:
    sent = json.dumps(events("roster"), ensure_ascii=False)

    assert prepared("roster").people == (
        ("m-1", {"name_zh": "王建国", "name_en": "王建国", "phone": "13800138000"}),
    )
    assert ("王建国" in sent, "13800138000" in sent) == (False, False)


def test_a_document_is_named_where_the_contract_has_a_place_for_it() -> None:
    (absence,), (fact,) = events("absences"), events("attendance")
    earned = events("opening")[0]

    assert absence["data"]["basis"] == earned["data"]["basis"] == {"sha256": FILE}
    assert fact["data"]["evidence"] == [{"sha256": FILE, "kind": "sign_in"}]


def test_a_base_fact_has_the_deed_of_its_period_and_ends_with_it() -> None:
    (fact,) = events("attendance")

    assert (fact["data"]["deed"], fact["time"]) == ("b01-2025-01", "2025-01-31T23:59:00+08:00")
    assert fact["data"]["measure"] == {"member": {"required": 3, "excused": 0, "done": 2}}


def test_an_opening_balance_is_a_claim_with_its_two_decisions_each_recorded_on_its_day() -> None:
    sent = events("opening")

    assert [(one["type"], one["data"].get("stage"), one["recordedtime"]) for one in sent] == [
        ("jifen.points.earned.v1", None, "2025-01-09T15:59:00.000Z"),
        ("jifen.points.reviewed.v1", "preliminary", "2025-01-12T15:59:00.000Z"),
        ("jifen.points.reviewed.v1", "verified", "2025-01-12T15:59:00.000Z"),
    ]
    assert sent[0]["data"]["points"] == {"member": "0.5"}
    assert sent[2]["data"]["deciders"] == ["m-2", "m-3"]


def test_past_deeds_go_in_the_order_of_their_days() -> None:
    rows = (
        "m-1,D03,2025-02-09,photo-2,1,0.5,m-9,m-2 m-3,2025-02-12\n"
        "m-1,D03,2025-01-09,photo-1,1,0.5,m-9,m-2 m-3,2025-01-12"
    )

    times = [draft.time for draft in prepared("opening", rows=rows).good]

    assert (times, len(times)) == (sorted(times), 6)


def test_a_live_import_leaves_the_recorded_time_to_ingest() -> None:
    assert [one.get("recordedtime") for one in events("attendance", history=False)] == [None]


@pytest.mark.parametrize(
    ("kind", "rows", "complaint"),
    [
        ("units", "u-1,支部,一线,plant,电话13800138000,x,2025-01-01", (2, "name_zh")),
        ("roster", "m-1,正式,2025-01-01,,,,\nm-1,正式,2025-01-01,,,,", (3, "member")),
        ("panels", "pa-1,u-1,2025-01-01,2026-01-01,m-1,支委,是", (2, "members")),
        ("panels", "\n".join(SAMPLES["panels"][1:]).replace("是", ""), (2, "chair")),
        ("opening", "m-1,D03,,photo-1,1,,m-9,m-2 m-3,2025-01-12", (2, "date")),
        ("opening", "m-1,D03,2025-01-09,,1,,m-9,m-2 m-3,2025-01-12", (2, "deed")),
        ("opening", "m-1,D03,2025-01-09,d-1,,,m-9,m-2 m-3,2025-01-12", (2, "count")),
        ("opening", "m-1,D03,2025-01-09,d-1,1,,m-2,m-2 m-3,2025-01-12", (2, "deciders")),
    ],
)
def test_what_no_single_cell_tells_is_found_before_anything_is_sent(
    kind: str, rows: str, complaint: tuple[int, str]
) -> None:
    found = prepared(kind, rows=rows)

    assert [(one.row, one.column) for one in found.problems] == [complaint]
    assert complaint[0] not in {draft.row for draft in found.good}


def test_a_panel_is_sent_whole_or_not_at_all() -> None:
    whole = "\n".join(SAMPLES["panels"][1:])
    other = whole.replace("pa-1", "pa-2").replace("u-1", "u-2").replace("s-3", "王建国")

    found = prepared("panels", rows=f"{other}\n{whole}")

    assert [one.row for one in found.problems] == [4]
    assert [(one.subject, len(one.data["members"])) for one in found.good] == [("u-1", 3)]


def test_the_good_rows_of_a_file_are_the_same_events_as_in_the_mended_one() -> None:
    good = "m-1,B01,2025-01,3,2"
    bad = f"{good}\nm-2,B01,2025-01,3,x"

    assert events("attendance", rows=bad) == events("attendance", rows=good)


def test_a_record_becomes_the_event_its_producer_sent() -> None:
    payload = build.earned("c-1")
    _, (record,) = folded([payload])

    event = event_of(json.loads(record.bytes), "plant")

    assert event == {
        key: value
        for key, value in json.loads(payload).items()
        if key not in ("authid", "nonce", "importedtime", "privatehash")
    }
    with pytest.raises(NoRecord, match="import it into that one"):
        event_of(json.loads(record.bytes), "another")


def test_a_line_that_is_no_record_is_told() -> None:
    with pytest.raises(NoRecord):
        event_of({"id": "e-1"}, "plant")

"""The demo's year before any server sees it: the same for a seed, plausible, and without gaps."""

from collections import Counter
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from jifen_contracts.codes import Code
from jifen_contracts.points import parse_points
from jifen_contracts.scheme.calendar import WorkingDays
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.lint import lint
from jifen_local.demo.messages import Message
from jifen_local.demo.personnel import EFFECTIVE_FROM
from jifen_local.demo.rules import Rules
from jifen_local.demo.workdays import WORKING
from jifen_local.demo.year import Year, build_year
from tests.local.years import OTHER_SEED, SEED, year_of

# What rests on events that no stream can hold yet: self-assessments and concerns.
RESTING_ON_RECORDS = {"B04", "D02"}
REFUSED_AT_DOOR = {
    "in_future",
    "malformed",
    "personal_data",
    "points_precision",
    "schema_invalid",
    "scheme_not_allowed",
    "source_not_allowed",
    "type_not_allowed",
    "unauthorised",
    "unknown_type",
}
EVENTS_MIN, EVENTS_MAX = 50_000, 100_000


@pytest.fixture(scope="module")
def year() -> Year:
    return year_of()


@pytest.fixture(scope="module")
def sound(year: Year) -> list[Message]:
    """What is neither refused nor a repetition."""
    return [
        message
        for message in year.messages
        if message.door is None and message.fold is None and not message.resent
    ]


def _data(message: Message) -> dict[str, Any]:
    data = message.event["data"]
    assert isinstance(data, dict)
    return data


def _fingerprint(year: Year) -> str:
    return sha256(b"\n".join(message.body for message in year.messages)).hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(year: Year) -> None:
    other = year_of(OTHER_SEED)

    assert _fingerprint(build_year(SEED)) == _fingerprint(year) != _fingerprint(other)


def test_the_year_has_between_fifty_and_a_hundred_thousand_events(year: Year) -> None:
    assert EVENTS_MIN <= len(year.messages) <= EVENTS_MAX


def test_the_days_are_in_order_and_every_message_is_sent_on_its_own(year: Year) -> None:
    days = [day.on for day in year.days]
    strays = [one for day in year.days for one in day.messages if one.moment.day != day.on]

    assert (days, strays) == (sorted(set(days)), [])


def test_every_item_of_the_scheme_is_claimed_and_verified(sound: list[Message]) -> None:
    claims = {}
    verified = set()
    for message in sound:
        data = _data(message)
        if b'"jifen.points.earned.v1"' in message.body:
            claims[data["claim"]] = data["item"]
        elif data.get("stage") == "verified" and data["decision"] == "accept":
            verified.add(claims[data["claim"]])
    items = {item["code"] for item in Rules().document["items"]}

    assert verified == items - RESTING_ON_RECORDS


def test_nobody_reviews_a_claim_that_has_not_arrived(sound: list[Message]) -> None:
    arrived: set[str] = set()
    early = []
    for message in sound:
        claim = _data(message).get("claim", "")
        if b'"jifen.points.earned.v1"' in message.body:
            arrived.add(claim)
        elif claim and claim not in arrived:
            early.append(message)

    assert early == []


def test_base_facts_of_a_month_are_decided_in_time(sound: list[Message]) -> None:
    rules = Rules()
    days = WorkingDays(WORKING.days_off, WORKING.days_on)
    late = []
    filed: dict[str, date] = {}
    for message in sound:
        data = _data(message)
        claim = data.get("claim", "")
        if b'"jifen.points.earned.v1"' in message.body:
            filed.setdefault(claim, message.moment.day)
        elif message.desk == "review-desk" and claim[:3] in {"b01", "b02", "b03", "a01", "a02"}:
            deed_month = f"2025-{claim[6:8]}"
            in_time = filed[claim] <= days.claims_deadline(deed_month)
            due = {
                "preliminary": days.preliminary_deadline(deed_month),
                "verified": days.verify_deadline(deed_month),
            }
            stage = data.get("stage")
            replaced = claim.endswith("-2")
            if stage and in_time and not replaced and message.moment.day > due[stage]:
                late.append(message)

    assert (late, rules.confirm("B01")) == ([], "panel")


def test_people_decide_on_working_days_only(sound: list[Message]) -> None:
    decided = {one.moment.day for one in sound if b'"jifen.points.reviewed.v1"' in one.body}

    assert [day for day in sorted(decided) if not WORKING.is_working(day)] == []


def test_every_refusal_at_the_door_is_foreseen(year: Year) -> None:
    assert set(year.refused_at_the_door()) == REFUSED_AT_DOOR


def test_refusals_of_the_fold_carry_codes_of_the_contracts(year: Year) -> None:
    foreseen = year.refused_by_the_fold()

    assert (foreseen.keys() - set(Code), len(foreseen) > 40) == (set(), True)


def test_a_resend_repeats_bytes_that_were_sent_before(year: Year) -> None:
    sent: set[bytes] = set()
    strange = []
    for message in year.messages:
        if message.resent and message.body not in sent:
            strange.append(message)
        sent.add(message.body)

    assert (strange, sum(one.resent for one in year.messages)) == ([], 210)


def test_only_a_resend_or_a_conflict_uses_an_id_again(year: Year) -> None:
    ids = Counter(
        (one.event["source"], one.event["id"])
        for one in year.messages
        if one.door is None and not one.resent and one.fold != "conflicting_duplicate"
    )

    assert [key for key, times in ids.items() if times > 1] == []


def test_no_two_people_have_the_same_name(year: Year) -> None:
    people = year.world.people.values()
    names = {person.name_zh for person in people}

    assert (len(names), all(person.name_en.isprintable() for person in people)) == (
        len(year.world.people),
        True,
    )


def test_names_of_people_enter_no_event(year: Year) -> None:
    names = [person.name_zh.encode() for person in year.world.people.values()]
    bodies = b"\n".join(
        one.body for one in year.messages if b'"jifen.scheme.published.v1"' not in one.body
    )

    assert [name.decode() for name in names if name in bodies] == []


def test_the_plant_has_twelve_branches_and_sixty_committee_members(year: Year) -> None:
    world = year.world
    last_day = date(2025, 12, 31)
    committee = [one for one in world.people if world.post(one, last_day) is not None]

    assert (len(world.branches), len(committee)) == (12, 60)


def test_the_published_scheme_passes_lint() -> None:
    document = SchemeDocument.model_validate(Rules().document)

    assert lint(document, EFFECTIVE_FROM, ()) == ()


def test_some_people_send_more_snap_reports_than_the_cap_lets_count(sound: list[Message]) -> None:
    reports = Counter(
        (one.event["subject"], one.moment.day.month)
        for one in sound
        if _data(one).get("item") == "D03" and _data(one).get("by") is None
    )
    cap, value = parse_points("1.5"), parse_points("0.5")

    assert any(number * value > cap for number in reports.values())

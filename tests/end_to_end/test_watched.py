"""What an operator sees of both services at work: metrics, log lines, one trace through both."""

from collections.abc import AsyncIterator
from typing import Any

import nats
import orjson
import psycopg
import pytest
import pytest_asyncio

from jifen_contracts.subjects import stream_of, subject_of
from jifen_local.nats_users import inbox_prefix_of
from tests.end_to_end.plant import NDJSON, STRUCTURED, founding
from tests.end_to_end.watching import SCHEME, Watched, watched
from tests.support import builders as build
from tests.support.people import ANNA
from tests.support.servers import libpq_url

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST, SECOND = "a1" * 16, "c3" * 16
CALLER, PRODUCER = "b2" * 8, "d4" * 8
OF_CALLER = f"00-{FIRST}-{CALLER}-01"
OF_PRODUCER = f"00-{SECOND}-{PRODUCER}-01"
FOUNDED = founding()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    """The small world, then a deed claimed twice, an event sent twice with two contents, and a
    message that somebody put past ingest."""
    async with watched(tmp_path_factory.mktemp("watched")) as found:
        plant = found.plant
        await plant.accepted([*FOUNDED, *build.decided(build.earned("c-1", id="e-1"))])
        await plant.accepted([build.earned("c-2", deed="deed-c-1"), build.earned("c-3", id="e-1")])
        await plant.send_one(FOUNDED[0], sender="past")
        await plant.send(b'{"type": "gift"}', token=plant.tokens.send["past"])
        await publish_past_ingest(found, b"not an event")
        await plant.caught_up()
        yield found


async def publish_past_ingest(found: Watched, payload: bytes) -> None:
    user = inbox_prefix_of("ingest").encode()
    client = await nats.connect(found.stack.nats_url("ingest"), inbox_prefix=user)
    await client.jetstream().publish(subject_of(SCHEME, "m-x", "jifen.points.earned.v1"), payload)
    await client.close()


async def test_a_scrape_after_a_load_shows_every_invariant(watch: Watched) -> None:
    accepted, records = len(FOUNDED) + 5, len(FOUNDED) + 6

    async def look() -> dict[str, Any]:
        ingest, ledger = await watch.scrapes()
        return (
            {
                "accepted": ingest.value("jifen_ingest_accepted_total", duplicate="false"),
                "resent": ingest.value("jifen_ingest_accepted_total", duplicate="true"),
                "refused": ingest.total("jifen_ingest_refused_total"),
                "grouped": ingest.value("jifen_ingest_group_events_sum"),
                "connected": ingest.value("jifen_ingest_connected"),
                "recorded": ledger.total("jifen_ledger_outcomes_total", scheme=SCHEME),
                "refused by the rules": {
                    code: ledger.value("jifen_ledger_refused_total", scheme=SCHEME, code=code)
                    for code in (
                        "duplicate_deed",
                        "conflicting_duplicate",
                        "malformed",
                        "too_large",
                    )
                },
                "no events": ledger.value(
                    "jifen_log_refused_messages_total", scheme=SCHEME, code="malformed"
                ),
                "batched": ledger.value("jifen_ledger_batch_events_sum", scheme=SCHEME),
                "halted": ledger.total("jifen_log_halted"),
                "halts told": ledger.value(
                    "jifen_log_halted", scheme=SCHEME, part="projection", reason=""
                ),
            }
            | {
                name: ledger.value(f"jifen_{name}", scheme=SCHEME)
                for name in (
                    "ledger_records",
                    "ledger_lag",
                    "ledger_alarms",
                    "ledger_waiting",
                    "ledger_unbalanced_accounts",
                    "ledger_missing_records",
                    "ledger_missing_messages",
                    "log_recorded_size",
                    "log_signed_size",
                    "log_published_size",
                    "log_unpublished_age_seconds",
                    "log_projection_lag_seconds",
                    "log_ready",
                )
            }
            | {
                f"sum of {unit}": ledger.value(
                    "jifen_ledger_trial_balance_points", scheme=SCHEME, unit=unit
                )
                for unit in ("pt", "inc")
            }
        )

    wanted = {
        "accepted": accepted,
        "resent": 1,
        "refused": 1,
        "grouped": accepted,
        "connected": 1,
        "recorded": records,
        "refused by the rules": {
            "duplicate_deed": 1,
            "conflicting_duplicate": 1,
            "malformed": 1,
            "too_large": 0,
        },
        "no events": 1,
        "batched": records,
        "halted": 0,
        "halts told": 0,
        "ledger_records": records,
        "ledger_lag": 0,
        "ledger_alarms": 2,
        "ledger_waiting": 0,
        "ledger_unbalanced_accounts": 0,
        "ledger_missing_records": 0,
        "ledger_missing_messages": 0,
        "log_recorded_size": records,
        "log_signed_size": records,
        "log_published_size": records,
        "log_unpublished_age_seconds": 0,
        "log_projection_lag_seconds": 0,
        "log_ready": 1,
        "sum of pt": 0,
        "sum of inc": 0,
    }
    assert await watch.seen(look, wanted) == wanted


async def test_labels_are_few_and_name_nobody(watch: Watched) -> None:
    found: dict[str, set[str]] = {}
    for scrape in await watch.scrapes():
        for label, values in scrape.labels().items():
            found.setdefault(label, set()).update(values)

    members = {str(orjson.loads(one)["subject"]) for one in FOUNDED} - {"plant"}
    assert found.keys() <= {
        *("scheme", "code", "status", "unit", "part", "reason", "route", "door", "duplicate"),
        *("stored", "generation", "witness", "le"),
    }
    assert found["scheme"] == {SCHEME}
    assert members.isdisjoint(set().union(*found.values()))


async def test_one_trace_leads_from_the_upstream_through_both_services(watch: Watched) -> None:
    plant, claims = watch.plant, [build.earned("c-t1"), build.earned("c-t2")]
    sent = [plant.sent(one) for one in claims]
    sent[1]["traceparent"] = OF_PRODUCER

    answer = await watch.send(b"\n".join(map(orjson.dumps, sent)), NDJSON, OF_CALLER)
    first, second = [one["seq"] for one in answer["results"]]
    collector = watch.collector

    # Each service sends its spans when it has time to.
    spans = [("record event", FIRST), ("record event", SECOND)]
    spans += [("accept request", FIRST), ("accept event", SECOND)]

    async def look() -> list[int]:
        return [len(collector.named(name, trace)) for name, trace in spans]

    await watch.seen(look, [1, 1, 1, 1])
    [request] = collector.named("accept request", FIRST)
    [accepting] = collector.named("accept event", SECOND)
    [recorded] = collector.named("record event", FIRST)
    [other] = collector.named("record event", SECOND)
    batches = {one.id: one.parent for one in collector.spans if one.name == "project batch"}
    assert [(one.service, one.parent) for one in (request, accepting, recorded, other)] == [
        ("jifen-ingest", CALLER),
        ("jifen-ingest", PRODUCER),
        ("jifen-ledger", request.id),
        ("jifen-ledger", accepting.id),
    ]
    assert accepting.links == (request.id,)
    # Two events that were sent together are usually projected together, but need not be.
    assert {batches[one] for one in (*recorded.links, *other.links)} <= {request.id, accepting.id}
    assert [
        (one.attributes["jifen.seq"], one.attributes["cloudevents.event_id"])
        for one in (recorded, other)
    ] == [(first, sent[0]["id"]), (second, sent[1]["id"])]
    stored = [orjson.loads((await plant.message(seq)).data or b"") for seq in (first, second)]
    assert [one["traceparent"] for one in stored] == [OF_CALLER, OF_PRODUCER]


async def test_a_span_says_nothing_of_whom_and_what_an_event_is_about(watch: Watched) -> None:
    said = "".join(f"{one.name} {one.attributes}" for one in watch.collector.spans)

    assert "e-" in said
    assert ANNA not in said


async def test_a_line_of_the_log_leads_to_its_event_and_trace(watch: Watched) -> None:
    plant = watch.plant
    gift = plant.sent(build.earned("c-gift", id="e-gift")) | {"type": "jifen.points.gifted.v1"}
    gift["data"]["private"] = {"text": "whispered"}
    conflict = plant.sent(build.earned("c-other", id="e-1")) | {"traceparent": OF_PRODUCER}
    for event in (gift, conflict):
        await watch.send(orjson.dumps(event), STRUCTURED, OF_CALLER)
    await plant.caught_up()

    ids = ("scheme", "event_id", "source", "code", "trace_id")
    refused = [[line.get(name) for name in ids] for line in watch.lines("ingest", "event_refused")]
    alarms = [[line.get(name) for name in ids] for line in watch.lines("ledger", "record_alarm")]
    source = gift["source"]
    assert [SCHEME, "e-gift", source, "unknown_type", FIRST] in refused
    assert [SCHEME, "e-1", source, "conflicting_duplicate", SECOND] in alarms
    assert [SCHEME, None, None, "malformed", None] in alarms
    for service in ("ingest", "ledger"):
        assert b"whispered" not in (watch.logs / f"{service}.log").read_bytes()


# The last one: it breaks what the others find whole.
async def test_what_is_changed_by_hand_shows_in_the_metrics(watch: Watched) -> None:
    with psycopg.connect(libpq_url(watch.stack.postgres_url), autocommit=True) as connection:
        # The way past the triggers, which only the database's owner has.
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE balance SET tenths = tenths + 15 WHERE scheme = %s AND account = 'issue:D03'",
            [SCHEME],
        )
        connection.execute("DELETE FROM record WHERE scheme = %s AND seq = 2", [SCHEME])
    user = inbox_prefix_of("operator").encode()
    client = await nats.connect(watch.stack.nats_url("operator"), inbox_prefix=user)
    await client.jetstream().delete_msg(stream_of(SCHEME), 3)
    await client.close()

    async def look() -> list[float | None]:
        _, ledger = await watch.scrapes()
        return [
            ledger.value("jifen_ledger_trial_balance_points", scheme=SCHEME, unit="pt"),
            ledger.value("jifen_ledger_trial_balance_points", scheme=SCHEME, unit="inc"),
            ledger.value("jifen_ledger_unbalanced_accounts", scheme=SCHEME),
            ledger.value("jifen_ledger_missing_records", scheme=SCHEME),
            ledger.value("jifen_ledger_missing_messages", scheme=SCHEME),
        ]

    wanted = [1.5, 0, 1, 1, 1]
    assert await watch.seen(look, wanted) == wanted
    last = watch.lines("ledger", "invariants_broken")[-1]
    assert (last["sums"], last["missing_records"], last["missing_messages"]) == ({"pt": 15}, 1, 1)

"""The report on erasures tells what is left of a person, and an older stream is emptied again."""

from pathlib import Path

from jifen_contracts.subjects import private_stream_of
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.erasure_orders import PostgresErasureOrders
from jifen_ledger.adapters.stream import NatsPrivateStream
from jifen_ledger.application.check_erasures import Erasures, check_erasures
from tests.integration.private_world import PrivateWorld, private_world
from tests.integration.reading import project, reading
from tests.support import builders as build
from tests.support.judgements import erased
from tests.support.people import ANNA, BRANCH_X, SCHEME
from tests.support.plots import TWIN
from tests.support.private_parts import with_part
from tests.support.stored import sha

PHOTO = b"\x89PNG\r\n\x1a\nphoto"


async def looked(world: PrivateWorld, *, again: bool = False) -> Erasures:
    engine = async_engine(world.database_url, connections_max=1)
    orders = PostgresErasureOrders(engine)
    try:
        if again:
            await orders.again(SCHEME)
        return await check_erasures(SCHEME, orders, NatsPrivateStream(world.client), world.evidence)
    finally:
        await engine.dispose()


async def test_the_report_tells_what_is_left_until_all_is_gone(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    async with private_world(nats_url, database_url) as world:
        photo = await world.keep_file(PHOTO)
        anna, anna_part = with_part(
            build.earned("c-anna", evidence=[{"kind": "photo", "sha256": photo}]), {"text": "安"}
        )
        history = [
            *build.world(),
            build.enrolled(TWIN),
            build.assigned(TWIN, "member", BRANCH_X),
            build.enrolled(ANNA, same_as=TWIN, recorded="2023-08-01"),
            anna,
            erased(ANNA),
        ]
        await world.keep([anna_part])
        async with reading(database_url, tmp_path, history[:-1]) as ask:
            await ask.name(TWIN, "安", "Anna")
            await world.copy()
            await project(database_url, history)
            ordered = await looked(world)
            await world.copy()
            carried_out = await looked(world)
        # As if the broker came back from an older copy, with nothing new since.
        await world.client.jetstream().delete_stream(private_stream_of(SCHEME))
        await world.make_streams()
        await world.keep([anna_part])
        await world.keep_file(PHOTO)
        await world.copy()
        restored = await looked(world)
        asked = await looked(world, again=True)
        await world.copy()
        emptied = await looked(world)

    [one] = ordered.orders
    assert (one.order.seq, one.order.member, one.order.ids) == (len(history), ANNA, [ANNA, TWIN])
    assert one.order.basis == sha("request")
    # The rows go with the record; the stream and the files a moment later.
    assert (one.order.names, one.order.parts, one.messages) == (0, 0, 1)
    assert (ordered.files, one.order.carried_out, ordered.done) == ([photo], False, False)
    assert carried_out.done
    assert (restored.orders[0].messages, restored.files, restored.done) == (1, [photo], False)
    assert (asked.orders[0].order.carried_out, emptied.done) == (False, True)

"""`jifen-ledger erasures`: what became of every order to erase a person."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.connecting import connected_soon
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.erasure_orders import PostgresErasureOrders
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.stream import NatsPrivateStream
from jifen_ledger.application.check_erasures import Erasures, Looked, check_erasures
from jifen_ledger.application.stopped import Halted
from jifen_ledger.settings import ServersSettings, secret_of

ABOUT = """\
Looks for what may be left of persons whose erasure was ordered: names in the directory, private
parts, their messages in the stream, files that nobody else uses. docs/erasure.md says more.

Exit status: 0 nothing is left; 1 an order is not carried out yet, or something is there."""


def fill_erasures(parser: argparse.ArgumentParser, scheme_id: Callable[[str], str]) -> None:
    """Add what the command takes; `scheme_id` checks an id."""
    parser.description = ABOUT
    parser.add_argument("scheme", metavar="SCHEME", type=scheme_id, help="such as plant-2")
    parser.add_argument(
        "--again", action="store_true",
        help="let the running ledger carry out every order once more, as after a restore",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="say it as JSON")


async def tell_erasures(options: argparse.Namespace, settings: ServersSettings) -> int:
    """Print each order and what is left. Raises CommandFailed."""
    password = secret_of(settings.nats_password)
    engine = async_engine(settings.database_url.get_secret_value(), connections_max=1)
    orders = PostgresErasureOrders(engine)
    try:
        if options.again:
            await orders.again(options.scheme)
        async with connected_soon(settings.nats_url, settings.nats_user, password) as client:
            found = await check_erasures(
                options.scheme,
                orders,
                NatsPrivateStream(client),
                NatsEvidence(client),
            )
    except Halted as halted:
        raise CommandFailed(str(halted)) from None
    finally:
        await engine.dispose()
    if options.json:
        sys.stdout.write(json.dumps(_object(found), indent=2, sort_keys=True) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(found))
    return 0 if found.done else 1


def _lines(found: Erasures) -> Iterator[str]:
    for one in found.orders:
        order = one.order
        done = "carried out" if order.carried_out else "not carried out yet"
        others = f" (also {', '.join(also)})" if (also := _other_ids(one)) else ""
        yield (
            f"{order.member}{others}: record {order.seq} of {order.recorded_at}, basis"
            f" {order.basis}: {done}; left: {_left(one)}"
        )
    for file in found.files:
        yield f"file {file} of nobody else is still there"
    orders = f"{len(found.orders)} orders"
    yield f"{orders}: nothing is left" if found.done else f"{orders}: something is left"


def _left(one: Looked) -> str:
    counted = (
        (one.order.names, "names in the directory"),
        (one.order.parts, "private parts"),
        (one.messages, "messages of the private stream"),
    )
    return ", ".join(f"{number} {what}" for number, what in counted if number) or "nothing"


def _other_ids(one: Looked) -> list[str]:
    return [id_ for id_ in one.order.ids if id_ != one.order.member]


def _object(found: Erasures) -> dict[str, Any]:
    return {
        "done": found.done,
        "files_left": list(found.files),
        "orders": [
            {**one.order._asdict(), "messages": one.messages, "done": one.done}
            for one in found.orders
        ],
    }

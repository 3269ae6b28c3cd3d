"""Looks after every order to erase a person: carried out, and nothing left that names them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from jifen_ledger.application.evidence import File


class Order(NamedTuple):
    """An order in the log, all ids of the person, and the rows that are still there of them."""

    seq: int
    member: str
    recorded_at: str
    # The hash of the document that asked for it.
    basis: str
    carried_out: bool
    ids: Sequence[str]
    names: int
    parts: int


class Orders(Protocol):
    """What the tables know; everything may raise Unavailable."""

    async def orders(self, scheme: str) -> Sequence[Order]:
        """Return the orders, the first one first."""

    async def of_erased_alone(self, scheme: str) -> Collection[str]:
        """Return the files that only persons use who were erased."""


class PrivateMessages(Protocol):
    """The stream of private parts."""

    async def count(self, scheme: str, person: str) -> int:
        """Return how many messages there are of the person. Raises Unavailable, Stopped."""


class Files(Protocol):
    """The store of evidence files."""

    async def find(self, scheme: str, file: str) -> File | None:
        """Return what is known of a file, None where it is not. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Looked:
    """An order, and how many messages of the person the private stream still has."""

    order: Order
    messages: int

    @property
    def done(self) -> bool:
        """Whether it was carried out and nothing is left."""
        order = self.order
        return order.carried_out and not (order.names or order.parts or self.messages)


@dataclass(frozen=True, slots=True)
class Erasures:
    """All orders, and the files that only erased persons used and that are still there."""

    orders: Sequence[Looked]
    files: Sequence[str]

    @property
    def done(self) -> bool:
        """Whether nothing is left of anybody."""
        return not self.files and all(one.done for one in self.orders)


async def check_erasures(
    scheme: str, orders: Orders, messages: PrivateMessages, files: Files
) -> Erasures:
    """Return what became of each order. Raises Unavailable, Stopped."""
    looked = [
        Looked(order, sum([await messages.count(scheme, one) for one in order.ids]))
        for order in await orders.orders(scheme)
    ]
    used = sorted(await orders.of_erased_alone(scheme))
    left = [file for file in used if await files.find(scheme, file) is not None]
    return Erasures(looked, left)

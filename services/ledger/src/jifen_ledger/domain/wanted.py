"""The keys that a batch will ask the state for and that it does not know yet."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import Table

Needs = dict[str, set[Hashable]]


class Wanted:
    """Collects the keys that the state does not know yet."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.keys: Needs = {}

    def want(self, table: Table[Any, Any], key: Hashable) -> None:
        if not table.knows(key):
            self.keys.setdefault(table.name, set()).add(key)

    def want_all(self, table: Table[Any, Any], keys: Iterable[Hashable]) -> None:
        for key in keys:
            self.want(table, key)

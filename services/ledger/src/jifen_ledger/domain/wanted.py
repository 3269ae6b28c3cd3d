"""The keys that a batch will ask the state for and that it does not know yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any

from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import Table

Needs = dict[str, set[Hashable]]


class Wanted:
    """Collects keys, most of them again and again, and tells which the state does not know yet."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._keys: Needs = defaultdict(set)

    def want(self, table: Table[Any, Any], key: Hashable) -> None:
        self._keys[table.name].add(key)

    def want_all(self, table: Table[Any, Any], keys: Iterable[Hashable]) -> None:
        self._keys[table.name].update(keys)

    def unknown(self) -> Needs:
        """Return the keys by table that are wanted and not known."""
        tables = {name: getattr(self._state, name) for name in self._keys}
        unknown = {name: table.unknown(self._keys[name]) for name, table in tables.items()}
        return {name: keys for name, keys in unknown.items() if keys}

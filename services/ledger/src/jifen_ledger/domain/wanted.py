"""The keys that a batch will ask the state for and that it does not know yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, Final

from jifen_ledger.domain.table import Table

Needs = dict[str, set[Hashable]]

# The tables whose rows name further keys: whoever wants one may want more once it is loaded.
NAMING_OTHERS: Final = frozenset(
    {
        "members",
        "people_of",
        "claims",
        "holdings",
        "assessments_by",
        "adjustments_of",
        "objections",
        "objections_of",
        "redemptions",
        "concerns",
        "concern_parts",
        "concerns_merged",
        "resting_on",
    }
)


class Wanted:
    """Collects the keys that the state does not know yet; most are asked for again and again.

    `may_name_more` tells, once set, that a row was wanted which can name others and is not known,
    or is not there yet: a message before may make it.
    """

    def __init__(self) -> None:
        self._unknown: Needs = defaultdict(set)
        self.may_name_more = False
        # Stacks of claims are asked for by most decisions, and few hold any other claim.
        self.stacks: dict[tuple[str, str], set[str]] = {}

    def want(self, table: Table[Any, Any], key: Hashable) -> None:
        if not table.knows(key):
            self._unknown[table.name].add(key)
            if table.name in NAMING_OTHERS:
                self.may_name_more = True
        elif table.absent is None and table.name in NAMING_OTHERS and table.get(key) is None:
            self.may_name_more = True

    def want_new(self, table: Table[Any, Any], key: Hashable) -> None:
        """Want a row that should not be there yet: nothing is asked of it but whether it is."""
        if not table.knows(key):
            self._unknown[table.name].add(key)

    def want_stack(
        self, table: Table[Any, Any], key: tuple[str, str], capacities: Iterable[str]
    ) -> None:
        """Want a stack of claims that is not known, to be asked for these capacities."""
        self._unknown[table.name].add(key)
        self.stacks.setdefault(key, set()).update(capacities)

    def want_all(self, table: Table[Any, Any], keys: Iterable[Hashable]) -> None:
        for key in keys:
            self.want(table, key)

    def unknown(self) -> Needs:
        """Return the keys by table that are wanted and not known."""
        return self._unknown

"""The fold's state: the part of the ledger that a batch touches."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from jifen_ledger.domain.changes import Changed, Changes, FirstSeen
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.claim_steps import steps_tell
from jifen_ledger.domain.kept import KEPT_TABLES, REGISTERS, Kept, KeptTables, value_of
from jifen_ledger.domain.registers import Member, Panel, Split, Unit, UnitState, Version
from jifen_ledger.domain.score import NO_FIGURES, Figures
from jifen_ledger.domain.table import Table, Undo, append, remove
from jifen_ledger.domain.tally import NO_TALLY, Tally

V = TypeVar("V")

# tlog.md §2.2: the stamp of a message without event that comes before every event.
BEFORE_THE_FIRST = "1970-01-01T00:00:00.000Z"


class State(KeptTables):
    """Everything the fold of one scheme may look at.

    `units` and `versions` are always whole. The other tables are loaded by key, or whole in a
    replay from the beginning (`State.empty`). `size` is the seq of the last record, `recorded_at`
    its stamp, `live_from` the seq of the first event that was no import.
    """

    def __init__(self, scheme: str, *, complete: bool) -> None:
        """Start at size 0."""
        self.scheme = scheme
        self.size = 0
        self.recorded_at = BEFORE_THE_FIRST
        self.live_from: int | None = None
        self.versions: tuple[Version, ...] = ()
        self.undo = undo = Undo()
        super().__init__(undo, complete=complete)
        self.changes = Changes()
        self.units: Table[str, Unit | None] = Table("units", None, undo, complete=True)
        # The last event that registered a unit.
        self.units_seq = 0
        # The scheme's id is its root unit's (domain.md §2.1), registered or not.
        self.units.put(scheme, Unit(scheme, (implicit_root(scheme),)))

        def table(name: str, absent: V) -> Table[Any, V]:
            return Table(name, absent, undo, complete=complete)

        none: Any = None
        ids: tuple[str, ...] = ()
        self.first_seen: Table[tuple[str, str], FirstSeen | None] = table("first_seen", none)
        self.members: Table[str, Member | None] = table("members", none)
        # Assignment ids are unique in the scheme: the table tells who bears one.
        self.bearers: Table[str, str | None] = table("bearers", none)
        # unit -> the members who were ever assigned there, in whatever role, in stream order. Spans
        # and corrections are not looked at: the members' own time lines tell who is there when.
        self.people_of: Table[str, tuple[str, ...]] = table("people_of", ids)
        self.panels: Table[str, tuple[Panel, ...]] = table("panels", ())
        self.splits: Table[str, Split | None] = table("splits", none)
        # How many verified claims rest on a project's split.
        self.split_uses: Table[str, int] = table("split_uses", 0)
        self.claims: Table[str, Claim | None] = table("claims", none)
        # (holder, item, deed) -> ids of all claims.
        self.deeds: Table[tuple[str, str, str], tuple[str, ...]] = table("deeds", ids)
        # Of the deeds stated (`StatedDeed`): (item, deed) -> the first two holders,
        # (holder, item, day) -> the first two deeds; of the evidence used: sha256 -> the first two
        # deeds. Two are enough to know of another one.
        self.deed_holders: Table[tuple[str, str], tuple[str, ...]] = table("deed_holders", ids)
        self.day_deeds: Table[tuple[str, str, date], tuple[str, ...]] = table("day_deeds", ids)
        self.evidence: Table[str, tuple[str, ...]] = table("evidence", ids)
        # Live verified bonus claims: (holder, item, year) and (holder, stack key).
        self.counting: Table[tuple[str, str, str], tuple[str, ...]] = table("counting", ids)
        self.stacks: Table[tuple[str, str], tuple[str, ...]] = table("stacks", ids)
        # holder -> ids of all claims; only a join of two records asks for it.
        self.holdings: Table[str, tuple[str, ...]] = table("holdings", ids)
        # (branch, deed quarter) -> ids of all claims; a step of the quarter asks for it.
        self.quarter_claims: Table[tuple[str, str], tuple[str, ...]] = table("quarter_claims", ids)
        # (holder, capacity, deed quarter).
        self.figures: Table[tuple[str, str, str], Figures] = table("figures", NO_FIGURES)
        # holder -> the keys of all figures; only vetoes ask for it.
        self.figure_keys: Table[str, tuple[tuple[str, str, str], ...]] = table("figure_keys", ())
        # (branch, deed quarter).
        self.tallies: Table[tuple[str, str], Tally] = table("tallies", NO_TALLY)

    @classmethod
    def empty(cls, scheme: str) -> State:
        """Return the state before the first message, for a fold that keeps everything in memory."""
        return cls(scheme, complete=True)

    @property
    def rows(self) -> int:
        """How many keys are known in the tables that are loaded by key."""
        return sum(len(table) for table in self.loaded_tables() if not table.complete)

    def forget_first_looks(self) -> None:
        """Forget rows that an event asks for once, when it is new; they can be loaded again."""
        for table in (
            self.first_seen,
            self.bearers,
            self.deeds,
            self.deed_holders,
            self.day_deeds,
            self.evidence,
            self.quarter_claims,
            self.adjustments,
            self.adjustments_of,
            self.published_lines,
        ):
            table.clear()

    def forget(self) -> None:
        """Forget every row that is loaded by key; whoever goes on begins with a state anew.

        Tables and their rows refer to each other: without this a state that nobody needs would
        stay in memory until the collector looks for cycles, which it seldom does here.
        """
        for table in self.loaded_tables():
            table.clear()

    def put_unit(self, unit: Unit) -> None:
        """Set a unit's registrations."""
        self.units.put(unit.id, unit)
        self.units_seq = max(self.units_seq, unit.latest.seq)

    def take_changes(self) -> Changed:
        """Return what changed since the last call, as it is now, and start afresh."""
        taken, self.changes = self.changes, Changes()
        unseen = {table.name: table.changed_unseen for table in self.loaded_tables()}
        for table in self.loaded_tables():
            table.changed_unseen = set()
        claims = (self.claims.get(id_) for id_ in taken.claims)
        return Changed(
            rows=taken,
            claims=[claim for claim in claims if claim is not None],
            figures=[(key, self.figures.get(key)) for key in taken.figures],
            tallies=[(key, self.tallies.get(key)) for key in taken.tallies],
            versions=self.versions,
            unseen={name: keys for name, keys in unseen.items() if keys},
        )

    def keep(self, name: str, seq: int, row: object) -> None:
        """Put a row of a register in the place of the one its key had; the record `seq` says so.

        Whoever changes a row has read it before, so its key is known.
        """
        key = REGISTERS[name].key_of(row)
        self._keep(name, seq, row, key, getattr(self, name).get(key))

    def add(self, name: str, seq: int, row: object) -> None:
        """Put a row of a register whose key holds its record's seq: nothing can be there before."""
        self._keep(name, seq, row, REGISTERS[name].key_of(row), None)

    def withdraw(self, name: str, key: Any) -> None:  # noqa: ANN401 - as the register's
        """Take out a row that the record in hand has added."""
        table: Table[Any, Any] = getattr(self, name)
        row = table.take_out(key)
        for name_of_index, fields in REGISTERS[name].indexes.items():
            value = value_of(row, fields)
            if value is not None:
                remove(getattr(self, name_of_index), value, key)
        kept = self.changes.kept
        last = max(at for at, one in enumerate(kept) if (one.register, one.key) == (name, key))
        del kept[last]

    def _keep(self, name: str, seq: int, row: object, key: Any, before: object) -> None:  # noqa: ANN401
        table: Table[Any, Any] = getattr(self, name)
        table.put(key, row)
        for name_of_index, fields in REGISTERS[name].indexes.items():
            index: Table[Any, tuple[Any, ...]] = getattr(self, name_of_index)
            value = value_of(row, fields)
            earlier = None if before is None else value_of(before, fields)
            if earlier is not None and earlier != value:
                remove(index, earlier, key)
            if value is not None:
                append(index, value, key)
        self.changes.kept.append(Kept(name, key, seq, row))

    def set_claim(self, claim: Claim) -> None:
        """Replace a claim and mark it as changed; whoever does so has read it before."""
        before = self.claims.get(claim.id)
        if before is not None and not steps_tell(before, claim):
            self.changes.past.append((before, self.size + 1))
        self.claims.put(claim.id, claim)
        self.changes.claims[claim.id] = None

    def put_tally(self, key: tuple[str, str], tally: Tally) -> None:
        """Replace what is counted of a branch's quarter, and mark it as changed."""
        self.tallies.put(key, tally)
        self.changes.tallies[key] = None

    def loaded_tables(self) -> tuple[Table[Any, Any], ...]:
        """Return the tables that are loaded by key."""
        return tuple(getattr(self, name) for name in LOADED_TABLES)


def implicit_root(scheme: str) -> UnitState:
    """Return the root unit as it is before anybody registers it."""
    return UnitState(0, "plant", None, None, scheme, scheme, date.min, None)


LOADED_TABLES = (
    "first_seen",
    "members",
    "bearers",
    "people_of",
    "panels",
    "splits",
    "split_uses",
    "claims",
    "deeds",
    "deed_holders",
    "day_deeds",
    "evidence",
    "counting",
    "stacks",
    "holdings",
    "quarter_claims",
    "figures",
    "figure_keys",
    "tallies",
    *KEPT_TABLES,
)

"""The registers whose objects change: what each row says holds until the next row of its key.

A register is a table of the state with one row a key, and beside it indexes: the keys of the rows
that share a value. Its rows are frozen; `keep` puts a new one in the place of the old, which the
ledger's tables keep with the seq up to which it held. Every row class has the field `seq`: the
record that made the object, whoever changed it later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar

from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.adjustments import Adjustment
from jifen_ledger.domain.assessments import Assessment
from jifen_ledger.domain.awards import Award
from jifen_ledger.domain.bulletins import Bulletin
from jifen_ledger.domain.concerns import Concern, Resting
from jifen_ledger.domain.erasures import Erasure
from jifen_ledger.domain.grades import Grade
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.offers import Offer, Redemption
from jifen_ledger.domain.periods import Period
from jifen_ledger.domain.published_lines import PublishedLine
from jifen_ledger.domain.table import Table, Undo
from jifen_ledger.domain.vetoes import Veto
from jifen_ledger.domain.wallets import IncentiveYear, Lot, Wallet

V = TypeVar("V")
# Subject, month, late.
AssessmentKey = tuple[str, str, bool]


class Register(NamedTuple):
    """A register: its name in the state, the class of its rows, the fields that identify one.

    `indexes` are tables of the state by the fields they go by; each holds the keys of the rows. A
    row without a value there stands in no index. A `whole` register is small, and events that do
    not name its objects depend on it: the state has all of it from the beginning.
    """

    name: str
    row: type
    key: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]]
    whole: bool = False

    def key_of(self, row: object) -> Any:  # noqa: ANN401 - one value, or a tuple of several
        """Return the key of a row."""
        return value_of(row, self.key)


class Kept(NamedTuple):
    """A row as a record left it."""

    register: str
    key: Any
    seq: int
    row: Any


def value_of(row: object, fields: tuple[str, ...]) -> Any:  # noqa: ANN401 - as a table's key
    """Return the value of one field, or the tuple of several."""
    if len(fields) == 1:
        return getattr(row, fields[0])
    return tuple(getattr(row, name) for name in fields)


REGISTERS: Final[Mapping[str, Register]] = {
    register.name: register
    for register in (
        Register("absences", Absence, ("member", "absence"), {"absences_of": ("member",)}),
        Register("periods", Period, ("branch", "quarter"), {"periods_of": ("branch",)}),
        Register(
            "objections",
            Objection,
            ("objection",),
            {"objections_of": ("branch", "quarter"), "objections_about": ("claim",)},
        ),
        Register(
            "adjustments",
            Adjustment,
            ("seq", "holder", "capacity", "item", "quarter"),
            {"adjustments_of": ("branch", "booked")},
        ),
        Register(
            "bulletins",
            Bulletin,
            ("branch", "quarter", "revision"),
            {"bulletins_of": ("branch", "quarter")},
        ),
        Register(
            "published_lines",
            PublishedLine,
            ("branch", "quarter", "revision", "holder", "capacity", "of_quarter"),
            {},
        ),
        Register("lots", Lot, ("claim", "seq"), {"lots_of": ("holder", "state")}),
        Register("wallets", Wallet, ("holder",), {}),
        Register("incentive_years", IncentiveYear, ("year",), {}),
        Register("offers", Offer, ("offer",), {}),
        Register("redemptions", Redemption, ("redemption",), {"redemptions_of": ("member",)}),
        Register("vetoes", Veto, ("veto",), {"vetoes_of": ("member",)}, whole=True),
        Register("awards", Award, ("award",), {"awards_of": ("holder",)}),
        Register("grades", Grade, ("member", "year"), {"grades_of": ("member",)}),
        Register("erasures", Erasure, ("member",), {}),
        Register(
            "assessments",
            Assessment,
            ("subject", "month", "late"),
            {"assessments_by": ("subject",)},
        ),
        Register(
            "concerns",
            Concern,
            ("concern",),
            {
                "concern_parts": ("parent",),
                "concerns_merged": ("merged_into",),
                "concerns_of": ("unit",),
            },
        ),
        Register("resting", Resting, ("claim",), {"resting_on": ("deed",)}),
    )
}

KEPT_TABLES: Final = tuple(
    name for register in REGISTERS.values() for name in (register.name, *register.indexes)
)


class KeptTables:
    """The tables of the registers, each named as in `REGISTERS`."""

    def __init__(self, undo: Undo, *, complete: bool) -> None:
        """Start empty."""

        def table(name: str, absent: V) -> Table[Any, V]:
            return Table(name, absent, undo, complete=complete)

        def whole(name: str, absent: V) -> Table[Any, V]:
            return Table(name, absent, undo, complete=True)

        none: Any = None
        keys: tuple[Any, ...] = ()
        self.absences: Table[tuple[str, str], Absence | None] = table("absences", none)
        self.absences_of: Table[str, tuple[tuple[str, str], ...]] = table("absences_of", keys)
        self.periods: Table[tuple[str, str], Period | None] = table("periods", none)
        self.periods_of: Table[str, tuple[tuple[str, str], ...]] = table("periods_of", keys)
        self.objections: Table[str, Objection | None] = table("objections", none)
        # (branch, quarter), and claim.
        self.objections_of: Table[tuple[str, str], tuple[str, ...]] = table("objections_of", keys)
        self.objections_about: Table[str, tuple[str, ...]] = table("objections_about", keys)
        self.adjustments: Table[Any, Adjustment | None] = table("adjustments", none)
        # (branch, booked quarter).
        self.adjustments_of: Table[tuple[str, str], tuple[Any, ...]] = table("adjustments_of", keys)
        self.bulletins: Table[tuple[str, str, int], Bulletin | None] = table("bulletins", none)
        # (branch, quarter), in the order of their revisions.
        self.bulletins_of: Table[tuple[str, str], tuple[Any, ...]] = table("bulletins_of", keys)
        self.published_lines: Table[Any, PublishedLine | None] = table("published_lines", none)
        self.lots: Table[tuple[str, int], Lot | None] = table("lots", none)
        # (holder, state) -> lots: those used up are not asked for.
        self.lots_of: Table[tuple[str, str], tuple[tuple[str, int], ...]] = table("lots_of", keys)
        self.wallets: Table[str, Wallet | None] = table("wallets", none)
        self.incentive_years: Table[str, IncentiveYear | None] = table("incentive_years", none)
        self.offers: Table[str, Offer | None] = table("offers", none)
        self.redemptions: Table[str, Redemption | None] = table("redemptions", none)
        self.redemptions_of: Table[str, tuple[str, ...]] = table("redemptions_of", keys)
        self.vetoes: Table[str, Veto | None] = whole("vetoes", none)
        self.vetoes_of: Table[str, tuple[str, ...]] = whole("vetoes_of", keys)
        self.grades: Table[tuple[str, str], Grade | None] = table("grades", none)
        self.grades_of: Table[str, tuple[tuple[str, str], ...]] = table("grades_of", keys)
        self.erasures: Table[str, Erasure | None] = table("erasures", none)
        self.awards: Table[str, Award | None] = table("awards", none)
        self.awards_of: Table[str, tuple[str, ...]] = table("awards_of", keys)
        self.assessments: Table[AssessmentKey, Assessment | None] = table("assessments", none)
        self.assessments_by: Table[str, tuple[AssessmentKey, ...]] = table("assessments_by", keys)
        self.concerns: Table[str, Concern | None] = table("concerns", none)
        self.concern_parts: Table[str, tuple[str, ...]] = table("concern_parts", keys)
        self.concerns_merged: Table[str, tuple[str, ...]] = table("concerns_merged", keys)
        self.concerns_of: Table[str, tuple[str, ...]] = table("concerns_of", keys)
        # Claims of items that rest on concerns, by claim; `resting_on` goes by their deed.
        self.resting: Table[str, Resting | None] = table("resting", none)
        self.resting_on: Table[str, tuple[str, ...]] = table("resting_on", keys)

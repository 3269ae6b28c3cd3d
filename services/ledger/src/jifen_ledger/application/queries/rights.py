"""Who sees what: the matrix of domain.md §7, for every read of the ledger.

A reader's token names a column of the matrix; what the holder's own token may see goes with the
id and not with the column. Whatever is not allowed here is refused with `forbidden`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, StrEnum

from jifen_ledger.application.queries.refusals import Forbidden


class Column(StrEnum):
    """The columns of domain.md §7."""

    SELF = "self"
    BRANCH = "branch"
    STAFF = "staff"
    REVIEWER = "reviewer"
    UPPER = "upper"
    AUDITOR = "auditor"
    PUBLIC = "public"
    # The handlers of the wallet's row: they see the codes that members show, and offers.
    SHOP = "shop"


class Policy(StrEnum):
    """How a scheme shows the order of its holders in one capacity (domain.md §5.6)."""

    FULL = "full"
    BANDS = "bands"
    OFF = "off"


class View(Enum):
    """How much of a holder's capacity is seen; each holds what is below it."""

    NOTHING = 0
    BAND = 1
    # Score, items and postings; deductions show in the score only.
    SHEET = 2
    EVERYTHING = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks. `branch` is the home branch of `member` today, where the token names a member."""

    name: str
    scheme: str
    column: Column
    member: str | None = None
    branch: str | None = None

    def is_holder(self, holder: str | None) -> bool:
        """Tell whether the reader asks about themselves."""
        return self.member is not None and self.member == holder

    def own_branch(self, branch: str | None) -> bool:
        """Tell whether the branch is the reader's own."""
        return self.branch is not None and self.branch == branch


@dataclass(frozen=True, slots=True)
class Holder:
    """About whom: a member or a unit, and the branch it belongs to today.

    `in_committee` tells whether a member holds, or ever held, an office of a branch committee.
    """

    id: str
    of_unit: bool
    branch: str | None
    in_committee: bool = False


EVERYTHING_SEEN = frozenset({Column.REVIEWER, Column.UPPER, Column.AUDITOR})
OUTSIDE = frozenset({Column.PUBLIC, Column.SHOP})
_OWN_RECORDS = (
    "jifen.points.",
    "jifen.member.",
    "jifen.absence.",
    "jifen.veto.",
    "jifen.award.",
    "jifen.grade.",
    "jifen.redemption.",
    "jifen.assessment.",
)
_OF_SHOPS = ("jifen.redemption.", "jifen.offer.")
# Objections and these events of concerns name who raised them; only handlers may know, and no
# column here is one.
_RAISED = (
    "jifen.objection.",
    "jifen.concern.raised.",
    "jifen.concern.confirmed.",
    "jifen.concern.reopened.",
)
_OWN_WORDS = ("jifen.concern.raised.", "jifen.concern.confirmed.")


def view_of(reader: Reader, holder: Holder, capacity: str, policy: Policy) -> View:
    """Return how much of one capacity of the holder the reader sees."""
    if reader.column in OUTSIDE:
        return View.NOTHING
    if reader.is_holder(holder.id) or reader.column in EVERYTHING_SEEN:
        return View.EVERYTHING
    if reader.column is Column.SELF:
        return View.NOTHING
    if capacity == "unit":
        return View.EVERYTHING
    if capacity == "committee":
        near = reader.column is Column.STAFF or reader.own_branch(holder.branch)
        return View.SHEET if near and holder.in_committee else View.NOTHING
    if reader.column is Column.STAFF or not reader.own_branch(holder.branch):
        return View.NOTHING
    return {Policy.FULL: View.SHEET, Policy.BANDS: View.BAND, Policy.OFF: View.NOTHING}[policy]


def sees_pending(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees claims of the holder that nobody has verified."""
    return reader.is_holder(holder.id) or sees_case(reader, holder.branch, ())


def sees_lights(reader: Reader, branch: str | None) -> bool:
    """Tell whether the reader sees who of a branch has a self-assessment: lights, no values."""
    match reader.column:
        case Column.UPPER | Column.AUDITOR:
            return True
        case Column.REVIEWER | Column.BRANCH:
            return reader.own_branch(branch)
        case _:
            return False


def sees_assessments(reader: Reader, branch: str | None) -> bool:
    """Tell whether the reader sees what others of a branch think of their month."""
    # Nobody has verified it, like a claim on its way.
    return sees_case(reader, branch, ())


def sees_case(reader: Reader, branch: str | None, people: tuple[str, ...]) -> bool:
    """Tell whether a claim is a case of the reader: their branch's, or one they decided."""
    match reader.column:
        case Column.UPPER | Column.AUDITOR:
            return True
        case Column.REVIEWER:
            return reader.own_branch(branch) or reader.member in people
        case _:
            return False


def sees_objector(reader: Reader, by: str | None, subject: str, handlers: Collection[str]) -> bool:
    """Tell whether the reader may know who raised an objection or complaint about the subject.

    Handlers are the panel and those who decided; nobody handles what is about themselves.
    """
    if reader.column is Column.AUDITOR or reader.is_holder(by):
        return True
    handles = reader.column in (Column.REVIEWER, Column.UPPER) and reader.member in handlers
    return handles and not reader.is_holder(subject)


def sees_wallet_total(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees what the holder's wallet holds."""
    return reader.is_holder(holder.id) or reader.column in (Column.UPPER, Column.AUDITOR)


def sees_wallet_lines(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees the movements of the holder's wallet."""
    return reader.is_holder(holder.id) or reader.column is Column.AUDITOR


def sees_code(reader: Reader) -> bool:
    """Tell whether the reader sees any redemption by its code."""
    return reader.column in (Column.SHOP, Column.AUDITOR)


def sees_redemption(reader: Reader, member: str, *, in_detail: bool = False) -> bool:
    """Tell whether the reader sees a member's redemption; in detail, the lots that pay for it."""
    if reader.is_holder(member) or reader.column is Column.AUDITOR:
        return True
    return reader.column is Column.SHOP and not in_detail


def sees_outcome(
    reader: Reader, type_: str | None, subject: str | None, branch: str | None
) -> bool:
    """Tell whether the reader sees what became of an event: a shop learns it of its own kind."""
    if reader.column is Column.SHOP:
        return type_ is not None and type_.startswith(_OF_SHOPS)
    return sees_record(reader, type_, subject, branch)


def sees_record(reader: Reader, type_: str | None, subject: str | None, branch: str | None) -> bool:
    """Tell whether the reader sees a record's bytes; `branch` is that of its claim, if any."""
    if type_ is not None and type_.startswith(_RAISED):
        return reader.column is Column.AUDITOR
    if reader.column in (Column.UPPER, Column.AUDITOR):
        return True
    if reader.is_holder(subject):
        return type_ is not None and type_.startswith(_OWN_RECORDS)
    return branch is not None and sees_case(reader, branch, ())


def sees_own_word(reader: Reader, type_: str | None, by: str | None) -> bool:
    """Tell whether the record is the reader's own word about a concern, and moves no points."""
    return reader.is_holder(by) and type_ is not None and type_.startswith(_OWN_WORDS)


def sees_raisers(reader: Reader, raisers: Collection[str], handlers: Collection[str]) -> bool:
    """Tell whether the reader sees who raised a concern: its raisers and its handler do.

    Whoever is above or of the branch does not; the auditor sees ids and aliases.
    """
    if reader.column in OUTSIDE:
        return False
    return reader.column is Column.AUDITOR or reader.member in (*raisers, *handlers)


def sees_names(reader: Reader) -> bool:
    """Tell whether names are joined into the reader's answers."""
    return reader.column is not Column.AUDITOR and reader.column not in OUTSIDE


def sees_entry(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees a person's entry in the directory."""
    match reader.column:
        case Column.REVIEWER | Column.UPPER:
            return True
        case Column.BRANCH:
            return reader.is_holder(holder.id) or reader.own_branch(holder.branch)
        case Column.STAFF:
            return reader.is_holder(holder.id) or holder.in_committee
        case Column.SELF:
            return reader.is_holder(holder.id)
        case Column.AUDITOR | Column.PUBLIC | Column.SHOP:
            return False


def sees_phone(reader: Reader, holder: str) -> bool:
    """Tell whether the reader sees a person's phone number."""
    return reader.is_holder(holder) or reader.column is Column.UPPER


def sees_overlay(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees the catalogue as posts and unit class change it for a holder."""
    return reader.is_holder(holder.id) or reader.column in EVERYTHING_SEEN


def sees_simulations(reader: Reader) -> bool:
    """Tell whether the reader sees a draft's difference: everybody's rank, and what is open."""
    return reader.column in (Column.UPPER, Column.AUDITOR)


def writes_directory(reader: Reader) -> None:
    """Refuse whoever may not write the directory."""
    if reader.column is not Column.UPPER:
        raise Forbidden("Only readers of column upper write the directory.")


def reads_figures(reader: Reader) -> None:
    """Refuse whoever sees the scheme and nothing else."""
    if reader.column in OUTSIDE:
        raise Forbidden("This reader sees the scheme and offers only.")


def require(*, allowed: bool) -> None:
    """Refuse what is not allowed, without saying whether it exists."""
    if not allowed:
        raise Forbidden("This reader may not see that.")

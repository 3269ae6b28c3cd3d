"""Which version of the scheme applies, and the effective catalogue and calendar it gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jifen_contracts.scheme.calendar import WorkingDays
from jifen_contracts.scheme.catalogue import Catalogue, Item, Line
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.registers import Version

NO_POSTS: frozenset[str] = frozenset()


def version_on(versions: Sequence[Version], day: date) -> Version | None:
    """Return the version in force on the day: the latest one that has become effective."""
    for version in reversed(versions):
        if version.effective_from <= day:
            return version
    return None


def has_item(version: Version, code: str) -> bool:
    """Tell whether the version has an item with the code, whatever an overlay excludes."""
    # Only overlays exclude items, and none applies without a post and a class.
    return code in version.catalogue(NO_POSTS, None).items


def version_numbered(versions: Sequence[Version], number: int) -> Version:
    """Return the version with the number; versions are numbered from 1 without gaps."""
    return versions[number - 1]


def calendar_on(versions: Sequence[Version], day: date) -> tuple[SchemeDocument, WorkingDays]:
    """Return the document and working days that set deadlines on a recorded day."""
    version = version_on(versions, day) or versions[0]
    return version.document, version.days


def days_on(versions: Sequence[Version], day: date) -> WorkingDays:
    """Return the working days that set deadlines on a recorded day, also without any scheme."""
    return calendar_on(versions, day)[1] if versions else WorkingDays()


def catalogue_of(versions: Sequence[Version], claim: Claim) -> Catalogue:
    """Return the effective catalogue that values the claim."""
    return version_numbered(versions, claim.version).catalogue(claim.posts, claim.unit_class)


def item_of(versions: Sequence[Version], claim: Claim) -> Item:
    """Return the claim's item as it values the claim."""
    return catalogue_of(versions, claim).items[claim.item]


def line_of(versions: Sequence[Version], claim: Claim, capacity: str) -> Line:
    """Return the line that values one capacity of the claim."""
    return item_of(versions, claim).lines[capacity]

"""Whom a question is about, what is published of the scheme, and the names of people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.application.queries.moments import last_day
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Holder, Policy, Reader, sees_names
from jifen_ledger.domain.registers import Unit, Version
from jifen_ledger.domain.versions import version_on


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and the moment that answers (domain.md §2.1).

    `size` is the seq of the last record that the answer knows, `now_ms` and `today` the time of
    that moment: deadlines, lapses and expiries are those of then. Deeds after `as_of` do not count;
    None = all. `read_on` is the day of the reading itself: the reader's rights are those of now,
    whatever the moment.
    """

    reader: Reader
    size: int
    now_ms: int
    today: date
    read_on: date
    as_of: date | None = None
    # The moment in the words of whoever asks; what one answer continues must be of the same one.
    moment: str = ""

    @property
    def day(self) -> date:
        """The day that is asked about: today, unless another was named."""
        return self.as_of or self.today

    def reaches(self, day: date) -> bool:
        """Tell whether what was so from that day on counts."""
        return self.as_of is None or day <= self.as_of


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in the directory."""

    zh: str
    en: str


class HolderReads(Protocol):
    """What every query may ask of the registers and the directory."""

    async def versions(self) -> Sequence[Version]:
        """Return all versions published at the moment, by number."""

    async def versions_now(self) -> Sequence[Version]:
        """Return all versions published by now; their policies limit what is shown."""

    async def units(self) -> Mapping[str, Unit]:
        """Return every unit with its registrations in stream order."""

    async def holder(self, id_: str, today: date) -> Holder | None:
        """Return the member or unit, None if unknown at the moment.

        The branch is that of today, and the office what is known by now: both are about rights.
        """

    async def names(self, ids: Collection[str]) -> Mapping[str, PersonName]:
        """Return the names that the directory has."""


async def known_holder(reads: HolderReads, asked: Asked, id_: str) -> Holder:
    """Return the holder. Raises NotFound."""
    holder = await reads.holder(id_, asked.read_on)
    if holder is None:
        raise NotFound("There is no such member or unit.")
    return holder


async def shown_names(
    reads: HolderReads, asked: Asked, ids: Collection[str]
) -> Mapping[str, PersonName]:
    """Return the names that go into the reader's answer: units' from the register."""
    if not sees_names(asked.reader):
        return {}
    units = await reads.units()
    found = {id_: _unit_name(units[id_]) for id_ in ids if id_ in units}
    people = [id_ for id_ in ids if id_ not in units]
    return {**found, **await reads.names(people)} if people else found


def _unit_name(unit: Unit) -> PersonName:
    return PersonName(unit.latest.name_zh, unit.latest.name_en)


def version_for(versions: Sequence[Version], period: str, as_of: date | None = None) -> Version:
    """Return the version in force when the period ends, or on a day before that.

    Raises NotFound before the first.
    """
    if not versions:
        raise NotFound("No version of the scheme is published.")
    return version_on(versions, last_day(period, as_of)) or versions[0]


async def ruling_document(reads: HolderReads, asked: Asked) -> SchemeDocument:
    """Return the document whose policies limit what is shown: the one of now, at any moment.

    Raises NotFound where none was published at the moment.
    """
    document_now(await reads.versions(), asked.today)
    return document_now(await reads.versions_now(), asked.read_on)


def document_now(versions: Sequence[Version], today: date) -> SchemeDocument:
    """Return the document in force today, or the first one to come. Raises NotFound."""
    if not versions:
        raise NotFound("No version of the scheme is published.")
    return (version_on(versions, today) or versions[0]).document


def policy_of(document: SchemeDocument, capacity: str) -> Policy:
    """Return how the document shows the order of holders in a capacity."""
    policies = {
        "committee": document.ranking.policy.committee,
        "member": document.ranking.policy.member,
        "unit": document.ranking.policy.unit,
    }
    return Policy(policies[capacity])


def item_names(versions: Sequence[Version]) -> Mapping[str, PersonName]:
    """Return the names of all items there ever were; the latest version's win."""
    names = {
        item.code: PersonName(item.name_zh, item.name_en)
        for version in versions
        for item in version.document.items
    }
    # The reserved item of the bonus part's limit has no line in any document.
    return {**names, "bonus": PersonName("超额", "Bonus part")}

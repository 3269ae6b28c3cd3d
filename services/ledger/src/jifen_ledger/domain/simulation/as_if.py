"""Which versions a scheme would have had, had a draft been in force for a span of deeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from jifen_contracts.periods import first_day, next_quarter, quarter_of
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.registers import Version


@dataclass(frozen=True, slots=True)
class Span:
    """Whole quarters of deed dates, half-open as all spans."""

    from_: date
    to: date

    @property
    def quarters(self) -> tuple[str, ...]:
        """The quarters in calendar order."""
        found = [quarter_of(self.from_)]
        while first_day(next_quarter(found[-1])) < self.to:
            found.append(next_quarter(found[-1]))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class AsIf:
    """The draft in the place of every version that takes effect within the span.

    What was in force before the span stays in force for earlier deeds, what takes effect after it
    comes as it came. The draft was known as early as the scheme itself, so no claim of the span
    was ever valued by anything else. It makes no deed count from before the scheme began.
    """

    published: Sequence[Version]
    draft: SchemeDocument
    span: Span

    def versions_after(self, seq: int) -> tuple[Version, ...]:
        """Return the versions as they would stand once the record `seq` is folded.

        Their numbers never change: a version that is published late, for a time before the span,
        has its place from the beginning and says until then what its predecessor says.
        """
        known = [version for version in self.published if version.seq <= seq]
        if not known:
            return ()
        before = [one for one in self.published if one.effective_from < self.span.from_]
        after = [one for one in known if one.effective_from >= self.span.to]
        versions: list[Version] = []
        for one in before:
            document = one.document if one.seq <= seq else versions[-1].document
            versions.append(replace(one, document=document))
        first = max(self.span.from_, self.published[0].effective_from)
        if first < self.span.to:
            versions.append(Version(0, first, self.draft, 0))
        # Whatever rests on a registration asks for the last one: they all moved with it.
        last = known[-1].seq
        return tuple(
            replace(one, version=number, seq=last)
            for number, one in enumerate([*versions, *after], start=1)
        )

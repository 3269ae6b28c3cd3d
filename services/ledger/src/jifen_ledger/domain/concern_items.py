"""Which items of a catalogue rest on a concern (domain.md §6.2: D02 and D01 of the default one)."""

from __future__ import annotations

from typing import Protocol


class Sorted(Protocol):
    """An item of a document or of a compiled catalogue."""

    @property
    def preliminary(self) -> str | None:
        """Who reviews it first."""

    @property
    def measure_of(self) -> str | None:
        """What it measures."""


def pays_for_concern(item: Sorted) -> bool:
    """Tell whether the item's record is a concern: confirmed and on time."""
    return item.preliminary == "record" and item.measure_of == "help"


def pays_for_help_project(item: Sorted) -> bool:
    """Tell whether the item is of projects that their users accept."""
    return item.preliminary == "counterpart" and item.measure_of == "project"


def rests_on_concern(item: Sorted) -> bool:
    """Tell whether points of the item fall when the concern that is its deed is reopened."""
    return pays_for_concern(item) or pays_for_help_project(item)

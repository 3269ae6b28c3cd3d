"""What the demo's systems look up in the scheme they work under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jifen_contracts.scheme.catalogue import Item, effective_catalogue
from jifen_contracts.scheme.default import default_document, document_object
from jifen_contracts.scheme.document import SchemeDocument
from jifen_local.demo.workdays import DAYS_OFF, DAYS_ON

_NO_POSTS: Final[frozenset[str]] = frozenset()


class Rules:
    """The default scheme with the plant's calendar of the year."""

    def __init__(self) -> None:
        """Read the default document and put the days off and on into its calendar."""
        wire = dict(document_object(default_document()))
        calendar = wire.get("calendar", {})
        assert isinstance(calendar, Mapping)
        wire["calendar"] = {
            **calendar,
            "days_off": [day.isoformat() for day in DAYS_OFF],
            "days_on": [day.isoformat() for day in DAYS_ON],
        }
        self.document: Final = wire
        self._scheme = SchemeDocument.model_validate(wire)
        self._plain = effective_catalogue(self._scheme, _NO_POSTS, None)

    def preliminary(self, item: str) -> str:
        """Return the role that gives the preliminary review."""
        return self._plain.items[item].preliminary

    def confirm(self, item: str) -> str:
        """Return the role that verifies."""
        return self._plain.items[item].confirm

    def evidence_kind(self, item: str) -> str:
        """Return a kind of file that counts as evidence for the item."""
        return min(self._plain.items[item].evidence_kinds)

    def item(self, code: str, post: str | None, unit_class: str) -> Item | None:
        """Return the item as it applies to someone with the post in a unit of the class."""
        posts = _NO_POSTS if post is None else frozenset({post})
        return effective_catalogue(self._scheme, posts, unit_class).items.get(code)

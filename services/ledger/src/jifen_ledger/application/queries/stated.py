"""What a register said of an object, row after row: corrections stay as history."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")


class Stated(NamedTuple, Generic[Row]):
    """A row of a register whose objects change, as the record `seq` left it.

    `replaces` is the record that said it before, `replaced_by` the one that said it anew.
    """

    row: Row
    seq: int
    replaces: int | None
    replaced_by: int | None

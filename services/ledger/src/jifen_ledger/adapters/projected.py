"""Every table that the projection writes: all but those that lie outside the stream."""

from __future__ import annotations

from jifen_ledger.adapters.directory_table import METADATA, directory, directory_revision
from jifen_ledger.adapters.past_tables import claim_past

PROJECTED = tuple(
    table for table in METADATA.sorted_tables if table not in (directory, directory_revision)
)
assert claim_past in PROJECTED

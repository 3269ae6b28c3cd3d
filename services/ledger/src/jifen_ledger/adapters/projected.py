"""Every table that the projection writes: all but those that lie outside the stream."""

from __future__ import annotations

from jifen_ledger.adapters.directory_table import METADATA, directory, directory_revision
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.private_tables import left_file, private_head, private_part

OUTSIDE = (directory, directory_revision, left_file, private_head, private_part)
PROJECTED = tuple(table for table in METADATA.sorted_tables if table not in OUTSIDE)
assert claim_past in PROJECTED

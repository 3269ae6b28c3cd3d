"""Every table that the projection writes: all but those outside the stream, and what is signed."""

from __future__ import annotations

from jifen_ledger.adapters.directory_table import METADATA, directory, directory_revision
from jifen_ledger.adapters.log_tables import log_checkpoint, log_cosignature, log_signed
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.private_tables import left_file, private_head, private_part

OUTSIDE = (
    *(directory, directory_revision, left_file, private_head, private_part),
    # When something is signed, and by whom, is not in the stream.
    *(log_signed, log_checkpoint, log_cosignature),
)
PROJECTED = tuple(table for table in METADATA.sorted_tables if table not in OUTSIDE)
assert claim_past in PROJECTED

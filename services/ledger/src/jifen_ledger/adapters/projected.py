"""Which tables the projection writes, and which of them the records determine."""

from __future__ import annotations

from jifen_ledger.adapters.directory_table import METADATA, directory, directory_revision
from jifen_ledger.adapters.log_tables import (
    log_checkpoint,
    log_cosignature,
    log_node,
    log_published,
    log_signed,
)
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.private_tables import left_file, private_head, private_part
from jifen_ledger.adapters.tables import log_head, record, record_raw
from jifen_ledger.adapters.worker_tables import compared, lease, rebuild, worker

OUTSIDE = (
    *(directory, directory_revision, left_file, private_head, private_part),
    # When something is signed, by whom, and who does the work, is not in the stream.
    *(log_signed, log_checkpoint, log_cosignature, log_published),
    *(worker, lease, rebuild, compared),
)
# What came in and what was decided, with its tree: never computed anew, only compared.
JOURNAL = (log_head, log_node, record, record_raw)
PROJECTED = tuple(table for table in METADATA.sorted_tables if table not in OUTSIDE)
# What the records make: a rebuild computes all of it again.
MADE = tuple(table for table in PROJECTED if table not in JOURNAL)
assert claim_past in MADE

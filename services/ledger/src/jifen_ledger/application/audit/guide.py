"""The README.txt of an audit bundle."""

from __future__ import annotations

from typing import Final

GUIDE: Final = """\
Audit bundle of the points ledger {scheme} at {size} entries.

log/            the verifiable log as files (C2SP tlog-tiles); log/checkpoints/: earlier checkpoints
vkeys           the log's keys. A convenience only: take the key that you check with from elsewhere
schemas/        JSON Schemas of the events in the log
schemes/        the scheme's documents, by version: the rules
raw/            messages that could not be read as events, by seq
balances        the ledger's balances, in tenths of a point
rankings.ndjson the ledger's boards: one line for each place
manifest.json   the hash of every other file

Check it, with the log's key in the file vkey.txt. None of these needs a network or a database:

  jifen-ledger audit verify --bundle FILE.tar.gz --vkey @vkey.txt
  jifen-ledger audit replay --bundle FILE.tar.gz --vkey @vkey.txt
  jifen-ledger audit recompute --bundle FILE.tar.gz --vkey @vkey.txt

Where witnesses cosign the log, --policy FILE in the place of --vkey also demands their signatures.
A folder into which the bundle was unpacked is given with --dir instead. Other people's tools for
transparency logs are pointed at log/.
"""

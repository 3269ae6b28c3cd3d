"""What this software is called: other sources, another name."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

import jifen_contracts
import jifen_ledger

PACKAGES = (jifen_contracts, jifen_ledger)


@cache
def software() -> str:
    """Return the SHA-256 over the files of the contracts and of the ledger, by name."""
    found = sha256()
    for package in PACKAGES:
        root = Path(package.__path__[0])
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(f"{path.relative_to(root)}\n".encode())
                found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()

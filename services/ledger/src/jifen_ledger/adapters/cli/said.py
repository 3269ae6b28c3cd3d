"""What a command prints: its lines, or in one line why it could not."""

from __future__ import annotations

import sys
from collections.abc import Iterable


def tell(lines: Iterable[str]) -> None:
    """Print the lines."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def failed(message: str) -> int:
    """Say it in one line; return the exit status."""
    sys.stderr.write(f"jifen-ledger: {' '.join(message.split())}\n")
    return 1

"""A demo that runs on while pages about it are tried."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Demo:
    """Its directory, what it said and how it ended its checks."""

    home: Path
    said: str
    status: int

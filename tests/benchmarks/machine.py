"""What a figure was measured on: told beside every one."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version


def told(libraries: Sequence[str], *, fast: bool) -> str:
    """Return the line that names Python, the machine, the versions and the fsync mode."""
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    return (
        f"fsync {'off' if fast else 'on'}. "
        f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}; {versions}."
    )

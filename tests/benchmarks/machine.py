"""What figures were measured on: the machine at their top, and the versions beside each."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

CPUS: Final = Path("/proc/cpuinfo")
MODEL: Final = "model name"


def described() -> str:
    """Return the line that names the machine."""
    memory_gib = psutil.virtual_memory().total / 1024**3
    return (
        f"{os.cpu_count()} cores ({_model()}), {memory_gib:.0f} GiB, "
        f"{platform.system()} {platform.release().partition('-')[0]} on {platform.machine()}, "
        f"Python {platform.python_version()}; servers, services and load share them."
    )


def told(libraries: Sequence[str], *, fast: bool) -> str:
    """Return the line that names Python, the machine, the versions and the fsync mode."""
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    return (
        f"fsync {'off' if fast else 'on'}. "
        f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}; {versions}."
    )


def _model() -> str:
    lines = CPUS.read_text().splitlines() if CPUS.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith(MODEL)]
    return next(iter(models), platform.processor() or "unknown model")

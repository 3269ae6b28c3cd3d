"""The keys of the logs, copied to a place apart from everything that they sign."""

from __future__ import annotations

from pathlib import Path

from jifen_ledger.adapters.backing_up.failed import BackupFailed
from jifen_ledger.adapters.durable_files import create_file
from jifen_ledger.adapters.key_files import KEY, OLD_KEY, RETIRED

KINDS = (f".{OLD_KEY}", f".{KEY}", f".{RETIRED}")


def refuse_unless_apart(keys: Path, backup: Path) -> None:
    """Tell that the keys do not lie within the backup. Raises BackupFailed."""
    if keys.resolve().is_relative_to(backup.resolve()):
        raise BackupFailed(f"{keys}: keys go apart from the backup, not into it")


def key_files(directory: Path) -> list[Path]:
    """Return the files of keys in the directory. Raises BackupFailed."""
    try:
        return sorted(path for path in directory.iterdir() if path.name.endswith(KINDS))
    except OSError as error:
        raise BackupFailed(f"{directory}: {error.strerror}") from None


def refuse_if_there(sources: list[Path], directory: Path) -> None:
    """Tell that no key of these names is there but the same. Raises BackupFailed."""
    for source in sources:
        target = directory / source.name
        if target.exists() and target.read_bytes() != source.read_bytes():
            raise BackupFailed(f"{target} is there and is another key")


def copy_keys(sources: list[Path], directory: Path) -> int:
    """Copy the keys that are not there yet, for their owner only; return how many there are."""
    refuse_if_there(sources, directory)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for source in sources:
        if not (directory / source.name).exists():
            create_file(directory / source.name, source.read_text(encoding="ascii"))
    return len(sources)

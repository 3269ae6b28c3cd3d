"""The ordinary user that PostgreSQL runs as when the launcher is root."""

import ctypes
import os
import pwd
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jifen_local.children import StartFailed

CANDIDATES = ("nobody", "postgres", "daemon")
# Linux's numbers, from sys/prctl.h, linux/securebits.h and linux/capability.h.
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True, slots=True)
class User:
    name: str
    uid: int
    gid: int

    def own(self, directory: Path) -> None:
        try:
            os.chown(directory, self.uid, self.gid)
        except OSError as error:
            raise StartFailed(
                f"PostgreSQL refuses to run as root, and this root may not give {directory} "
                f"to {self.name}: {error.strerror}"
            ) from error


def unprivileged_user() -> User | None:
    """None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return User(name, entry.pw_uid, entry.pw_gid)
    raise StartFailed(
        "PostgreSQL refuses to run as root, and this machine has none of the users "
        + ", ".join(CANDIDATES)
    )


def become(user: User, paths: Sequence[Path]) -> Callable[[], None]:
    """What a new child calls to become the user and still reach the paths."""
    reachable = all(_reachable(path) for path in paths)
    libc = ctypes.CDLL(None, use_errno=True)

    def change() -> None:
        # A tree inside root's home is closed to everyone else. Opening root's home would be worse
        # than letting this one server keep the right to pass through it. Without this bit the right
        # would not count for access(2), by which initdb looks for postgres.
        bits = SECBIT_NO_SETUID_FIXUP
        if not reachable and libc.prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "The right to pass through directories was refused")
        os.setgroups([])
        os.setgid(user.gid)
        os.setuid(user.uid)
        if not reachable:
            _keep_passage(libc)

    if not reachable and sys.platform != "linux":
        raise StartFailed(f"PostgreSQL runs as {user.name}, who cannot reach {paths[0]}")
    return change


def _reachable(path: Path) -> bool:
    """Whether everyone may pass through all directories above the path."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def _keep_passage(libc: ctypes.CDLL) -> None:
    mask = 1 << CAP_DAC_OVERRIDE
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    # Effective, permitted, inheritable; then the same for capabilities above 31.
    data = struct.pack("=6I", mask, mask, mask, 0, 0, 0)
    if (
        libc.capset(header, data) != 0
        or libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0) != 0
    ):
        raise OSError(ctypes.get_errno(), "The right to pass through directories was refused")

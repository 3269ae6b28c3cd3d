"""Builds each image twice, from two checkouts, and says where they differ."""  # noqa: INP001

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

ROOT = Path(__file__).parents[2]
TARGETS = ("ingest", "ledger", "setup")
# All that an image is made of.
CONTEXT = (".dockerignore", "requirements.lock", "contracts", "services", "deploy")
NOT_OURS = shutil.ignore_patterns("__pycache__", "*.egg-info", ".env")
# A second checkout is never of the same moment.
LATER_S = 86_400
SHOWN = 20
DOCKER = shutil.which("docker") or "docker"


class Entry(NamedTuple):
    """What a layer says of one path."""

    kind: bytes
    mode: int
    owner: tuple[int, int]
    link: str
    modified: int
    sha256: str


def main() -> int:
    """Return 0 where every image is the same both times."""
    differ = False
    with TemporaryDirectory() as name:
        checkouts = [_checkout(Path(name) / str(number), number) for number in (0, 1)]
        for target in TARGETS:
            first, second = (_entries(_built(checkout, target)) for checkout in checkouts)
            paths = sorted(
                path for path in first.keys() | second if first.get(path) != second.get(path)
            )
            digest = hashlib.sha256(repr(sorted(first.items())).encode()).hexdigest()
            told = f"{len(paths)} of {len(first)} paths differ" if paths else f"the same, {digest}"
            sys.stdout.write(f"jifen-{target}: {told}\n")
            sys.stdout.writelines(
                f"  {path}: {first.get(path)} / {second.get(path)}\n" for path in paths[:SHOWN]
            )
            differ = differ or bool(paths)
    return 1 if differ else 0


def _checkout(home: Path, number: int) -> Path:
    home.mkdir()
    for name in CONTEXT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, home / name, ignore=NOT_OURS)
        else:
            shutil.copy(source, home / name)
    for path in home.rglob("*"):
        modified = path.stat().st_mtime + number * LATER_S
        os.utime(path, (modified, modified))
    return home


def _built(checkout: Path, target: str) -> str:
    command = [DOCKER, "build", "--quiet", "--no-cache", "--file", "deploy/Dockerfile"]
    return _said([*command, "--target", target, "."], checkout)


def _entries(image: str) -> dict[str, Entry]:
    """Return every path of every layer; a container would add what the engine puts there."""
    with TemporaryDirectory() as name:
        saved = Path(name) / "image.tar"
        _said([DOCKER, "save", "--output", str(saved), image])
        _said([DOCKER, "rmi", image])
        with tarfile.open(saved) as archive:
            [manifest] = json.load(_opened(archive, "manifest.json"))
            return {
                f"{number}:{path}": entry
                for number, layer in enumerate(manifest["Layers"])
                for path, entry in _read(_opened(archive, layer))
            }


def _opened(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    file = archive.extractfile(name)
    assert file is not None, name
    return file


def _read(layer: IO[bytes]) -> Iterator[tuple[str, Entry]]:
    with tarfile.open(fileobj=layer) as archive:
        for one in archive:
            file = archive.extractfile(one) if one.isreg() else None
            sha256 = hashlib.file_digest(file, "sha256").hexdigest() if file else ""
            # A directory into which the engine copies has the moment of that.
            modified = 0 if one.isdir() else int(one.mtime)
            yield (
                one.name,
                Entry(one.type, one.mode, (one.uid, one.gid), one.linkname, modified, sha256),
            )


def _said(command: list[str], directory: Path | None = None) -> str:
    done = subprocess.run(  # noqa: S603 - commands of this file
        command, cwd=directory, stdout=subprocess.PIPE, text=True, check=True, timeout=1_800
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

"""What an audit bundle holds: the paths there may be, and its manifest (tlog.md §10.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from jifen_contracts.canonical import NotCanonical, canonical, decode
from jifen_ledger.application.audit.audited import AuditFailed
from jifen_ledger.log.encodings import encoded
from jifen_ledger.log.tiles import bundle_path, levels_at, places_at, tile_path

TYPE: Final = "jifen/audit-bundle/v1"
MANIFEST: Final = "manifest.json"
README: Final = "README.txt"
BALANCES: Final = "balances"
RANKINGS: Final = "rankings.ndjson"
VKEYS: Final = "vkeys"
LOG: Final = "log"
FILE_BYTES_MAX: Final = 1 << 30

_NUMBER: Final = r"[1-9][0-9]{0,18}"
_GROUPS: Final = r"(?:x[0-9]{3}/){0,5}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"
_KNOWN: Final = re.compile(
    rf"README\.txt|balances|rankings\.ndjson|vkeys|manifest\.json|raw/{_NUMBER}"
    rf"|schemas/[a-z][a-z_]*\.[a-z_]+\.v[1-9][0-9]*\.json|schemas/envelope\.v1\.json"
    rf"|schemes/{_NUMBER}\.json|log/checkpoint|log/checkpoints/(?:0|{_NUMBER})"
    rf"|log/tile/(?:entries|[0-7])/{_GROUPS}",
    re.ASCII,
)


class Listed(NamedTuple):
    """A file as a manifest names it."""

    path: str
    sha256: str
    size: int


class Manifest(NamedTuple):
    """What a bundle says that it is."""

    files: Sequence[Listed]
    origin: str
    root: str
    scheme: str
    size: int

    @property
    def text(self) -> bytes:
        """The file."""
        files = [one._asdict() for one in self.files]
        return canonical(self._asdict() | {"files": files, "type": TYPE})

    def check(self, size: int, root: bytes, origin: str) -> None:
        """Compare it with the checkpoint, and its files with what a log has. Raises AuditFailed."""
        if (self.size, self.root, self.origin) != (size, encoded(root), origin):
            raise AuditFailed(f"{MANIFEST} is not that of the checkpoint")
        listed = {one.path for one in self.files if one.path.startswith(f"{LOG}/tile/")}
        needed = {f"{LOG}/{path}" for path in tile_paths(size)}
        if strange := sorted(listed ^ needed):
            raise AuditFailed(f"{strange[0]} is not a tile of {size} entries, or is missing")


def is_known(path: str) -> bool:
    """Tell whether a bundle may have a file at the path."""
    return _KNOWN.fullmatch(path) is not None


def tile_paths(size: int) -> Iterator[str]:
    """Yield the paths of all tiles and entry bundles of a log."""
    for place in places_at(size):
        yield bundle_path(place)
    for level in levels_at(size):
        yield from (tile_path(level, place) for place in places_at(size, level))


def parse_manifest(text: bytes) -> Manifest:
    """Return a manifest that is written as it must be. Raises AuditFailed."""
    try:
        found: dict[str, Any] = decode(text)
        manifest = Manifest(
            [Listed(**one) for one in found["files"]],
            *(found[name] for name in Manifest._fields[1:]),
        )
        exact = manifest.text == text
    except (NotCanonical, LookupError, TypeError) as error:
        raise AuditFailed(f"{MANIFEST} is not a manifest: {error}") from None
    paths = [str(one.path) for one in manifest.files]
    if not exact or paths != sorted(set(paths)):
        raise AuditFailed(f"{MANIFEST} is not written as a manifest is")
    for path in paths:
        if not is_known(path) or path == MANIFEST:
            raise AuditFailed(f"{MANIFEST} names {path}, which no bundle has")
    return manifest

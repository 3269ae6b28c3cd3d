"""The demo's tokens: one for each upstream system, one of another scheme, and one to read with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

from jifen_local.demo.messages import SCHEME, SOURCES
from jifen_local.demo.refused_at_door import FORGED, OTHER_SCHEME
from jifen_local.private_files import write_private

SCOPES: Final[Mapping[str, tuple[str, ...]]] = {
    "personnel": ("org", "admin", "history"),
    "attendance": ("facts", "history"),
    "safety": ("facts", "history"),
    "review-desk": ("acts", "history"),
}
READER: Final = "upper"
_TOKEN_BYTES: Final = 32
_SISTER_SCHEME: Final = "plant-2"
# The sister plant has a stream of its own and stays empty: its token opens no door here.
SCHEMES: Final = (SCHEME, _SISTER_SCHEME)


@dataclass(frozen=True, slots=True)
class Tokens:
    """New at every run; the forged one is known to nobody."""

    by_credential: Mapping[str, str] = field(hash=False)
    reader: str

    def write(self, directory: Path) -> tuple[Path, Path]:
        """Write the files of sources and of readers, which hold hashes only; return their paths."""
        # The launcher writes files of its own under the plain names.
        sources, readers = directory / "demo-sources.toml", directory / "demo-readers.toml"
        write_private(sources, self._sources())
        write_private(readers, self._readers())
        return sources, readers

    def _sources(self) -> str:
        stanzas = [
            _stanza(
                "credential",
                name=name,
                scheme=SCHEME,
                token_sha256=_hash(self.by_credential[name]),
                sources=[SOURCES[name]],
                scopes=list(scopes),
            )
            for name, scopes in SCOPES.items()
        ]
        sister = _stanza(
            "credential",
            name=OTHER_SCHEME,
            scheme=_SISTER_SCHEME,
            token_sha256=_hash(self.by_credential[OTHER_SCHEME]),
            sources=[SOURCES["attendance"]],
            scopes=["facts", "history"],
        )
        return "\n".join((*stanzas, sister))

    def _readers(self) -> str:
        return _stanza(
            "reader", name="demo", scheme=SCHEME, token_sha256=_hash(self.reader), column=READER
        )


def draw_tokens() -> Tokens:
    """Return new tokens."""
    names = (*SCOPES, OTHER_SCHEME, FORGED)
    return Tokens(
        {name: token_urlsafe(_TOKEN_BYTES) for name in names}, token_urlsafe(_TOKEN_BYTES)
    )


def _stanza(kind: str, **values: object) -> str:
    # JSON's strings and lists of strings are TOML's as well.
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join((f"[[{kind}]]", *lines, ""))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()

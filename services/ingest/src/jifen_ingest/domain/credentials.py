"""A credential: who may send what, known by the hash of a token."""

from dataclasses import dataclass
from datetime import datetime

from jifen_ingest.domain.scopes import Scope


@dataclass(frozen=True, slots=True)
class Credential:
    name: str
    scheme: str
    token_sha256: bytes
    sources: frozenset[str]
    scopes: frozenset[Scope]
    # The token before this one, and until when it counts as well.
    old_token_sha256: bytes | None = None
    old_until: datetime | None = None

    @property
    def imports(self) -> bool:
        """Whether its events bring their own recorded time."""
        return Scope.HISTORY in self.scopes

"""A credential: who may send what, known by the hash of a token."""

from dataclasses import dataclass

from jifen_ingest.domain.scopes import Scope


@dataclass(frozen=True, slots=True)
class Credential:
    name: str
    scheme: str
    token_sha256: bytes
    sources: frozenset[str]
    scopes: frozenset[Scope]

    @property
    def imports(self) -> bool:
        """Whether its events bring their own recorded time."""
        return Scope.HISTORY in self.scopes

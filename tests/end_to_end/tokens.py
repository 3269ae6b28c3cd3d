"""Who may send to each scheme of the tests and who may read it, as the files of both services."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from tests.support.people import ANNA, BO, RECORDER
from tests.support.shop import SHOP
from tests.support.stored import SOURCE

GATE_SOURCE = "urn:jifen:source:gate"

_ALL = ("admin", "org", "facts", "acts")
# Their sources and scopes: people at their desks, the import of a past, a machine at a gate.
SENDERS: Mapping[str, tuple[str, Sequence[str]]] = {
    "desk": (SOURCE, _ALL),
    "past": (SOURCE, (*_ALL, "history")),
    "gate": (GATE_SOURCE, ("facts",)),
    "shop": (SHOP, ("shop", "history")),
}
READERS: Mapping[str, str | None] = {
    "self": ANNA,
    "branch": BO,
    "staff": None,
    "reviewer": RECORDER,
    "upper": None,
    "auditor": None,
    "public": None,
    "shop": None,
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Of one scheme, by the name of the sender or of the reader's column."""

    send: Mapping[str, str]
    read: Mapping[str, str]


def draw_tokens() -> Tokens:
    return Tokens(
        {name: token_urlsafe(32) for name in SENDERS},
        {name: token_urlsafe(32) for name in READERS},
    )


def write_sources(path: Path, tokens: Mapping[str, Tokens]) -> Path:
    path.write_text(
        "\n".join(
            _stanza(
                "credential",
                name=f"{name}-{scheme}",
                scheme=scheme,
                token_sha256=_sha256(own.send[name]),
                sources=[source],
                scopes=list(scopes),
            )
            for scheme, own in tokens.items()
            for name, (source, scopes) in SENDERS.items()
        )
    )
    return path


def write_readers(path: Path, tokens: Mapping[str, Tokens]) -> Path:
    path.write_text(
        "\n".join(
            _stanza(
                "reader",
                name=column,
                scheme=scheme,
                token_sha256=_sha256(own.read[column]),
                column=column,
                **({} if member is None else {"member": member}),
            )
            for scheme, own in tokens.items()
            for column, member in READERS.items()
        )
    )
    return path


def _stanza(kind: str, **values: Any) -> str:
    # JSON's strings and lists of strings are TOML's as well.
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join((f"[[{kind}]]", *lines, ""))


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""The reads that take neither `known_at` nor `as_of`, each with its reason: there are no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MOMENTS: Final = ("known_at", "as_of")

_FIXED = "its address names the bytes, which never change."
_SIZED = "its address names the size of the log that it is of."
_NEWEST = "it is about what is published by now; older ones are among `log/checkpoints`."
_PROOF = "`size` names the tree that it proves against."

# By the address within the scheme, as the routes spell it.
REASONS: Final[Mapping[str, str]] = {
    "directory/{member}": "the directory lies outside of the stream and keeps none of its past.",
    "log/checkpoint": _NEWEST,
    "log/checkpoints": "`from` names the size; checkpoints are listed by it.",
    "log/tile/{level}/{place:path}": _FIXED,
    "log/tile/entries/{place:path}": _FIXED,
    "log/vkeys": "keys are those of now and of before, all of them.",
    "log/proof/inclusion": _PROOF,
    "log/proof/consistency": _PROOF,
    "log/records/{seq}/receipt": "it proves a record against the newest tree.",
    "log/balances/{size}": _SIZED,
    "log/rankings/{size}": _SIZED,
    "log/audit-bundle/{size}": _SIZED,
}
_WITHIN: Final = "/v1/schemes/{scheme}/"


def reason_of(path: str) -> str | None:
    """Return why a route takes no moment, None where it takes both."""
    plain = path.replace("{place}", "{place:path}")
    return REASONS.get(plain.removeprefix(_WITHIN))

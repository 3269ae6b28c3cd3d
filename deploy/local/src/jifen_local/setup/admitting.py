"""Adds senders and readers to a file of them; one of the same name takes the other's place."""

import re
import tomllib

# Each of them begins with its own line, such as [[credential]].
_BEGINS = re.compile(r"^(?=\[\[)", re.MULTILINE)


def admitted(known: str, stanzas: str) -> str:
    """Return the file with these in it. Raises tomllib.TOMLDecodeError."""
    fresh = _stanzas(stanzas)
    names = {_name_of(one) for one in fresh}
    kept = [one for one in _stanzas(known) if _name_of(one) not in names]
    return "\n".join(f"{one.strip()}\n" for one in (*kept, *fresh))


def _stanzas(text: str) -> list[str]:
    return [one for one in _BEGINS.split(text) if one.startswith("[[")]


def _name_of(stanza: str) -> tuple[object, object]:
    (one,) = next(iter(tomllib.loads(stanza).values()))
    return one.get("name"), one.get("scheme")

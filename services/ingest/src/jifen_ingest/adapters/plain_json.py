"""JSON that can be read in one way only: no repeated keys, which readers resolve differently."""

import json
from typing import Final

import orjson

from jifen_ingest.domain.refusals import Malformed

_NOT_JSON: Final = "the body is not JSON in UTF-8"


class _Repeated(ValueError):  # noqa: N818 - not an error of ours
    pass


def parsed(body: bytes) -> object:
    """Return the value of a JSON text; raises Malformed."""
    try:
        value: object = orjson.loads(body)
        written = orjson.dumps(value)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"{_NOT_JSON}: line {error.lineno}, column {error.colno}") from None
    except orjson.JSONEncodeError:
        # orjson reads deeper than it writes; an event has at most 32 levels.
        raise Malformed("the body is nested too deeply") from None
    # orjson keeps the last of repeated keys and says nothing. Writing the value again is cheap,
    # and nothing but floats, which no event may have, is written longer than it was sent: the
    # same length proves that no key was dropped. Only the others are read a second time.
    if len(body) != len(written):
        try:
            json.loads(body, object_pairs_hook=_once)
        except _Repeated:
            raise Malformed("a key occurs twice in one object") from None
        except (ValueError, RecursionError):
            raise Malformed(_NOT_JSON) from None
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Repeated
    return members

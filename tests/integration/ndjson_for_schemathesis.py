"""How schemathesis writes a body of lines; loaded by its command through SCHEMATHESIS_HOOKS."""

from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines_of(_: object, value: Any) -> bytes:
    return str(value).encode("utf-8", errors="replace")

"""The trace that an event or a request belongs to, as W3C Trace Context spells it."""

import re

# The header of a request or message; an event bears the same text as an extension attribute.
TRACEPARENT = "traceparent"

_FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_SAMPLED = 1


def traceparent_of(header: str | None) -> str | None:
    """Return the header as an event may bear it; None for what names no trace."""
    found = _FORM.fullmatch(header or "")
    if found is None or not int(found[1], 16) or not int(found[2], 16):
        return None
    return found[0]


def trace_id_of(traceparent: str | None) -> str | None:
    """Return the trace that a `traceparent` names, if it names one."""
    known = traceparent_of(traceparent)
    return None if known is None else known[3:35]


def is_sampled(traceparent: str) -> bool:
    """Tell whether whoever began the trace wants it recorded."""
    return bool(int(traceparent[-2:], 16) & _SAMPLED)

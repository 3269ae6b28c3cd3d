"""Why bytes of the log are not believed.

Unbelieved
├── Malformed     not of the form that tlog.md gives
└── Unverified    of the form, but a signature, a hash or a proof does not fit
"""

from __future__ import annotations


class Unbelieved(ValueError):  # noqa: N818 - a verdict on bytes, not an accident
    """A note, proof, receipt or record is refused; the message says why."""


class Malformed(Unbelieved):
    """The bytes are not of the form that tlog.md gives."""


class Unverified(Unbelieved):
    """The form is right, but a signature, a hash or a proof does not fit."""

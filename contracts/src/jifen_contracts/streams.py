"""The settings of a scheme's streams, and how one is closed to all but its refill."""

from collections.abc import Mapping
from typing import Final

from jifen_contracts.subjects import (
    evidence_bucket_of,
    evidence_stream_of,
    private_stream_of,
    private_subjects_of,
    refill_subject_of,
    stream_of,
    subjects_of,
)

DUPLICATE_WINDOW_NS: Final = 120_000_000_000
EVENT_MESSAGE_BYTES_MAX: Final = 57_344
PRIVATE_MESSAGE_BYTES_MAX: Final = 131_072
# In a stream's metadata: a refill's mark, another one each time.
REFILLED: Final = "jifen-refilled"
_TRANSFORM: Final = "subject_transform"

Settings = Mapping[str, object]


def event_stream(scheme: str, *, replicas: int, erasable: bool) -> Settings:
    """Return the settings of the scheme's stream."""
    return {
        **_shared(replicas),
        "name": stream_of(scheme),
        "subjects": [subjects_of(scheme)],
        "max_msg_size": EVENT_MESSAGE_BYTES_MAX,
        "deny_delete": not erasable,
        "deny_purge": not erasable,
    }


def private_stream(scheme: str, *, replicas: int) -> Settings:
    """Return the settings of the stream of private parts."""
    # Never protected: erasing a person purges their subject.
    return {
        **_shared(replicas),
        "name": private_stream_of(scheme),
        "subjects": [private_subjects_of(scheme)],
        "max_msg_size": PRIVATE_MESSAGE_BYTES_MAX,
        "deny_delete": False,
        "deny_purge": False,
    }


def evidence_stream(scheme: str, *, replicas: int) -> Settings:
    """Return the stream that is a bucket of NATS' object store (ADR-20)."""
    bucket = evidence_bucket_of(scheme)
    return {
        **_shared(replicas),
        "name": evidence_stream_of(scheme),
        "subjects": [f"$O.{bucket}.C.>", f"$O.{bucket}.M.>"],
        # The entry of a file replaces the one before it.
        "allow_rollup_hdrs": True,
        "deny_delete": False,
        "deny_purge": False,
        # Photos and PDF files are compressed already.
        "compression": "none",
    }


def closed(settings: Settings, subjects: str) -> Settings:
    """Return the settings with which the stream takes only what comes on its refill's subjects.

    What is published on its own subjects meanwhile reaches nobody, so it is refused at once; what
    is refilled is stored under the stream's own subjects.
    """
    door = refill_subject_of(subjects)
    return {**settings, "subjects": [door], _TRANSFORM: {"src": door, "dest": subjects}}


def opened(settings: Settings, subjects: str, mark: str) -> Settings:
    """Return the settings with which the stream takes what comes on its own subjects.

    By the mark those who write to it know that it was refilled, and where it ends is right.
    """
    kept = {key: value for key, value in settings.items() if key != _TRANSFORM}
    metadata = settings.get("metadata")
    before = metadata if isinstance(metadata, dict) else {}
    return {**kept, "subjects": [subjects], "metadata": {**before, REFILLED: mark}}


def is_closed(settings: Settings, subjects: str) -> bool:
    """Tell whether the stream takes nothing but its refill."""
    return settings.get("subjects") == [refill_subject_of(subjects)]


def _shared(replicas: int) -> dict[str, object]:
    return {
        "storage": "file",
        "retention": "limits",
        "num_replicas": replicas,
        "max_msgs": -1,
        "max_bytes": -1,
        "max_age": 0,
        "max_msgs_per_subject": -1,
        # A full stream refuses events instead of forgetting old ones.
        "discard": "new",
        "duplicate_window": DUPLICATE_WINDOW_NS,
        "allow_atomic": True,
        "allow_direct": True,
        "compression": "s2",
    }

"""Subjects and streams of the broker: the only place that spells them."""


def stream_of(scheme: str) -> str:
    """Return the name of the scheme's stream."""
    return f"JIFEN_{scheme}"


def private_stream_of(scheme: str) -> str:
    """Return the name of the stream of the scheme's private parts."""
    return f"JIFEN_PRIVATE_{scheme}"


def evidence_bucket_of(scheme: str) -> str:
    """Return the name of the bucket of the scheme's evidence files."""
    return f"JIFEN_EVIDENCE_{scheme}"


def evidence_stream_of(scheme: str) -> str:
    """Return the name of the stream that a bucket of evidence files is, by NATS' convention."""
    return f"OBJ_{evidence_bucket_of(scheme)}"


def subjects_of(scheme: str) -> str:
    """Return the subjects of the scheme's stream."""
    return f"jifen.v1.{scheme}.>"


def private_subjects_of(scheme: str) -> str:
    """Return the subjects of the scheme's private stream."""
    return f"jifen.private.v1.{scheme}.>"


def subject_of(scheme: str, subject: str, type: str) -> str:  # noqa: A002 - CloudEvents says type
    """Return the subject of an event, such as jifen.v1.plant.m-0a17.points.earned."""
    _, noun, verb, _ = type.split(".")
    return f"jifen.v1.{scheme}.{subject}.{noun}.{verb}"


def private_subject_of(scheme: str, person: str) -> str:
    """Return the subject of one person's private parts."""
    return f"jifen.private.v1.{scheme}.{person}"


def ingest_subject_of(scheme: str) -> str:
    """Return the subject on which ingest takes the scheme's events."""
    return f"jifen.ingest.v1.{scheme}"


def refill_subject_of(subject: str) -> str:
    """Return where a message with the subject is sent to refill a stream that is closed."""
    return f"jifen.refill.{subject.removeprefix('jifen.')}"

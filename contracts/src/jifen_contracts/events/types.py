"""Types of events: how they are spelled, which can post, which are folded, how long they may be."""

from typing import Annotated, Final

from pydantic import StringConstraints

EVENT_BYTES_MAX: Final = 49_152
POSTING_EVENT_BYTES_MAX: Final = 8_192

TypeText = Annotated[
    str,
    StringConstraints(
        pattern=r"^jifen\.[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}\.v[1-9][0-9]{0,3}$"
    ),
]

POSTING_TYPES: Final = frozenset(
    {
        "jifen.points.earned.v1",
        "jifen.points.reviewed.v1",
        "jifen.points.reversed.v1",
        "jifen.redemption.reserved.v1",
        "jifen.redemption.fulfilled.v1",
        "jifen.redemption.cancelled.v1",
        "jifen.concern.reopened.v1",
        "jifen.member.enrolled.v1",
    }
)

FOLDED_TYPES: Final = frozenset(
    {
        "jifen.scheme.published.v1",
        "jifen.unit.registered.v1",
        "jifen.member.enrolled.v1",
        "jifen.member.assigned.v1",
        "jifen.member.left.v1",
        "jifen.absence.recorded.v1",
        "jifen.assessment.submitted.v1",
        "jifen.panel.formed.v1",
        "jifen.shares.declared.v1",
        "jifen.points.earned.v1",
        "jifen.points.reviewed.v1",
        "jifen.points.reversed.v1",
        "jifen.period.advanced.v1",
        "jifen.objection.filed.v1",
        "jifen.objection.decided.v1",
        "jifen.offer.listed.v1",
        "jifen.redemption.reserved.v1",
        "jifen.redemption.fulfilled.v1",
        "jifen.redemption.cancelled.v1",
        "jifen.veto.imposed.v1",
        "jifen.veto.lifted.v1",
        "jifen.award.granted.v1",
        "jifen.award.revoked.v1",
        "jifen.grade.decided.v1",
        "jifen.person.erased.v1",
        "jifen.log.continued.v1",
        "jifen.concern.raised.v1",
        "jifen.concern.assigned.v1",
        "jifen.concern.resolved.v1",
        "jifen.concern.confirmed.v1",
        "jifen.concern.reopened.v1",
    }
)


def schema_of(type: str) -> str:  # noqa: A002 - CloudEvents says type
    """Return the URN of the schema of a type's data: urn:jifen:schema:points.earned:v1."""
    _, noun, verb, version = type.split(".")
    return f"urn:jifen:schema:{noun}.{verb}:{version}"


def size_max(type: str) -> int:  # noqa: A002 - CloudEvents says type
    """Return the bytes an event of this type may have: what can post leaves room for postings."""
    return POSTING_EVENT_BYTES_MAX if type in POSTING_TYPES else EVENT_BYTES_MAX

"""Reason codes that every reader is told in words; other short codes are reasons just as well."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

# By the act that they give a reason for. Whoever sends one of these sees it in their own language
# on every page; a code of one's own is shown with the words in `private`, or as it is.
REASONS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "points.earned, admitted": ("was_ill", "was_away", "record_came_late", "system_was_down"),
        "points.reviewed, accept": (
            "checked_lower",
            "list_shows_less",
            "other_item",
            "partly_shown",
            "wrong_item",
            "wrong_value",
        ),
        "points.reviewed, return": (
            "evidence_missing",
            "not_shown",
            "record_missing",
            "unclear",
            "wrong_date",
        ),
        "points.reviewed, reject": (
            "did_not_progress",
            "late_report",
            "not_confirmed",
            "not_valid",
            "other_person",
            "same_problem",
        ),
        "points.reversed": (
            "altered_record",
            "concern_reopened",
            "filed_by_mistake",
            "objection_upheld",
            "shares_changed",
            "staged_photo",
            "wrong_date",
            "wrong_entry",
            "wrong_item",
            "wrong_person",
            "wrong_value",
        ),
        "objection.decided": (
            "as_recorded",
            "mistaken",
            "other_person",
            "partly_shown",
            "rule_applied",
            "to_next_quarter",
        ),
        "period.advanced": (
            "corrected",
            "facts_came_late",
            "objection_upheld",
            "veto_annulled",
        ),
        "period.advanced, waive": (
            "first_year",
            "leave_approved",
            "not_due",
            "records_lost",
        ),
        "assessment.submitted, missing": ("leave_approved", "on_leave", "unreachable", "was_ill"),
        "grade.decided": (
            "adjusted_later",
            "appeal_upheld",
            "conduct",
            "democratic_review",
            "tie_decided",
        ),
        "veto.lifted": ("appeal_upheld", "decision_repealed", "time_served", "wrong_person"),
        "award.revoked": ("basis_withdrawn", "conduct", "left_post"),
        "concern.assigned": (
            "budget_awaited",
            "escalated",
            "other_handler",
            "parts_ordered",
            "same_problem",
            "weather",
        ),
        "concern.reopened": ("broken_again", "not_settled", "partly_done"),
        "scheme.published, retroactive": ("rule_changed_above", "wrong_value"),
    }
)


def known_reasons() -> Sequence[str]:
    """Return every code of the lists once, in alphabetical order."""
    return sorted({code for codes in REASONS.values() for code in codes})

"""Who sees the log's entries; what of the log holds no entries is everybody's."""

from __future__ import annotations

from enum import StrEnum

from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.application.queries.rights import OUTSIDE, Column, Policy, Reader


class EntriesAccess(StrEnum):
    """Who reads the log's entries, and with them what anybody was given for what."""

    AUDITORS = "auditors"
    MEMBERS = "members"
    PUBLIC = "public"


def access_in_force(access: EntriesAccess, document: SchemeDocument | None) -> EntriesAccess:
    """Return who reads entries: postings tell ranks, so only open rankings allow open entries."""
    if document is None:
        return EntriesAccess.AUDITORS
    policy = document.ranking.policy
    shown = {Policy(one) for one in (policy.committee, policy.member, policy.unit)}
    return access if shown == {Policy.FULL} else EntriesAccess.AUDITORS


def sees_entries(reader: Reader, access: EntriesAccess) -> bool:
    """Tell whether the reader sees the entries of the whole log."""
    match access:
        case EntriesAccess.AUDITORS:
            return reader.column is Column.AUDITOR
        case EntriesAccess.MEMBERS | EntriesAccess.PUBLIC:
            return reader.column not in OUTSIDE

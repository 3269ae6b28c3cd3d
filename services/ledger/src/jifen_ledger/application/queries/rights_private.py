"""Who sees private text and files of evidence (domain.md §7); an auditor sees hashes only."""

from __future__ import annotations

from collections.abc import Collection

from jifen_ledger.application.queries.rights import OUTSIDE, Column, Reader


def sees_hash(reader: Reader) -> bool:
    """Tell whether the reader is shown that there is a private part, and nothing of it."""
    return reader.column is Column.AUDITOR


def never_sees_text(reader: Reader) -> bool:
    """Tell whether nothing is ever opened to the reader, whatever it is about."""
    return reader.column is Column.AUDITOR or reader.column in OUTSIDE


def is_party(reader: Reader, people: Collection[str | None]) -> bool:
    """Tell whether the reader is one of those it is about, or said it themselves."""
    return not never_sees_text(reader) and reader.member is not None and reader.member in people


def handles(reader: Reader, handlers: Collection[str]) -> bool:
    """Tell whether the reader is one of those who handle or decided the case."""
    acts = reader.column in (Column.REVIEWER, Column.UPPER)
    return acts and reader.member is not None and reader.member in handlers


def opens_case_of_branch(reader: Reader, *, own_case: bool, for_upper: bool) -> bool:
    """Tell whether a claim's text is opened to whoever reviews.

    Reviewers see their own cases. The upper level sees what it decides itself and the samples of
    the re-check, and no other member's words.
    """
    match reader.column:
        case Column.REVIEWER:
            return own_case
        case Column.UPPER:
            return for_upper
        case _:
            return False


def opens_personnel(reader: Reader, branch: str | None, *, judged: bool) -> bool:
    """Tell whether a document about a person is opened to others than the person.

    What a veto, grade or award rests on is seen by the upper level, too; why somebody was on leave
    is the business of those who review for the branch alone.
    """
    if reader.column is Column.REVIEWER:
        return reader.own_branch(branch)
    return judged and reader.column is Column.UPPER

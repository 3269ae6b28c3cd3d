"""What an export holds: its tables in their order, and what else is in it."""

from __future__ import annotations

from typing import Final

from jifen_ledger.application.exporting.tables import (
    claims,
    people,
    quarters,
    records,
    registers,
    wallets,
)

# Rows of these come from the sheets of bulletins.
PUBLISHED: Final = (quarters.BULLETINS, quarters.SCORES, quarters.RANKINGS)
# Rows of these come one by one from the ledger's tables.
STREAMED: Final = (
    records.RECORDS,
    registers.UNITS,
    registers.MEMBERS,
    registers.JOINED,
    registers.DEPARTURES,
    registers.ASSIGNMENTS,
    registers.PANELS,
    registers.SHARES,
    registers.ABSENCES,
    registers.ERASURES,
    claims.CLAIMS,
    claims.DECISIONS,
    claims.EVIDENCE,
    records.POSTINGS,
    records.BALANCES,
    quarters.ASSESSMENTS,
    quarters.QUARTERS,
    quarters.OBJECTIONS,
    quarters.ADJUSTMENTS,
    people.VETOES,
    people.GRADES,
    people.AWARDS,
    people.CONCERNS,
    wallets.OFFERS,
    wallets.REDEMPTIONS,
    wallets.LOTS,
    wallets.DEBTS,
    wallets.BUDGETS,
)
TABLES: Final = (STREAMED[0], registers.VERSIONS, *STREAMED[1:], *PUBLISHED)

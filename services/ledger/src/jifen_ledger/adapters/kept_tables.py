"""The tables of the registers whose objects change, by the register's name."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from jifen_ledger.adapters.assessment_table import assessment
from jifen_ledger.adapters.concern_tables import concern, resting
from jifen_ledger.adapters.kept_table import kept_table
from jifen_ledger.adapters.people_tables import award, erasure, grade, veto
from jifen_ledger.adapters.quarter_tables import (
    adjustment,
    bulletin,
    objection,
    period,
    published_line,
)
from jifen_ledger.adapters.wallet_tables import incentive_year, lot, offer, redemption, wallet

absence = kept_table(
    "absence",
    ("member", "absence"),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("absence", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("to_day", sa.Date, nullable=False),
    sa.Column("has_basis", sa.Boolean, nullable=False),
    sa.CheckConstraint("kind IN ('leave', 'sick', 'study', 'seconded', 'exempt')", name="kind"),
    sa.CheckConstraint("from_day < to_day", name="to_day"),
    sa.CheckConstraint("kind <> 'exempt' OR has_basis", name="has_basis"),
)

KEPT: Mapping[str, sa.Table] = {
    "absences": absence,
    "assessments": assessment,
    "periods": period,
    "objections": objection,
    "adjustments": adjustment,
    "bulletins": bulletin,
    "published_lines": published_line,
    "lots": lot,
    "wallets": wallet,
    "incentive_years": incentive_year,
    "offers": offer,
    "redemptions": redemption,
    "vetoes": veto,
    "awards": award,
    "grades": grade,
    "erasures": erasure,
    "concerns": concern,
    "resting": resting,
}

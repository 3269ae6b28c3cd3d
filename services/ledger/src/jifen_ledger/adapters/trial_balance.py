"""The trial balance: every balance is the sum of its postings, and each unit sums to zero."""

from __future__ import annotations

import sqlalchemy as sa

from jifen_ledger.adapters.tables import balance, posting

_summed = (
    sa.select(posting.c.account, sa.func.sum(posting.c.delta).label("tenths"))
    .where(posting.c.scheme == sa.bindparam("scheme"))
    .group_by(posting.c.account)
    .subquery("summed")
)
_kept = (
    sa.select(balance.c.account, balance.c.tenths)
    .where(balance.c.scheme == sa.bindparam("scheme"))
    .subquery("kept")
)

# One row for each account whose balance and postings disagree; none means that they agree.
UNBALANCED = (
    sa.select(
        sa.func.coalesce(_kept.c.account, _summed.c.account).label("account"),
        sa.func.coalesce(_kept.c.tenths, 0).label("balance"),
        sa.func.coalesce(_summed.c.tenths, 0).label("postings"),
    )
    .select_from(_kept.join(_summed, _kept.c.account == _summed.c.account, full=True))
    .where(_kept.c.tenths.is_distinct_from(_summed.c.tenths))
)

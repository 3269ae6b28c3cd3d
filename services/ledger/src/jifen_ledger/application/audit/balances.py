"""The ledger's balances as text, compared with the sums of the records (tlog.md §7.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from jifen_ledger.application.audit.audited import AuditFailed

_LINE: Final = re.compile(rb"([a-z][A-Za-z0-9._:-]*) (0|-?[1-9][0-9]{0,18})", re.ASCII)


def balances_text(balances: Iterable[tuple[str, int]]) -> bytes:
    """Return a line for each account, sorted by account."""
    return b"".join(b"%b %d\n" % (account, tenths) for account, tenths in _sorted(balances))


def _sorted(balances: Iterable[tuple[str, int]]) -> list[tuple[bytes, int]]:
    return sorted((account.encode(), tenths) for account, tenths in balances)


def compare_balances(said: bytes, summed: Mapping[str, int]) -> None:
    """Compare what the ledger says with what the records sum to. Raises AuditFailed."""
    told: dict[str, int] = {}
    last = b""
    if said and not said.endswith(b"\n"):
        raise AuditFailed("the balances do not end with a line's end")
    for number, line in enumerate(said.split(b"\n")[:-1], start=1):
        found = _LINE.fullmatch(line)
        if found is None or found[1] <= last:
            raise AuditFailed(f"line {number} of the balances is not an account in its place")
        last = found[1]
        told[last.decode()] = int(found[2])
    for account in sorted(told.keys() | summed.keys()):
        if told.get(account) != summed.get(account):
            raise AuditFailed(
                f"the ledger says {_tenths(told.get(account))} of {account},"
                f" its records sum to {_tenths(summed.get(account))}"
            )


def _tenths(value: int | None) -> str:
    return "nothing" if value is None else f"{value} tenths"

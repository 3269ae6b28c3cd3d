"""What a branch's claims of one quarter went through, as counted for the health check."""

from __future__ import annotations

from typing import NamedTuple

from jifen_ledger.domain.replacing import replaced_quickly


@replaced_quickly
class Tally(NamedTuple):
    """Counts of one branch and deed quarter.

    `claims` were opened, `typed` of all statements came from a person, `late` came after the claims
    deadline. Reviews are counted as they are decided, with how many came after their day;
    `turned_down` were returned or rejected; at `helped` ones an officer of a unit above completed
    the panel.
    """

    claims: int = 0
    typed: int = 0
    late: int = 0
    preliminary: int = 0
    preliminary_late: int = 0
    verified: int = 0
    verified_late: int = 0
    turned_down: int = 0
    helped: int = 0


NO_TALLY = Tally()

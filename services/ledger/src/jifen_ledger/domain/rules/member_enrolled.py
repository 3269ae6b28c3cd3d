"""`member.enrolled`: a person's standing from a date on; may join two records of one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import MemberEnrolled, MemberEnrolledData
from jifen_ledger.domain.joining import join
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.registers import Member, Standing
from jifen_ledger.domain.state import State


def enrol(state: State, event: MemberEnrolled, moment: Moment) -> Effect:
    """Add the standing. Raises `already_exists`, `unknown_member`, `erased`."""
    data, member = event.data, event.subject
    if state.units.get(member) is not None:
        raise Refused(Code.ALREADY_EXISTS)
    other = None if data.same_as is None else state.members.get(data.same_as)
    if data.same_as is not None and (other is None or other.id == member):
        raise Refused(Code.UNKNOWN_MEMBER)
    if other is not None and other.joined_into is not None:
        raise Refused(Code.UNKNOWN_MEMBER)
    from_ = date.fromisoformat(data.from_)
    known = state.members.get(member)
    if known is not None and known.joined_into is not None:
        raise Refused(Code.ALREADY_EXISTS)
    if any(state.erasures.get(one) is not None for one in (member, data.same_as) if one):
        raise Refused(Code.ERASED)
    if known is None or not _is_scanned_again(data):
        standing = Standing(moment.seq, data.standing, from_, data.channel)
        standings = () if known is None else known.standings
        enrolled = replace(known or Member(member, ()), standings=(*standings, standing))
        state.members.put(member, enrolled)
        state.changes.standings.append((member, standing))
    return Effect() if other is None else join(state, survivor=member, closed=other, moment=moment)


def _is_scanned_again(data: MemberEnrolledData) -> bool:
    """Whoever is registered and scans a call-up code again stays what they are."""
    return data.channel is not None and data.standing == "applicant"

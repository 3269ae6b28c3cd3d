"""The two sheets of a bulletin and their hashes (domain.md §5.4): canonical JSON, frozen for ever.

The *full sheet* is for reviewers, the upper level and auditors. The *branch sheet* is for every
member: committee and unit in full but for deductions (§7), other members as the policy allows,
so that under `bands` and `off` nothing lets one derive another person's rank or score (§5.6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from jifen_contracts.canonical import canonical, decode
from jifen_ledger.domain.bulletin.content import Content, Line
from jifen_ledger.domain.bulletin.differences import differences
from jifen_ledger.domain.ranking import band_of, ranking

SCHEMA = "jifen.bulletin/1"
# Who holds an office, and units, are shown to their branch in full (domain.md §7).
OPEN_CAPACITIES = ("committee", "unit")

Object = dict[str, Any]


class Frozen(NamedTuple):
    """A frozen revision: both sheets as bytes, and their SHA-256 in hexadecimal."""

    full_sheet: bytes
    branch_sheet: bytes
    content_hash: str
    branch_hash: str


def freeze(content: Content, before: bytes | None) -> Frozen:
    """Return the sheets of a revision; `before` is the full sheet of the revision before it."""
    lines = _lines(content)
    full = _head(content) | {
        "holders": lines,
        "adjustments": [_adjustment(one) for one in content.adjustments],
        "waived": [
            {"holder": one.holder, "item": one.item, "period": one.period} for one in content.waived
        ],
    }
    if before is not None:
        full["differences"] = differences(decode(before), full, content.changes)
    branch = _head(content) | _open_part(content, full)
    sheets = canonical(full), canonical(branch)
    return Frozen(*sheets, *(sha256(sheet).hexdigest() for sheet in sheets))


def _head(content: Content) -> Object:
    """Return what both sheets say alike."""
    head: Object = {
        "schema": SCHEMA,
        "scheme": content.scheme,
        "branch": content.branch,
        "quarter": content.quarter,
        "revision": content.revision,
        "upto_seq": content.upto_seq,
        "versions": list(content.versions),
        "claims": {"late": content.claims_late, "open": content.claims_open},
        "objections": {
            "filed": content.objections.filed,
            "upheld": content.objections.upheld,
            "partly": content.objections.partly,
            "dismissed": content.objections.dismissed,
            "carried": content.objections.carried,
        },
        "health": [
            {"line": one.line, "light": one.light.value, "part": one.part, "whole": one.whole}
            | ({"stays_red": True} if one.stays_red else {})
            for one in content.health
        ],
    }
    if content.panel is not None:
        panel = content.panel
        head["panel"] = {
            "panel": panel.panel,
            "chair": panel.chair,
            "members": list(panel.members),
        }
    return head


def _lines(content: Content) -> list[Object]:
    ordered = sorted(content.lines, key=lambda line: (line.capacity, line.holder))
    placed = _places(content, ordered)
    return [_line(line) | placed.get((line.holder, line.capacity), {}) for line in ordered]


def _line(line: Line) -> Object:
    shown: Object = {
        "holder": line.holder,
        "capacity": line.capacity,
        "base_earned": line.earned,
        "base_applicable": line.applicable,
        "bonus": _by_category(line.bonus),
        "points": _by_category(line.points),
        "excess": line.excess,
        "deductions": line.deductions,
    }
    if line.score is not None:
        shown["score"] = line.score
    if line.partial:
        shown["partial"] = True
    return shown


def _by_category(points: Mapping[str, int]) -> Object:
    return {category.lower(): tenths for category, tenths in points.items() if tenths}


def _places(content: Content, lines: Sequence[Line]) -> Mapping[tuple[str, str], Object]:
    """Return rank or band by (holder, capacity), as the policy of the capacity allows."""
    places: dict[tuple[str, str], Object] = {}
    for capacity in ("committee", "member"):
        scored = [
            (line.holder, line.score)
            for line in lines
            if line.capacity == capacity and line.score is not None
        ]
        policy = content.ranks.policy.get(capacity, "off")
        if policy == "full" and len(scored) >= content.ranks.min_n:
            for one in ranking(scored):
                places[one.holder, capacity] = {"rank": one.rank}
        elif policy == "bands" and len(scored) >= content.ranks.min_n:
            for holder, score in scored:
                band = band_of(score, content.ranks.bands)
                if band is not None:
                    places[holder, capacity] = {"band": band}
    return places


def _open_part(content: Content, full: Object) -> Object:
    """Return what every member of the branch sees of the full sheet."""
    opened = {
        capacity
        for capacity in ("committee", "member", "unit")
        if capacity in OPEN_CAPACITIES or content.ranks.policy.get(capacity) == "full"
    }
    part: Object = {
        "holders": [_without_deductions(one) for one in full["holders"] if _in(one, opened)],
        "bands": [
            {"holder": one["holder"], "capacity": one["capacity"], "band": one["band"]}
            for one in sorted(full["holders"], key=_by_band)
            if "band" in one and not _in(one, opened)
        ],
        "adjustments": [one for one in full["adjustments"] if _in(one, opened)],
    }
    if "differences" in full:
        part["differences"] = [one for one in full["differences"] if _is_open(one, opened)]
    return part


def _is_open(difference: Object, opened: set[str]) -> bool:
    """Tell whether every member sees the difference: those of the whole branch they all do."""
    if "holder" not in difference:
        return True
    return _in(difference, opened) and difference["figure"] != "deductions"


def _in(one: Object, capacities: set[str]) -> bool:
    return one["capacity"] in capacities


def _without_deductions(one: Object) -> Object:
    return {key: value for key, value in one.items() if key != "deductions"}


def _by_band(one: Object) -> tuple[int, str]:
    # The order inside a band tells nothing.
    return -int(one.get("band", 0)), str(one["holder"])


def _adjustment(one: Any) -> Object:  # noqa: ANN401 - an Adjustment
    return {
        "holder": one.holder,
        "capacity": one.capacity,
        "quarter": one.quarter,
        "item": one.item,
        "points": one.points,
        "seq": one.seq,
    }

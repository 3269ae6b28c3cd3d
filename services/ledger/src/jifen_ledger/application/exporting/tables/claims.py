"""Tables of an export: claims with their three values side by side, and every step of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from jifen_contracts.periods import quarter_of
from jifen_ledger.application.exporting.columns import (
    BRANCH,
    BY,
    CLAIM,
    DECIDERS,
    HOLDER,
    ITEM,
    QUARTER,
    REASON,
    SEQ,
    STATE,
    Column,
    Row,
    Table,
    count,
    day,
    ids,
    points,
    said,
    text,
)
from jifen_ledger.domain.claim import Claim, Measured, Step

CAPACITIES: Final = ("committee", "member", "unit")
_STAGES: Final = {
    "claimed": ("申报", "as claimed"),
    "preliminary": ("初评", "after the preliminary review"),
    "verified": ("核实", "as verified"),
}
_CAPACITIES_ZH: Final = {"committee": "支委", "member": "党员", "unit": "单位"}


class ClaimLife(NamedTuple):
    """A claim as it stood, and its steps until then in stream order."""

    claim: Claim
    steps: Sequence[Step]


def measure_object(measure: Mapping[str, Measured]) -> dict[str, Any]:
    """Return the measure as it was sent."""
    return {
        capacity: {
            name: value
            for name in Measured._fields
            if (value := getattr(measured, name)) is not None
        }
        for capacity, measured in measure.items()
    }


def _life(life: ClaimLife) -> Row:
    claim = life.claim
    last = {step.step: step for step in life.steps}
    return (
        claim.id,
        claim.seq,
        claim.holder,
        claim.state.value,
        claim.item,
        claim.deed,
        claim.group,
        claim.project,
        claim.deed_date,
        quarter_of(claim.deed_date),
        claim.branch,
        claim.version,
        claim.catalogue,
        claim.counterpart,
        claim.signed,
        sorted(claim.evidence_kinds),
        claim.has_basis,
        claim.by,
        claim.replaces,
        claim.duplicate_of,
        claim.until,
        *(value for stage in _STAGES for value in _stage(last.get(stage))),
        claim.preliminary_deciders,
        claim.verified_deciders,
        claim.ended_by,
        claim.decided_seq,
        claim.verified_seq,
        claim.reversed_seq,
    )


def _stage(step: Step | None) -> Row:
    if step is None:
        return (None,) * 6
    amounts = (step.worth.raw.get(capacity) for capacity in CAPACITIES)
    return (step.item, measure_object(step.measure), *amounts, step.worth.incentive)


def _stage_columns(stage: str, zh: str, en: str) -> tuple[Column, ...]:
    amounts = (
        points(f"{stage}_{name}", f"{zh}分值（{_CAPACITIES_ZH[name]}）", f"points of {name}, {en}")
        for name in CAPACITIES
    )
    return (
        text(f"{stage}_item", f"{zh}小项", f"item, {en}"),
        said(f"{stage}_measure", f"{zh}计量", f"measure by capacity, {en}"),
        *amounts,
        points(f"{stage}_inc", f"{zh}激励分值", f"incentive points, {en}"),
    )


def _step(step: Step) -> Row:
    amounts = (step.worth.raw.get(capacity) for capacity in CAPACITIES)
    return (
        step.claim,
        step.seq,
        step.step,
        step.item,
        measure_object(step.measure),
        *amounts,
        step.worth.incentive,
        step.by,
        step.deciders,
        step.reason,
    )


CLAIMS: Final = Table(
    "claims",
    "申报，并列申报、初评、核实三个分值（封顶前）",
    "claims with claimed, preliminary and verified item and value side by side, before caps",
    (
        CLAIM,
        count("seq", "记录序号", "the record that opened it"),
        HOLDER,
        STATE,
        text("item", "小项", "the item it stands under"),
        text("deed", "事迹编号", "the deed's id"),
        text("group", "同一成果编号", "what several deeds belong to: a contest, a suggestion"),
        text("project", "项目编号", "the project whose shares it rests on"),
        day("deed_date", "事迹日期", "local day of the deed"),
        QUARTER,
        BRANCH,
        count("version", "制度版本", "version of the scheme that values it"),
        text("catalogue", "目录哈希", "SHA-256 of the effective catalogue"),
        ids("counterpart", "相关方", "named counterparts"),
        text("signed", "签到方式", "self or added"),
        ids("evidence_kinds", "佐证种类", "kinds of the files named"),
        count("has_basis", "有依据文件", "whether a document was named"),
        BY,
        text("replaces", "所替代申报", "the reversed claim it takes the place of"),
        text("duplicate_of", "重复于", "the claim it copies"),
        day("until", "重报期限", "last day to state a returned claim again"),
        *(column for stage, words in _STAGES.items() for column in _stage_columns(stage, *words)),
        ids("preliminary_deciders", "初评人", "who took the preliminary decision"),
        ids("verified_deciders", "核实人", "who verified it"),
        ids("ended_by", "终结人", "who rejected it at the second stage, or reversed it"),
        count("decided_seq", "最后决定记录", "record of the last decision"),
        count("verified_seq", "核实记录", "record that verified it"),
        count("reversed_seq", "冲回记录", "record that reversed it"),
    ),
    _life,
)
DECISIONS: Final = Table(
    "decisions",
    "申报的每一步",
    "every accepted step of a claim: claimed, reviewed, returned, rejected, reversed",
    (
        CLAIM,
        SEQ,
        text("step", "步骤", "what the claim became"),
        ITEM,
        said("measure", "计量", "measure by capacity, as the step left it"),
        *(
            points(name, f"分值（{_CAPACITIES_ZH[name]}）", f"points of {name}, before caps")
            for name in CAPACITIES
        ),
        points("inc", "激励分值", "incentive points, before caps"),
        BY,
        DECIDERS,
        REASON,
    ),
    _step,
)
EVIDENCE: Final = Table(
    "evidence",
    "佐证文件的使用（仅哈希）",
    "which file was evidence for which deed, by its hash; no file is in the ledger",
    (
        text("sha256", "文件哈希", "SHA-256 of the file"),
        SEQ,
        text("deed", "事迹编号", "the deed's id"),
    ),
)

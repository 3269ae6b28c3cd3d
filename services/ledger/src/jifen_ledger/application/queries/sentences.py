"""The steps of a number in one short sentence each, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jifen_contracts.points import format_points
from jifen_ledger.domain.cap_trace import Side, Traced, TraceStep


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same in both languages."""

    zh: str
    en: str


_CAPPED: Mapping[TraceStep, Sentence] = {
    TraceStep.MONTH: Sentence(
        "{of} 当月合计 {value},月上限 {cap},计 {left}。",
        "The month {of} adds up to {value}; its cap is {cap}, so {left} counts.",
    ),
    TraceStep.QUARTER: Sentence(
        "{of} 季度合计 {value},季上限 {cap},计 {left}。",
        "The quarter {of} adds up to {value}; its cap is {cap}, so {left} counts.",
    ),
    TraceStep.YEAR: Sentence(
        "{of} 年度累计 {value},年上限 {cap},本季计 {left}。",
        "The year {of} has run up to {value}; its cap is {cap}, so this quarter keeps {left}.",
    ),
    TraceStep.BONUS_PART: Sentence(
        "{of} 加分合计 {value},最多计 {cap},计 {left}。",
        "All bonus items of {of} add up to {value}; at most {cap} counts, so {left} counts.",
    ),
}
_FREE: Mapping[TraceStep, Sentence] = {
    TraceStep.LINE: Sentence(
        "{of} 按原值 {value} 计入。", "The claim {of} enters with its value of {value}."
    ),
    TraceStep.STACK: Sentence(
        "{of} 原值 {value},同一事迹只计最高,计 {left}。",
        "The claim {of} is worth {value}; of one deed the highest counts, so {left} counts.",
    ),
    TraceStep.MONTH: Sentence(
        "{of} 当月合计 {value},无月上限。", "The month {of} adds up to {value}; it has no cap."
    ),
    TraceStep.QUARTER: Sentence(
        "{of} 季度合计 {value},无季上限。", "The quarter {of} adds up to {value}; it has no cap."
    ),
    TraceStep.YEAR: Sentence(
        "{of} 年度累计 {value},无年上限,本季计 {left}。",
        "The year {of} has run up to {value} without a cap; this quarter keeps {left}.",
    ),
    TraceStep.BUDGET: Sentence(
        "{of} 当月应得激励积分 {value},年度预算已用完,实发 {left}。",
        "The month {of} has earned {value}; the year's budget was used up, so {left} was issued.",
    ),
    TraceStep.ITEM: Sentence("{of} 本季计 {left}。", "Item {of} has {left} in this quarter."),
}
_GONE = Sentence("{of} 不再计入。", "The claim {of} counts no longer.")
_CHANGE = Sentence("此前计 {before}。", "Before this record it was {before}.")


def sentence_of(step: Traced) -> Sentence:
    """Return what the step says after the record, and what it was before where that differs."""
    shown = step.after
    of_claim = step.step in (TraceStep.LINE, TraceStep.STACK)
    gone = of_claim and shown == Side()
    words = _GONE if gone else (_FREE if shown.cap is None else _CAPPED)[step.step]
    said = {"of": step.of, **_amounts(shown)}
    sentence = Sentence(words.zh.format(**said), words.en.format(**said))
    if step.before.left == step.after.left:
        return sentence
    before = format_points(step.before.left)
    return Sentence(
        sentence.zh + _CHANGE.zh.format(before=before),
        f"{sentence.en} {_CHANGE.en.format(before=before)}",
    )


def _amounts(side: Side) -> dict[str, str]:
    return {
        "value": format_points(side.value),
        "left": format_points(side.left),
        "cap": "" if side.cap is None else format_points(side.cap),
    }


BASE = Sentence(
    "基础分 = 60 × {earned} ÷ {applicable} = {base}。",
    "Base = 60 × {earned} earned ÷ {applicable} applicable = {base}.",
)
NO_BASE = Sentence("本季没有适用的基础事项。", "No base fact was applicable.")
BONUS = Sentence(
    "加分合计 {sum},最多计 20,计 {bonus},超额 {excess}。",
    "Bonus items add up to {sum}; at most 20 counts: {bonus}, excess {excess}.",
)
RESERVE = Sentence(
    "底分 = 20 − 扣分 {deductions} = {reserve}。",
    "Reserve = 20 − {deductions} of deductions = {reserve}.",
)
SCORE = Sentence(
    "得分 = 基础分 + 加分 + 底分,限于 0 至 100:{score}。",
    "Score = base + bonus + reserve, within 0 and 100: {score}.",
)
ZEROED = Sentence(
    "本季有清零(一票否决)在效,得分为 0;各项积分不变。",
    "A zero veto covers a day of the quarter: score 0; no points change.",
)
NOT_SCORED = Sentence(
    "适用基础分 {applicable} 低于 18,不计分。",
    "Not scored: only {applicable} was applicable, less than 18.",
)
YEAR = Sentence(
    "年度得分 = Σ(季度得分 × 在岗天数)÷ Σ 在岗天数 = {score}。",
    "Year score = Σ (quarter's score × active days) ÷ Σ active days = {score}.",
)
NO_YEAR = Sentence("全年没有计分的季度。", "No quarter of the year was scored.")


_OF_LOTS: Mapping[str, Sentence] = {
    "spend": Sentence(
        "{claim} 的积分兑换用去 {gone},余 {left}。",
        "{gone} of the points of claim {claim} were spent; {left} are left.",
    ),
    "expire": Sentence(
        "{claim} 的积分 {gone} 于 {expires} 到期作废,余 {left}。",
        "{gone} of the points of claim {claim} expired after {expires}; {left} are left.",
    ),
    "join": Sentence(
        "{claim} 的积分余 {left},两份档案合并后归同一账户。",
        "{left} of the points of claim {claim} are in the wallet that both records share now.",
    ),
}


def lot_sentence(kind: str, claim: str, before: int, left: int, expires: date) -> Sentence:
    """Return what became of a lot."""
    words = _OF_LOTS[kind]
    told = {
        "claim": claim,
        "gone": format_points(before - left),
        "left": format_points(left),
        "expires": expires.isoformat(),
    }
    return Sentence(words.zh.format(**told), words.en.format(**told))


def said(words: Sentence, **tenths: int) -> Sentence:
    """Return the sentence with its amounts."""
    amounts = {name: format_points(value) for name, value in tenths.items()}
    return Sentence(words.zh.format(**amounts), words.en.format(**amounts))

"""Tables of an export: incentive points, and what they are exchanged for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jifen_contracts.points import format_points
from jifen_ledger.application.exporting.columns import (
    BY,
    CLAIM,
    HOLDER,
    ITEM,
    MADE,
    MEMBER,
    NAME_EN,
    NAME_ZH,
    SEQ,
    STATE,
    Table,
    count,
    day,
    points,
    said,
    text,
)


def _holds(holds: Sequence[Sequence[Any]]) -> list[Any]:
    return [
        {"claim": claim, "made": made, "points": format_points(tenths)}
        for claim, made, tenths in holds
    ]


def _withheld(withheld: Sequence[Sequence[Any]]) -> list[Any]:
    return [
        {"item": item, "month": month, "points": format_points(tenths)}
        for item, month, tenths in withheld
    ]


LOTS: Final = Table(
    "lots",
    "激励积分批次",
    "lots of incentive points with what is left and until when",
    (
        CLAIM,
        MADE,
        SEQ,
        HOLDER,
        ITEM,
        points("amount", "发放", "points issued"),
        points("left", "剩余", "points left"),
        points("held", "预留", "of them held for goods"),
        day("posted", "入账日", "local day of posting"),
        day("due", "规定到期日", "last day by the scheme's rule"),
        day("expires", "实际到期日", "last day that holds"),
        STATE,
    ),
)
DEBTS: Final = Table(
    "debts",
    "激励积分欠账与因预算未发部分",
    "debts of wallets, and what an exhausted budget kept back",
    (
        HOLDER,
        SEQ,
        MADE,
        points("debt", "欠分", "points owed"),
        said("withheld", "未发", "points kept back, by item and month", _withheld),
    ),
)
BUDGETS: Final = Table(
    "budgets",
    "各年度激励积分发放总额",
    "incentive points issued in each calendar year",
    (text("year", "年度", "the year"), SEQ, MADE, points("issued", "已发", "points issued")),
)
OFFERS: Final = Table(
    "offers",
    "可兑换物品",
    "offers",
    (
        text("offer", "物品编号", "the offer's id"),
        SEQ,
        MADE,
        text("sponsor", "提供单位", "the sponsor"),
        NAME_ZH,
        NAME_EN,
        points("price", "单价", "price of one piece"),
        count("stock", "库存", "pieces the sponsor has"),
        count("per_member", "每人上限", "pieces a member may have"),
        day("opens", "开始日", "first day"),
        day("closes", "结束日（不含）", "first day after"),
        count("code_days", "兑换码天数", "days a code is good"),
        count("reserved", "已预留", "pieces reserved"),
    ),
)
REDEMPTIONS: Final = Table(
    "redemptions",
    "兑换",
    "redemptions",
    (
        text("redemption", "兑换编号", "the redemption's id"),
        SEQ,
        MADE,
        MEMBER,
        text("offer", "物品编号", "the offer"),
        count("quantity", "数量", "pieces"),
        points("price", "单价", "price of one piece"),
        day("reserved_on", "预留日", "local day"),
        day("code_until", "兑换码期限", "last day of the code"),
        said("holds", "支付批次", "lots that pay for it", _holds),
        STATE,
        text("why", "取消原因", "who cancelled it, or why"),
        BY,
    ),
)

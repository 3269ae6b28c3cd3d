"""Tables of an export: the records, what moved in them, and where every account stands."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson

from jifen_ledger.application.exporting.columns import (
    CLAIM,
    ITEM,
    SEQ,
    Row,
    Table,
    count,
    ids,
    points,
    text,
)
from jifen_ledger.domain.postings import unit_of_points


class RecordBytes(NamedTuple):
    """A record as the journal has it."""

    seq: int
    bytes: bytes


def _record(record: RecordBytes) -> Row:
    whole: dict[str, Any] = orjson.loads(record.bytes)
    event, outcome = whole.get("event", {}), whole["outcome"]
    return (
        record.seq,
        whole["recorded_at"],
        *(event.get(name) for name in ("source", "id", "type", "subject", "time", "recordedtime")),
        event.get("importedtime"),
        event.get("correlationid"),
        outcome["status"],
        outcome.get("code"),
        outcome.get("refers_to"),
        outcome.get("notices"),
        event.get("data", {}).get("claim"),
        len(whole["postings"]),
        sha256(record.bytes).hexdigest(),
    )


def _posting(row: Row) -> Row:
    seq, ordinal, account, *rest = row
    return (seq, ordinal, account, unit_of_points(account), *rest)


def _balance(row: Row) -> Row:
    account, tenths = row
    return (account, unit_of_points(account), tenths)


RECORDS: Final = Table(
    "records",
    "全部记录；NDJSON 每行是一条记录的原始字节",
    "every record in the order of the stream; a line of the NDJSON is a record's exact bytes",
    (
        count("seq", "序号", "place in the stream"),
        text("recorded_at", "入账时间", "when the ledger's log took it in"),
        text("source", "来源", "the system that sent the event"),
        text("id", "事件编号", "the event's id; (source, id) names it for ever"),
        text("type", "事件类型", "the event's type"),
        text("subject", "对象", "the account holder the event is about"),
        text("time", "发生时间", "when the deed or decision happened"),
        text("recordedtime", "登记时间", "recorded time: deadlines go by it"),
        text("importedtime", "导入时间", "when an import was taken in; absent: live"),
        text("correlationid", "关联编号", "what ties events together, such as an imported file"),
        text("status", "结果", "posted, recorded, refused or duplicate"),
        text("code", "退回代码", "why it was refused"),
        count("refers_to", "所指记录", "the earlier record that the outcome rests on"),
        ids("notices", "提示", "hints beside the outcome"),
        CLAIM,
        count("postings", "分录数", "how many movements the record holds"),
        text("record_sha256", "记录哈希", "SHA-256 of the record's bytes"),
    ),
    _record,
)
POSTINGS: Final = Table(
    "postings",
    "全部分录；每条记录的分录之和为零",
    "every movement on an account; those of a record add up to zero in each unit",
    (
        SEQ,
        count("ordinal", "记录内次序", "place in the record, from 0"),
        text("account", "账户", "account, such as member:m-0a17:committee or issue:D03"),
        text("unit", "积分种类", "pt 考核积分 or inc 激励积分"),
        points("delta", "变动", "movement in points"),
        ITEM,
        text("quarter", "事迹所属季度", "quarter of the deed"),
        text("kind", "种类", "award, reversal, release, absorb, deduct, spend, expire or join"),
        text("booked", "入账季度", "quarter it is booked in; later than the deed's: 上期调整"),
        CLAIM,
    ),
    _posting,
)
BALANCES: Final = Table(
    "balances",
    "各账户余额",
    "balance of every account that ever moved",
    (
        text("account", "账户", "account"),
        text("unit", "积分种类", "pt 考核积分 or inc 激励积分"),
        points("balance", "余额", "sum of its postings"),
    ),
    _balance,
)

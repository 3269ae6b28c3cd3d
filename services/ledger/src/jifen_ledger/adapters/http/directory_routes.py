"""The directory's own API: names and phones, outside the stream and every hash."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from jifen_contracts.codes import Code
from jifen_ledger.adapters.directory_table import NAME_CHARS_MAX, PHONE_CHARS_MAX
from jifen_ledger.adapters.http.asking import AQuestion, AReader, desk_of
from jifen_ledger.adapters.http.parameters import HolderId, NowQuery
from jifen_ledger.adapters.http.problems import documented
from jifen_ledger.application.queries.directory import (
    Entry,
    EntryAnswer,
    entry_of,
    erase_entry,
    put_entry,
)

ROUTES = APIRouter(prefix="/directory/{member}", tags=["directory"])

_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
Name = Annotated[str, StringConstraints(pattern=_LINE, max_length=NAME_CHARS_MAX)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() -]+$", max_length=PHONE_CHARS_MAX)]


class EntryBody(BaseModel):
    """A person's row, as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name_zh: Name
    name_en: Name
    phone: Phone | None = None


@ROUTES.get("")
async def entry(
    question: AQuestion, member: HolderId, _: Annotated[NowQuery, Query()]
) -> EntryAnswer:
    """Return a person's row, as far as the reader may see it."""
    return await entry_of(question.reads, question.asked, member)


@ROUTES.put("", status_code=HTTPStatus.NO_CONTENT, responses=documented(Code.ERASED))
async def put(
    request: Request,
    reader: AReader,
    member: HolderId,
    body: EntryBody,
    _: Annotated[NowQuery, Query()],
) -> None:
    """Set a person's row."""
    async with desk_of(request).snapshots.directory(reader.scheme) as writes:
        await put_entry(writes, reader, member, Entry(body.name_zh, body.name_en, body.phone))


@ROUTES.delete("", status_code=HTTPStatus.NO_CONTENT)
async def erase(
    request: Request, reader: AReader, member: HolderId, _: Annotated[NowQuery, Query()]
) -> None:
    """Erase a person's row; the id, its points and every proof stay."""
    async with desk_of(request).snapshots.directory(reader.scheme) as writes:
        await erase_entry(writes, reader, member)

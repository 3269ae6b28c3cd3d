"""A file of evidence as an answer."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import StreamingResponse

from jifen_ledger.application.queries.files import OpenFile


def file_answer(opened: OpenFile, around: Mapping[str, str]) -> StreamingResponse:
    """Return the file to be saved, with the headers `around` it that all answers there have.

    A browser must neither show a file of somebody else's as ours nor guess its kind.
    """
    return StreamingResponse(
        opened.parts(),
        media_type=opened.file.media_type,
        headers={
            **around,
            "Content-Length": str(opened.file.size),
            "Content-Disposition": f'attachment; filename="{opened.file.sha256}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )

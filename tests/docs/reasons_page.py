"""Writes the page of reason codes from their list and the texts of the board."""

from pathlib import Path

from jifen_contracts.reasons import REASONS
from jifen_ledger.board.languages import texts_in

PAGE = Path(__file__).parents[2] / "docs" / "reasons.md"
BEGINNING = """\
# Reason codes 理由代码

A reason (`reason`) in an event is a short code, so that the history holds no free text. Everybody
reads the codes of this list in their own language on every page. An organisation may use codes of
its own, of the form `[a-z][a-z0-9_]{1,39}`: readers to whom the private words of the event are open
see those (`private.reason`, else `private.text`), and all others the code.

| Act | Code | 中文 | English |
|---|---|---|---|
"""


def reasons_page() -> str:
    """Return the page with every code; `python -m tests.docs.reasons_page` writes it."""
    chinese, english = texts_in("zh"), texts_in("en")
    rows = [
        f"| {act} | `{code}` | {chinese.word('reason', code)} | {english.word('reason', code)} |\n"
        for act, codes in REASONS.items()
        for code in codes
    ]
    return BEGINNING + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(reasons_page(), encoding="utf-8")

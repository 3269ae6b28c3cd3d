"""Writes the page of environment variables from the settings of both services."""

from collections.abc import Iterable
from pathlib import Path

from pydantic_settings import BaseSettings

from jifen_contracts.environment import Setting, settings_of
from jifen_ingest.settings import StreamsSettings
from jifen_ledger.settings import EvidenceSettings, LedgerSettings

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
SERVICES: dict[str, tuple[type[BaseSettings], ...]] = {
    "ingest": (StreamsSettings,),
    "ledger": (LedgerSettings, EvidenceSettings),
}
BEGINNING = """\
# Configuration

Both services read their settings from the environment, once, when they start. A value that does not
fit, or one that is missing, ends the start with one line that names the variable and never its
value. `jifen-ingest settings` and `jifen-ledger settings` print the same where no page is at hand.
A command of the ledger needs only what it works on: `jifen-ledger migrate` the database, for
instance. What the environment does not say may lie in a file of the variable's name, in small
letters, in the directory that `JIFEN_SECRETS_DIR` names: `jifen_nats_password`, for instance.

| Variable | Service | Takes | Default | Meaning |
|---|---|---|---|---|
"""


def settings_page() -> str:
    """Return the page with every variable; `python -m tests.docs.settings_page` writes it."""
    found: dict[str, dict[str, Setting]] = {}
    for service, models in SERVICES.items():
        for setting in (one for model in models for one in settings_of(model)):
            found.setdefault(setting.variable, {}).setdefault(service, setting)
    return BEGINNING + "".join(_row(variable, by) for variable, by in found.items())


def _row(variable: str, by: dict[str, Setting]) -> str:
    takes = _once(one.takes for one in by.values())
    default = _once(_default(one) for one in by.values())
    meaning = _once(one.meaning for one in by.values())
    service = "both" if len(by) > 1 else "".join(by)
    return f"| `{variable}` | {service} | {takes} | {default} | {meaning} |\n"


def _default(setting: Setting) -> str:
    if setting.default is None:
        return "required"
    return setting.default.replace(",", ", ") or "none"


def _once(texts: Iterable[str]) -> str:
    return " · ".join(dict.fromkeys(texts))


if __name__ == "__main__":
    PAGE.write_text(settings_page(), encoding="utf-8")

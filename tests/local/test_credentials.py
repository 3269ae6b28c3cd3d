"""The tokens that the launcher makes are ones that both services take."""

import json
from pathlib import Path

from jifen_ingest.adapters.sources import Sources
from jifen_ledger.adapters.readers import Readers
from jifen_local.credentials import READERS, SOURCES, TOKENS, write_credentials

SCHEMES = ("plant", "plant-2")


def test_each_of_several_schemes_has_a_token_to_send_and_one_to_read(tmp_path: Path) -> None:
    write_credentials(tmp_path, SCHEMES)
    tokens = json.loads((tmp_path / TOKENS).read_text())
    sources, readers = Sources(tmp_path / SOURCES), Readers(tmp_path / READERS)

    assert [
        (
            sources.credential_of(f"Bearer {tokens[scheme]['send']}").scheme,
            readers.reader_of(f"Bearer {tokens[scheme]['read']}").scheme,
        )
        for scheme in SCHEMES
    ] == [(scheme, scheme) for scheme in SCHEMES]


def test_the_tokens_of_a_known_scheme_stay_when_another_joins(tmp_path: Path) -> None:
    write_credentials(tmp_path, SCHEMES[:1])
    before = json.loads((tmp_path / TOKENS).read_text())
    write_credentials(tmp_path, SCHEMES)
    after = json.loads((tmp_path / TOKENS).read_text())

    assert (after["plant"], sorted(after)) == (before["plant"], list(SCHEMES))

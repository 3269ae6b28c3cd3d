"""The sources file: hashes only, read again on change, never half understood."""

import hashlib
from pathlib import Path

import pytest

from jifen_ingest.adapters.sources import Sources, SourcesUnfit, new_token, read_sources
from jifen_ingest.domain.refusals import Unauthorised
from tests.ingest.sent import SOURCE, TOKEN


def stanza(name: str = "attendance", token: str = TOKEN, **other: str) -> str:
    fields = {
        "name": f'"{name}"',
        "scheme": '"plant"',
        "token_sha256": f'"{hashlib.sha256(token.encode()).hexdigest()}"',
        "sources": f'["{SOURCE}"]',
        "scopes": '["facts"]',
    } | other
    return "[[credential]]\n" + "".join(f"{key} = {value}\n" for key, value in fields.items())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sources.toml"


def test_a_token_is_known_by_its_hash(path: Path) -> None:
    path.write_text(stanza("other", token="x" * 32) + stanza())

    found = Sources(path).credential_of(f"Bearer {TOKEN}")

    assert (found.name, found.scheme, found.sources) == ("attendance", "plant", frozenset({SOURCE}))


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer short", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN} x"],
)
def test_anything_else_is_unauthorised(path: Path, authorization: str | None) -> None:
    path.write_text(stanza())
    sources = Sources(path)

    with pytest.raises(Unauthorised):
        sources.credential_of(authorization)


def test_a_rotated_token_needs_no_restart(path: Path) -> None:
    path.write_text(stanza())
    sources = Sources(path, look_every_s=0)
    path.write_text(stanza(token="the-next-token-of-this-credential"))

    assert sources.credential_of("Bearer the-next-token-of-this-credential").name == "attendance"
    with pytest.raises(Unauthorised):
        sources.credential_of(f"Bearer {TOKEN}")


def test_a_file_gone_bad_leaves_the_last_good_one_in_force(path: Path) -> None:
    path.write_text(stanza())
    sources = Sources(path, look_every_s=0)
    path.write_text("[[credential]\n")

    assert sources.credential_of(f"Bearer {TOKEN}").name == "attendance"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[credential]", "TOML|Expected"),
        (stanza(name="No Id"), "name"),
        (stanza(scheme='"PRIVATE_plant"'), "scheme"),
        (stanza(token_sha256='"abc"'), "token_sha256"),
        (stanza(sources="[]"), "sources"),
        (stanza(scopes="[]"), "scopes"),
        (stanza(scopes='["root"]'), "scopes"),
        (stanza(scopes='["history"]'), "history needs a second scope"),
        (stanza(colour='"red"'), "colour"),
        (stanza() + stanza(token="y" * 32), "two credentials have the name attendance"),
        (stanza() + stanza("other"), "two credentials have the token_sha256"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(
    path: Path, text: str, words: str
) -> None:
    path.write_text(text)

    with pytest.raises(SourcesUnfit, match=words):
        read_sources(path)


def test_a_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(SourcesUnfit, match="No such file"):
        Sources(path)


def test_a_new_token_has_256_bits_and_only_its_hash_is_kept(path: Path) -> None:
    token, token_sha256 = new_token()

    path.write_text(stanza(token_sha256=f'"{token_sha256}"'))
    assert Sources(path).credential_of(f"Bearer {token}").name == "attendance"
    assert len(token) >= 43
    assert token != new_token()[0]

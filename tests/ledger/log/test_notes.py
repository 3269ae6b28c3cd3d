"""Notes, checkpoints and keys: what is accepted, and every input that must be refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint, signed_note, verified_lines
from jifen_ledger.log.encodings import encoded
from jifen_ledger.log.keys import SigningKey, parse_vkey
from jifen_ledger.log.note import join_note, parse_note
from jifen_ledger.log.verdicts import Malformed, Unbelieved, Unverified
from tests.ledger.log.vectors import LOG, ORIGIN, VECTORS, WITNESS

ROOT = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg="
NOTE: str = VECTORS["checkpoint_8_cosigned"]
TEXT, LOG_LINE, WITNESS_LINE = (
    f"{ORIGIN}\n8\n{ROOT}\n",
    *(line + "\n" for line in NOTE.splitlines()[4:]),
)
KNOWN_GOOD = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1\
Yu72IneyaQM=
"""
KNOWN_GOOD_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
STRANGER = SigningKey("stranger.example/log", b"\x07" * 32)
NAMESAKE = SigningKey(ORIGIN, b"\x08" * 32)

REFUSED_TEXTS = {
    "size 08": f"{ORIGIN}\n08\n{ROOT}\n",
    "size +8": f"{ORIGIN}\n+8\n{ROOT}\n",
    "size with a blank before": f"{ORIGIN}\n 8\n{ROOT}\n",
    "size with a blank after": f"{ORIGIN}\n8 \n{ROOT}\n",
    "size 0_8": f"{ORIGIN}\n0_8\n{ROOT}\n",
    "size -1": f"{ORIGIN}\n-1\n{ROOT}\n",
    "size 2^63": f"{ORIGIN}\n9223372036854775808\n{ROOT}\n",
    "Arabic-Indic size": f"{ORIGIN}\n\u0668\n{ROOT}\n",
    "no size": f"{ORIGIN}\n\n{ROOT}\n",
    "a fourth line": f"{ORIGIN}\n8\n{ROOT}\nextension\n",
    "two lines": f"{ORIGIN}\n8\n",
    "an empty origin": f"\n8\n{ROOT}\n",
    "another origin": f"other.example/points\n8\n{ROOT}\n",
    "a root of 31 bytes": f"{ORIGIN}\n8\n{encoded(bytes(31))}\n",
    "a root of 33 bytes": f"{ORIGIN}\n8\n{encoded(bytes(33))}\n",
    "a trailing bit": f"{ORIGIN}\n8\n{ROOT[:-2]}h=\n",
    "base64url": f"{ORIGIN}\n8\n{ROOT.replace('+', '-').replace('/', '_')}\n",
    "no padding": f"{ORIGIN}\n8\n{ROOT[:-1]}\n",
    "a blank after the root": f"{ORIGIN}\n8\n{ROOT} \n",
}


def opened(note: bytes) -> tuple[bytes, int]:
    found = open_checkpoint(note, [LOG.verifier], [WITNESS.verifier])
    return found.text, found.witnesses


@pytest.mark.parametrize("text", REFUSED_TEXTS.values(), ids=REFUSED_TEXTS)
def test_a_rightly_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    note = join_note(text.encode(), [LOG.sign(text.encode())]).encode()
    assert verified_lines(note, [LOG.verifier])[0] == text.encode()

    with pytest.raises(Unbelieved):
        open_checkpoint(note, [LOG.verifier])


def flipped(line: str) -> str:
    name, _, signature = line.rstrip("\n").rpartition(" ")
    place = len(signature) // 2
    other = "A" if signature[place] != "A" else "B"
    return f"{name} {signature[:place]}{other}{signature[place + 1 :]}\n"


REFUSED_NOTES: dict[str, tuple[bytes, type[Unbelieved]]] = {
    "CRLF": (NOTE.replace("\n", "\r\n").encode(), Malformed),
    "no final newline": (NOTE[:-1].encode(), Malformed),
    "no empty line": (NOTE.replace("\n\n", "\n").encode(), Malformed),
    "hyphen": (NOTE.replace("— ", "- ").encode(), Malformed),
    "two blanks": (NOTE.replace("points yx", "points  yx").encode(), Malformed),
    "tab": (NOTE.replace("points yx", "points\tyx").encode(), Malformed),
    "NUL": (NOTE.replace("8\n", "8\0\n").encode(), Malformed),
    "invalid UTF-8": (NOTE.encode().replace(b"ledger", b"l\xffdger", 1), Malformed),
    "four bytes": (f"{TEXT}\n{LOG_LINE}— some.one {encoded(bytes(4))}\n".encode(), Malformed),
    "flipped bit": (f"{TEXT}\n{flipped(LOG_LINE)}".encode(), Unverified),
    "flipped bit of a witness": (f"{TEXT}\n{LOG_LINE}{flipped(WITNESS_LINE)}".encode(), Unverified),
    "a witness only": (f"{TEXT}\n{WITNESS_LINE}".encode(), Unverified),
    "101 signatures": (f"{TEXT}\n{LOG_LINE * 101}".encode(), Malformed),
    "no signature": (f"{TEXT}\n".encode(), Malformed),
    "longer than 1 MB": (f"{'x' * 1_000_000}\n{NOTE}".encode(), Malformed),
    "a name with a plus": (f"{TEXT}\n{LOG_LINE}— a+b {encoded(bytes(9))}\n".encode(), Malformed),
    "a name with a wide blank": (
        f"{TEXT}\n{LOG_LINE}— a\u3000b {encoded(bytes(9))}\n".encode(),
        Malformed,
    ),
}


@pytest.mark.parametrize(("note", "verdict"), REFUSED_NOTES.values(), ids=REFUSED_NOTES)
def test_a_note_that_is_not_as_it_must_be_is_refused(
    note: bytes, verdict: type[Unbelieved]
) -> None:
    with pytest.raises(verdict):
        opened(note)


def unknown_lines(number: int) -> str:
    return "".join(f"— k{one}.example {encoded(bytes([one] * 68))}\n" for one in range(number))


@pytest.mark.parametrize(
    "note",
    [
        f"{TEXT}\n{STRANGER.sign(TEXT.encode())}{LOG_LINE}{WITNESS_LINE}",
        f"{TEXT}\n{NAMESAKE.sign(TEXT.encode())}{LOG_LINE}{WITNESS_LINE}",
        f"{TEXT}\n{unknown_lines(16)}{LOG_LINE}{WITNESS_LINE}",
    ],
    ids=["unknown key", "same name, other key", "16 unknown lines"],
)
def test_lines_of_unknown_keys_say_nothing(note: str) -> None:
    assert opened(note.encode()) == (TEXT.encode(), 1)


def test_the_text_of_a_note_may_have_empty_lines() -> None:
    text = b"one\n\ntwo\n\n\nthree\n"
    note = join_note(text, [LOG.sign(text)]).encode()

    assert verified_lines(note, [LOG.verifier]) == (
        text,
        [(LOG.verifier, parse_note(note).lines[0])],
    )


def test_the_note_of_the_specification_verifies() -> None:
    key = parse_vkey(KNOWN_GOOD_KEY)

    text, lines = verified_lines(KNOWN_GOOD.encode(), [key])

    assert (text, [one for one, _ in lines]) == (b"This is an example message.\n", [key])


def test_two_lines_of_one_witness_are_one_witness() -> None:
    note = f"{TEXT}\n{LOG_LINE}{WITNESS.cosign(TEXT.encode(), 1)}{WITNESS_LINE}".encode()
    assert opened(note) == (TEXT.encode(), 1)

    with pytest.raises(Unverified, match="1 witnesses"):
        open_checkpoint(note, [LOG.verifier], [WITNESS.verifier], quorum=2)


def test_a_checkpoint_that_two_keys_sign_opens_with_either() -> None:
    checkpoint = Checkpoint(ORIGIN, 8, bytes(32))
    note = signed_note(checkpoint, [NAMESAKE, LOG]).encode()

    for key in (LOG, NAMESAKE):
        assert open_checkpoint(note, [key.verifier]).checkpoint == checkpoint


@pytest.mark.parametrize(
    "spoil",
    [
        lambda vkey: vkey.upper(),
        lambda vkey: vkey.replace("+cb1ab551+", "+cb1ab552+"),
        lambda vkey: vkey[:-1],
        lambda vkey: vkey + "=",
        lambda vkey: vkey.replace("ledger", "ledg er"),
        lambda vkey: vkey.replace("+AQ", "+Ag"),
        lambda vkey: "+" + vkey,
        lambda vkey: vkey + "\n",
    ],
)
def test_a_vkey_that_is_not_as_it_must_be_is_refused(spoil: Callable[[str], str]) -> None:
    with pytest.raises(Malformed):
        parse_vkey(spoil(VECTORS["log_vkey"]))


@given(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_a_signed_checkpoint_opens_as_what_was_signed(seed: bytes, size: int, root: bytes) -> None:
    key = SigningKey(ORIGIN, seed)
    checkpoint = Checkpoint(ORIGIN, size, root)

    opened = open_checkpoint(signed_note(checkpoint, [key]).encode(), [key.verifier])

    assert (opened.checkpoint, opened.keys) == (checkpoint, (key.verifier,))


@given(st.data())
def test_after_any_change_of_a_byte_a_note_is_refused_or_says_the_same(data: st.DataObject) -> None:
    note = bytearray(NOTE.encode())
    place = data.draw(st.integers(0, len(note) - 1))
    note[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != note[place]))

    try:
        text, witnesses = opened(bytes(note))
    except Unbelieved:
        return
    # A witness's line may have become a stranger's.
    assert text == TEXT.encode()
    assert witnesses <= 1
    assert LOG_LINE.encode() in note

"""Keys of logs and witnesses: their ids, their text form, and signing with them."""

from __future__ import annotations

import re
from enum import IntEnum
from hashlib import sha256
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from jifen_ledger.log.encodings import decoded, encoded
from jifen_ledger.log.note import KEY_ID_BYTES, Line, name_fits
from jifen_ledger.log.verdicts import Malformed

SEED_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

_PUBLIC_BYTES: Final = 32
_TIME_BYTES: Final = 8
# A vkey's last part may hold a "+" of its own.
_VKEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", re.ASCII)
# The keys of tlog.md's test vectors: their seeds are known to everybody.
_KNOWN_TO_ALL: Final = frozenset(
    {
        bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"),
        bytes.fromhex("29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7"),
    }
)


class Algorithm(IntEnum):
    """What a key signs: the text of a note, or a time and the text (C2SP tlog-cosignature)."""

    LOG = 1
    COSIGNATURE = 4


class VerifierKey(NamedTuple):
    """A public key with its name."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line begins with."""
        named = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return sha256(named).digest()[:KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """The vkey, as it is given to verifiers."""
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.algorithm]) + self.public)}"

    @property
    def known_to_all(self) -> bool:
        """Tell whether it is one of the test vectors', whose signatures say nothing."""
        return self.public in _KNOWN_TO_ALL

    def signed(self, line: Line, text: bytes) -> bool:
        """Tell whether the line is this key's and its signature fits the note's text."""
        if (line.name, line.key_id) != (self.name, self.key_id):
            return False
        signature, message = line.signature, text
        if self.algorithm is Algorithm.COSIGNATURE:
            time, signature = signature[:_TIME_BYTES], signature[_TIME_BYTES:]
            message = cosigned_message(int.from_bytes(time), text)
        if len(signature) != SIGNATURE_BYTES:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A private key with its name; it appears in no text of its own."""

    def __init__(self, name: str, seed: bytes, algorithm: Algorithm = Algorithm.LOG) -> None:
        """Take the 32 bytes of an Ed25519 seed."""
        assert name_fits(name), name
        assert len(seed) == SEED_BYTES
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        public = self._private.public_key().public_bytes_raw()
        self.verifier = VerifierKey(name, algorithm, public)

    @classmethod
    def generate(cls, name: str, algorithm: Algorithm = Algorithm.LOG) -> tuple[Self, bytes]:
        """Return a new key and its seed."""
        seed = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls(name, seed, algorithm), seed

    def sign(self, text: bytes) -> str:
        """Return the line that signs a note's text as its log."""
        assert self.verifier.algorithm is Algorithm.LOG
        return self._line(self._private.sign(text))

    def cosign(self, text: bytes, time_s: int) -> str:
        """Return the line that signs a note's text as its witness, at a POSIX time."""
        assert self.verifier.algorithm is Algorithm.COSIGNATURE
        signature = self._private.sign(cosigned_message(time_s, text))
        return self._line(time_s.to_bytes(_TIME_BYTES) + signature)

    def _line(self, signature: bytes) -> str:
        return Line(self.verifier.name, self.verifier.key_id, signature).text


def cosigned_message(time_s: int, text: bytes) -> bytes:
    """Return what a witness signs."""
    return b"cosignature/v1\ntime %d\n%b" % (time_s, text)


def cosigned_at(line: Line) -> int:
    """Return the POSIX time of a witness's line that has been verified."""
    return int.from_bytes(line.signature[:_TIME_BYTES])


def parse_vkey(text: str) -> VerifierKey:
    """Return the key of a vkey. Raises Malformed."""
    found = _VKEY.fullmatch(text)
    if found is None or not name_fits(found[1]):
        raise Malformed("a vkey is <name>+<key id>+<base64>")
    value = decoded(found[3])
    if len(value) != 1 + _PUBLIC_BYTES or value[0] not in (*Algorithm,):
        raise Malformed("the vkey is of no known algorithm")
    key = VerifierKey(found[1], Algorithm(value[0]), value[1:])
    if key.key_id.hex() != found[2]:
        raise Malformed("the key id of the vkey is not that of its key")
    return key

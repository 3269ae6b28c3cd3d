"""Receipts: a member's proof that holds its record, and the opening of the private part."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final, NamedTuple, cast

from jifen_contracts.canonical import NotCanonical, canonical, decode
from jifen_contracts.private_parts import privatehash_of
from jifen_ledger.log.checkpoint import Opened, open_checkpoint
from jifen_ledger.log.encodings import decoded, encoded
from jifen_ledger.log.hashes import leaf_hash
from jifen_ledger.log.keys import VerifierKey
from jifen_ledger.log.proof_files import InclusionFile, parse_inclusion
from jifen_ledger.log.record_form import record_object
from jifen_ledger.log.verdicts import Malformed, Unverified

TYPE: Final = "jifen/receipt/v1"

_SALT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Opening(NamedTuple):
    """A private part and the salt that binds it to its event."""

    private: dict[str, Any]
    salt: str

    @property
    def privatehash(self) -> str:
        """The hash that the event bears in its place. Raises Malformed."""
        if _SALT.fullmatch(self.salt) is None:
            raise Malformed("a salt is 64 lower-case hexadecimal digits")
        try:
            private = canonical(self.private)
        except NotCanonical as error:
            raise Malformed(f"the private part: {error}") from None
        return privatehash_of(private, bytes.fromhex(self.salt))


class Receipt(NamedTuple):
    """A receipt that was verified: the record as it is in the log, and what was opened of it."""

    entry: bytes
    record: dict[str, Any]
    opening: Opening | None
    opened: Opened


def receipt_file(proof: InclusionFile, entry: bytes, opening: Opening | None) -> bytes:
    """Return the receipt of an entry whose inclusion the proof shows."""
    extra: dict[str, Any] = {"entry": encoded(entry), "type": TYPE}
    if opening is not None:
        extra["opening"] = {"private": opening.private, "salt": opening.salt}
    return replace(proof, extra=canonical(extra)).text


def check_receipt(
    file: bytes,
    log_keys: Collection[VerifierKey],
    witness_keys: Collection[VerifierKey] = (),
    *,
    quorum: int = 0,
) -> Receipt:
    """Return what a receipt proves, from its own bytes alone. Raises Malformed, Unverified."""
    proof = parse_inclusion(file)
    entry, opening = _extra(proof)
    opened = open_checkpoint(proof.note, log_keys, witness_keys, quorum=quorum)
    proof.check(leaf_hash(entry), opened.checkpoint)
    record = record_object(entry)
    if record["seq"] != proof.index + 1:
        raise Unverified(f"the record of entry {proof.index} says seq {record['seq']}")
    if opening is not None:
        # Nothing of `extra` is signed: the record vouches for the opening.
        bound = record.get("event", {}).get("privatehash")
        if bound is None:
            raise Unverified("the event has no private part to open")
        if opening.privatehash != bound:
            raise Unverified("the opening is not that of the event's private part")
    return Receipt(entry, record, opening, opened)


def _extra(proof: InclusionFile) -> tuple[bytes, Opening | None]:
    if proof.extra is None:
        raise Malformed("the file has no extra line, so it is a proof and no receipt")
    try:
        extra = decode(proof.extra)
    except NotCanonical as error:
        raise Malformed(f"the extra line: {error}") from None
    opening = extra.pop("opening", None)
    if extra.keys() != {"entry", "type"} or extra["type"] != TYPE:
        raise Malformed("the extra line is not that of a receipt")
    entry = extra["entry"]
    if not isinstance(entry, str):
        raise Malformed("the entry is not a text")
    return decoded(entry), None if opening is None else _opening(opening)


def _opening(said: object) -> Opening:
    if not isinstance(said, dict) or said.keys() != {"private", "salt"}:
        raise Malformed("an opening has a private part and a salt")
    private, salt = said["private"], said["salt"]
    if not isinstance(private, dict) or not isinstance(salt, str):
        raise Malformed("an opening has a private object and a salt")
    return Opening(cast("dict[str, Any]", private), salt)

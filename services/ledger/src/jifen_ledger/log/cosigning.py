"""The answer of a witness to a checkpoint, verified (C2SP tlog-witness, tlog-cosignature)."""

from __future__ import annotations

from jifen_ledger.log.checkpoint import Cosigned
from jifen_ledger.log.keys import Algorithm, VerifierKey, cosigned_at
from jifen_ledger.log.note import parse_lines
from jifen_ledger.log.verdicts import Malformed, Unverified


def cosigned_by(answer: bytes, text: bytes, key: VerifierKey) -> Cosigned:
    """Return the witness's signature of the checkpoint's text; lines of other keys say nothing.

    The newest one, where there are several. Raises Malformed, Unverified.
    """
    assert key.algorithm is Algorithm.COSIGNATURE
    try:
        lines = parse_lines(answer.decode())
    except UnicodeDecodeError:
        raise Malformed("the answer is not UTF-8") from None
    own = [line for line in lines if (line.name, line.key_id) == (key.name, key.key_id)]
    if not own:
        raise Unverified(f"the answer has no line of {key.name}")
    for line in own:
        if not key.signed(line, text):
            raise Unverified(f"the signature of {key.name} does not fit")
    newest = max(own, key=cosigned_at)
    return Cosigned(key, newest, cosigned_at(newest))

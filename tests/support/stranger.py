"""A verifier of logs that knows the C2SP specifications and nothing of the ledger.

It shares no code with the ledger: another library checks the signature, the tree is recomputed from
the definition, and every path is spelled here again.
"""

import base64
import hashlib
import re
from collections.abc import Callable

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

# The bytes at a path below the log's prefix; None where there is nothing.
Fetch = Callable[[str], bytes | None]


class Wrong(Exception):  # noqa: N818 - the verdict
    """The log is not what its checkpoint says; the message says where."""


def verify(fetch: Fetch, vkey: str) -> tuple[int, list[bytes]]:
    """The size and all entries of a log that is what its checkpoint says. Raises Wrong."""
    size, root = _checkpoint(_needed(fetch, "checkpoint"), vkey)
    entries: list[bytes] = []
    leaves: list[bytes] = []
    for number in range(-(-size // 256)):
        width = min(256, size - 256 * number)
        suffix = _suffix(number, width)
        hashes = _hashes(_needed(fetch, f"tile/0/{suffix}"), width, f"tile/0/{suffix}")
        bundle = _entries(_needed(fetch, f"tile/entries/{suffix}"), width, suffix)
        for place, (entry, leaf) in enumerate(zip(bundle, hashes, strict=True)):
            if hashlib.sha256(b"\x00" + entry).digest() != leaf:
                raise Wrong(f"entry {256 * number + place} does not have its leaf hash")
        entries += bundle
        leaves += hashes
    _upper_tiles(fetch, leaves)
    if _mth(leaves) != root:
        raise Wrong("the root is not that of the entries")
    return size, entries


def _checkpoint(note: bytes, vkey: str) -> tuple[int, bytes]:
    name, key_id, public = vkey.split("+", 2)
    key = base64.b64decode(public)
    computed = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if computed.hex() != key_id or key[0] != 1:
        raise Wrong("the vkey is not one of a log")
    text, _, signatures = note.rpartition(b"\n\n")
    text += b"\n"
    own = [
        base64.b64decode(line.rpartition(" ")[2])
        for line in signatures.decode().splitlines()
        if line.startswith(f"— {name} ")
    ]
    mine = [one[4:] for one in own if one[:4] == computed]
    if len(mine) != 1:
        raise Wrong("the checkpoint is not signed by the log")
    try:
        VerifyKey(key[1:]).verify(text, mine[0])
    except BadSignatureError:
        raise Wrong("the signature does not fit") from None
    found = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\n", text.decode())
    if found is None or found[1] != name:
        raise Wrong("the checkpoint has another form or origin")
    return int(found[2]), base64.b64decode(found[3])


def _needed(fetch: Fetch, path: str) -> bytes:
    found = fetch(path)
    if found is None:
        raise Wrong(f"{path} is missing")
    return found


def _suffix(number: int, width: int) -> str:
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return path if width == 256 else f"{path}.p/{width}"


def _hashes(tile: bytes, width: int, path: str) -> list[bytes]:
    if len(tile) != 32 * width:
        raise Wrong(f"{path} has {len(tile)} bytes")
    return [tile[start : start + 32] for start in range(0, len(tile), 32)]


def _entries(bundle: bytes, width: int, path: str) -> list[bytes]:
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        found.append(bundle[2 : 2 + length])
        if len(found[-1]) != length:
            raise Wrong(f"bundle {path} ends early")
        bundle = bundle[2 + length :]
    if len(found) != width:
        raise Wrong(f"bundle {path} has {len(found)} entries")
    return found


def _upper_tiles(fetch: Fetch, leaves: list[bytes]) -> None:
    level, hashes = 1, leaves
    while len(hashes) >= 256:
        hashes = [
            _mth(hashes[start : start + 256]) for start in range(0, len(hashes) // 256 * 256, 256)
        ]
        for number in range(-(-len(hashes) // 256)):
            own = hashes[256 * number : 256 * (number + 1)]
            path = f"tile/{level}/{_suffix(number, len(own))}"
            if _needed(fetch, path) != b"".join(own):
                raise Wrong(f"{path} is not made from the leaves")
        level += 1


def _mth(hashes: list[bytes]) -> bytes:
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _mth(hashes[:k]) + _mth(hashes[k:])).digest()

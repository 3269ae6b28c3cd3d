"""Bundles by somebody who has the log's own key: other records, and everything fits them."""

import shutil
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from jifen_contracts.canonical import canonical, decode
from jifen_ledger.application.audit.balances import balances_text
from jifen_ledger.log.checkpoint import Checkpoint, signed_note
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.keys import SigningKey
from jifen_ledger.log.tiles import bundle_of, bundle_path, entries_of, places_at, tile_path
from jifen_ledger.log.tree import EMPTY_TREE, grown

Change = Callable[[list[bytes]], None]


def entries_in(bundle: Path) -> list[bytes]:
    """The entries of a bundle, or of a log's export."""
    log = bundle / "log"
    size = int((log / "checkpoint").read_text().split("\n")[1])
    files = [(log / bundle_path(place)).read_bytes() for place in places_at(size)]
    return [entry for file in files for entry in entries_of(file)]


def forged(bundle: Path, out: Path, key: SigningKey, change: Change) -> Path:
    """A copy of a bundle with other entries: hashes, tiles, signature, balances, manifest fit."""
    shutil.copytree(bundle, out)
    entries = entries_in(bundle)
    change(entries)
    for place in places_at(len(entries)):
        own = entries[place.first : place.first + place.width]
        (out / "log" / bundle_path(place)).write_bytes(bundle_of(own))
        (out / "log" / tile_path(0, place)).write_bytes(b"".join(leaf_hashes(own)))
    tree, nodes = grown(EMPTY_TREE, leaf_hashes(entries))
    for place in places_at(len(nodes)):
        (out / "log" / tile_path(1, place)).write_bytes(b"".join(node.hash for node in nodes))
    checkpoint = Checkpoint(key.verifier.name, tree.size, tree.root)
    (out / "log" / "checkpoint").write_text(signed_note(checkpoint, [key]))
    shutil.rmtree(out / "log" / "checkpoints")
    balances: Counter[str] = Counter()
    for entry in entries:
        for posting in decode(entry)["postings"]:  # type: ignore[attr-defined]
            balances[posting["account"]] += posting["delta"]
    (out / "balances").write_bytes(balances_text(balances.items()))
    return fitted(out)


def fitted(bundle: Path) -> Path:
    """The bundle with a manifest that fits its files and its checkpoint."""
    manifest = bundle / "manifest.json"
    said = decode(manifest.read_bytes())
    origin, size, root = (bundle / "log" / "checkpoint").read_bytes().split(b"\n")[:3]
    files = [
        {
            "path": path.relative_to(bundle).as_posix(),
            "sha256": sha256(path.read_bytes()).hexdigest(),
            "size": path.stat().st_size,
        }
        for path in bundle.rglob("*")
        if path.is_file() and path != manifest
    ]
    files.sort(key=lambda one: str(one["path"]))
    texts = {"origin": origin.decode(), "root": root.decode(errors="replace")}
    said |= texts | {"files": files, "size": int(size)}
    manifest.write_bytes(canonical(said))
    return bundle

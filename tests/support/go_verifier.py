"""The verifier on Go's own packages, where there is a Go (Debian: golang-golang-x-mod-dev)."""

import os
import shutil
import subprocess
from pathlib import Path

WHY_NOT = "no Go with golang.org/x/mod (apt: golang-go golang-golang-x-mod-dev)"

GO_PATH = "/usr/share/gocode"
PROGRAM = Path(__file__).parent / "go" / "verify.go"
TIMEOUT_S = 120


def build_go_verifier(directory: Path) -> Path | None:
    """The program, or None where it cannot be built for want of Go or the packages."""
    go = shutil.which("go")
    if go is None or not Path(GO_PATH, "src/golang.org/x/mod/sumdb").is_dir():
        return None
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": GO_PATH,
        "GOCACHE": str(directory / "go-cache"),
        "GOFLAGS": "",
    }
    program = directory / "verify"
    subprocess.run([go, "build", "-o", program, PROGRAM], env=environment, check=True)
    return program


def verified_by_go(program: Path, vkey: str, place: str, token: str = "") -> str:
    """What the program says of the log at a URL or in a directory."""
    done = subprocess.run(
        [program, vkey, place, token],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    return done.stdout.strip()

"""The passwords of a deployment: each drawn once, and changed with a time in which both count."""

import json
from collections.abc import Mapping, Sequence
from secrets import token_urlsafe

from jifen_local.nats_users import USERS, other_name_of, role_of
from jifen_local.private_files import write_private
from jifen_local.setup.volume import SecretVolume

PASSWORD_BYTES = 24
PASSWORDS = "passwords.json"
DATABASE = "database"
# Of the rest only PostgreSQL's is ever changed; those are known inside one container.
_OTHERS = ("cluster", "postgres", DATABASE, "grafana")
ROTATED = (*USERS, DATABASE)


class RotationRefused(Exception):  # noqa: N818 - told to whoever typed it
    """The text says in one sentence why nothing was changed."""


def kept_passwords(volume: SecretVolume) -> dict[str, str]:
    """Return all of them by name, those that a newer version added as well."""
    kept: dict[str, str] = json.loads(volume.keep(PASSWORDS, lambda: "{}"))
    roles = {role_of(name) for name in kept}
    missing = [name for name in (*USERS, *_OTHERS) if name not in roles]
    if missing:
        kept |= {name: _drawn() for name in missing}
        _write(volume, kept)
    return kept


def users_of(passwords: Mapping[str, str]) -> dict[str, str]:
    """Return whom NATS lets in: two names of a user while its password is changed."""
    return {name: one for name, one in passwords.items() if role_of(name) in USERS}


def user_of(passwords: Mapping[str, str], role: str) -> str:
    """Return the name that whoever has the role is to use: that of the newest password."""
    return _names_of(passwords, role)[-1]


def rotate(volume: SecretVolume, roles: Sequence[str]) -> None:
    """Draw new passwords; those of NATS users count beside the old. Raises RotationRefused."""
    passwords = kept_passwords(volume)
    for role in roles:
        names = _names_of(passwords, role)
        if role == DATABASE:
            passwords[role] = _drawn()
        elif len(names) > 1:
            raise RotationRefused(f"{role} is being rotated: `retire {role}` ends it first")
        else:
            passwords[other_name_of(names[0])] = _drawn()
    _write(volume, passwords)


def retire(volume: SecretVolume, roles: Sequence[str]) -> None:
    """Let only the newest password of each count."""
    passwords = kept_passwords(volume)
    for role in roles:
        for old in _names_of(passwords, role)[:-1]:
            del passwords[old]
    _write(volume, passwords)


def _names_of(passwords: Mapping[str, str], role: str) -> list[str]:
    # The order of the file is that in which they were drawn.
    return [name for name in passwords if role_of(name) == role]


def _drawn() -> str:
    return token_urlsafe(PASSWORD_BYTES)


def _write(volume: SecretVolume, passwords: Mapping[str, str]) -> None:
    write_private(volume.root / PASSWORDS, json.dumps(passwords))

"""Why a backup could not be taken or brought back.

BackupFailed
└── BackupUnsound   the backup is not whole, or not one
"""

from __future__ import annotations


class BackupFailed(Exception):  # noqa: N818 - an answer to whoever asked
    """The text says in one sentence what is wrong and what to do."""


class BackupUnsound(BackupFailed):
    """The backup is not whole, or not one."""

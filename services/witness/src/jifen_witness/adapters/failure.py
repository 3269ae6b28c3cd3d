"""How a command ends that cannot do what it was asked: with one sentence and status 1."""


class CommandFailed(Exception):  # noqa: N818 - an answer to whoever typed it
    """The text says in one sentence what is wrong."""

"""How an import ends that cannot do what it was asked: with one sentence and status 1."""


class ImportFailed(Exception):  # noqa: N818 - an answer to whoever typed it
    """The text says what is wrong and what to do."""

"""How a command ends that cannot do what it was asked: with one sentence and status 1."""

from pydantic import ValidationError


class CommandFailed(Exception):  # noqa: N818 - an answer to whoever typed it
    """The text says in one sentence what is wrong and what to do."""


def first_setting(error: ValidationError) -> str:
    """Return what is wrong with the first setting that is."""
    first = error.errors(include_url=False, include_input=False)[0]
    return f"JIFEN_{'_'.join(map(str, first['loc'])).upper()}: {first['msg']}"

"""The default scheme, read from the catalogue that this package carries."""

from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from jifen_contracts.scheme.document import SchemeDocument, document_object

__all__ = ["default_document", "default_text", "document_object"]

DEFAULT_FILE: Final = "default_zh_en.yaml"


def default_text() -> str:
    """Return the catalogue as it is written, with its comments: where a draft begins."""
    return (files("jifen_contracts.scheme") / DEFAULT_FILE).read_text(encoding="utf-8")


@cache
def default_document() -> SchemeDocument:
    """Return the default scheme; always the same object."""
    return SchemeDocument.model_validate(yaml.safe_load(default_text()))

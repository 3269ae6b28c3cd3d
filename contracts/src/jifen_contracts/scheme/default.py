"""The default scheme, read from the catalogue that this package carries."""

from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from jifen_contracts.scheme.document import SchemeDocument, document_object

__all__ = ["default_document", "document_object"]

DEFAULT_FILE: Final = "default_zh_en.yaml"


@cache
def default_document() -> SchemeDocument:
    """Return the default scheme; always the same object."""
    text = (files("jifen_contracts.scheme") / DEFAULT_FILE).read_text(encoding="utf-8")
    return SchemeDocument.model_validate(yaml.safe_load(text))

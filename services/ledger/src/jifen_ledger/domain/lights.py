"""The lights (灯) that everybody sees: of health lines, of deadlines, of self-assessments."""

from __future__ import annotations

from enum import StrEnum


class Light(StrEnum):
    """What a light shows; grey where there was too little to judge, or nothing is due yet."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"

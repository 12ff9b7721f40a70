"""Prints what can be printed: leaves out characters that control something or that no font has."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from .printing import CannotPrint

MOST_MISSING = 20
"""So many characters without a font are looked for one by one; then only Latin letters stay."""
KEPT = "\u200c\u200d\u00ad"
"""Joiners of Persian words and of emoji, and places where a word may break."""


def line(text: str) -> str:
    """``text`` on one line, without characters that control something."""
    return " ".join(
        "".join(char if char.isprintable() or char in KEPT else " " for char in text).split()
    )


def without_missing(make: Callable[..., bytes], template: str | Path, **words: Any) -> bytes:
    """What ``make`` makes of ``words``, without the characters that cannot be printed."""
    for _time in range(MOST_MISSING):
        try:
            return make(template, **words)
        except CannotPrint as error:
            words = _changed(words, partial(_leave_out, error.text))
    return make(template, **_changed(words, _only_latin))


def _leave_out(missing: str, text: str) -> str:
    return text.replace(missing, "").replace("  ", " ").strip()


def _only_latin(text: str) -> str:
    return "".join(char for char in text if char < "\u0250")


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """``value`` with each of its strings changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _changed(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(one, change) for one in value]
    return value

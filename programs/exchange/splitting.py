"""Several names in one cell."""

import re
from collections.abc import Callable, Iterable

from .cells import key, tidy

_HARD = re.compile(r"(\s*[,;\n]\s*)")
_SOFT = re.compile(r"(\s*[/+&]\s*|\s+(?:und|sowie|u\.)\s+)", re.IGNORECASE)


class Splitter:
    """Splits a cell into names. A name of ``names`` that contains a separator („Persisch/Dari“) stays whole.

    „und“, „&“ and slashes separate only where they separate something that ``knows`` accepts; without
    it that is one of the ``names``.
    """

    def __init__(self, names: Iterable[str], knows: Callable[[str], bool] | None = None) -> None:
        listed = list(names)
        self.known = frozenset(map(key, listed))
        self.knows = knows or (lambda name: key(name) in self.known)
        self.longest = {
            separator: max((len(separator.split(name)) for name in listed), default=1)
            for separator in (_HARD, _SOFT)
        }

    def split(self, text: str) -> list[str]:
        found = []
        for name in self._pieces(_HARD, text):
            parts = [] if key(name) in self.known else self._pieces(_SOFT, name)
            found += parts if any(map(self.knows, parts)) else [name]
        return found

    def _pieces(self, separator: "re.Pattern[str]", text: str) -> list[str]:
        """Names between separators; of several ways the one with the longest known name."""
        pieces = separator.split(text)  # a name, what stands between, a name …
        found, at = [], 0
        while at < len(pieces):
            sizes = range(min(self.longest[separator], len(pieces) - at), 0, -2)
            runs = ((size, tidy("".join(pieces[at : at + size]))) for size in sizes)
            size, name = next(
                ((size, run) for size, run in runs if key(run) in self.known),
                (1, tidy(pieces[at])),
            )
            found += [name] if name else []
            at += size + 1
        return found

"""Remembering what the demo has made already."""

from portal.models import LoadedRecord


class Once:
    """Keys of the demo records made so far; a deleted one keeps its key and is not made again."""

    def __init__(self) -> None:
        found = LoadedRecord.objects.filter(key__startswith="demo:")
        self._keys = set(found.values_list("key", flat=True))

    def is_new(self, kind: str, name: str) -> bool:
        """Whether this is the first time; from now on it is not."""
        key = f"demo:{kind}:{name}"
        if key in self._keys:
            return False
        LoadedRecord.objects.create(key=key, digest="")
        self._keys.add(key)
        return True

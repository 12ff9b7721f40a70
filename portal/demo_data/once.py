"""Remembers which demo records were created."""

from portal.models import LoadedRecord


class Once:
    """Keys of the demo records created so far. A deleted record keeps its key: it is not created again."""

    def __init__(self) -> None:
        found = LoadedRecord.objects.filter(key__startswith="demo:")
        self._keys = set(found.values_list("key", flat=True))

    def is_new(self, kind: str, name: str) -> bool:
        """Whether the record was never created. Stores its key, so that the next call returns False."""
        key = f"demo:{kind}:{name}"
        if key in self._keys:
            return False
        LoadedRecord.objects.create(key=key, digest="")
        self._keys.add(key)
        return True

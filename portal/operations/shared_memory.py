"""A cache of pages in memory that all processes of a web server share.

The memory is made before the server forks its processes (``loading.py``), so it needs no other part, no
file and no cleaning up: it ends with the server. A server of a new release begins with an empty one.

It is a row of slots of ``SLOT`` bytes. A page lies at one of ``PLACES`` slots that its key tells, and in
those that follow if it is longer. Nobody locks anything: a checksum says whether a page is whole, and what
is not counts as not kept. So a process that is killed while it writes leaves nothing behind.
"""

import mmap
import pickle
import struct
import time
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

SLOT = 8 * 1024
PLACES = 4
LONGEST = 1_000_000
"""Bytes of the longest page that is kept."""
FRESH = 60
"""Seconds after which a page has to make room for any other one."""
HEAD = struct.Struct("<16sIId")
MARK = struct.Struct("<8s")
MARKS = 1 << 15

_memories: dict[str, tuple[mmap.mmap, mmap.mmap]] = {}


class _Head(NamedTuple):
    """What stands before a page; all zero in an empty slot."""

    digest: bytes
    length: int
    checksum: int
    written: float
    """Seconds since 1970."""


class SharedMemoryCache(BaseCache):
    """Django's interface to it. ``OPTIONS["MEGABYTES"]`` is how much memory it takes at most; 0: it keeps nothing.

    A page is kept until its place is needed: ``timeout`` says nothing. A fresh page makes room only for one
    that is asked for the second time, so a program that asks for thousands of different addresses, each once,
    does not push out what people read.
    """

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        size = int(params.get("OPTIONS", {}).get("MEGABYTES", 16)) * 1024 * 1024
        self._slots = size // SLOT
        if size and name not in _memories:
            beyond = LONGEST + HEAD.size  # for a page that begins in the last slots
            _memories[name] = mmap.mmap(-1, size + beyond), mmap.mmap(-1, MARKS * MARK.size)
        self._memory: mmap.mmap | None = None
        self._marks: mmap.mmap | None = None
        if size:
            self._memory, self._marks = _memories[name]

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        if self._memory is None:
            return default
        digest = _digest(key)
        for at, head in self._places(digest):
            if head.digest == digest and 0 < head.length <= LONGEST:
                content = self._memory[at + HEAD.size : at + HEAD.size + head.length]
                if zlib.crc32(content) == head.checksum:
                    return pickle.loads(content)  # noqa: S301 - only these processes write here
        return default

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        if self._memory is None or len(content) > LONGEST:
            return
        digest, now = _digest(key), time.time()
        places = list(self._places(digest))
        own = [at for at, head in places if head.digest == digest]
        oldest, head = min(places, key=lambda place: place[1].written)
        if not own and now - FRESH < head.written <= now and not self._asked_before(digest):
            return
        written = HEAD.pack(digest, len(content), zlib.crc32(content), now) + content
        at = (own or [oldest])[0]
        self._memory[at : at + len(written)] = written

    def delete(self, key: str, version: int | None = None) -> bool:
        digest, found = _digest(key), False
        for at, head in self._places(digest):
            if self._memory is not None and head.digest == digest:
                self._memory[at : at + HEAD.size] = bytes(HEAD.size)
                found = True
        return found

    def clear(self) -> None:
        if self._memory is not None:
            for slot in range(self._slots):
                self._memory[slot * SLOT : slot * SLOT + HEAD.size] = bytes(HEAD.size)

    def _places(self, digest: bytes) -> Iterator[tuple[int, _Head]]:
        """Where the page may lie, with what stands there."""
        if self._memory is not None:
            for number in struct.unpack("<4I", digest):
                at = number % self._slots * SLOT
                yield at, _Head(*HEAD.unpack_from(self._memory, at))

    def _asked_before(self, digest: bytes) -> bool:
        """Whether somebody has wanted to keep this page before; remembered from now on, for some time."""
        at = digest[0] | (digest[4] & 0x7F) << 8
        at *= MARK.size
        if self._marks is None or self._marks[at : at + MARK.size] == digest[8:]:
            return True
        self._marks[at : at + MARK.size] = digest[8:]
        return False


def _digest(key: str) -> bytes:
    return blake2b(key.encode(errors="surrogatepass"), digest_size=16).digest()

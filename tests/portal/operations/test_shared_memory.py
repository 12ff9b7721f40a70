"""Kept pages in memory that the processes of a server share."""

import os
import pickle
import struct
import time

import pytest
import time_machine

from portal.operations import shared_memory
from portal.operations.shared_memory import FRESH, HEAD, LONGEST, SLOT, SharedMemoryCache


@pytest.fixture
def memory() -> SharedMemoryCache:
    cache = SharedMemoryCache("test", {"OPTIONS": {"MEGABYTES": 1}})
    cache.clear()
    return cache


def test_page_is_there_until_it_is_deleted(memory: SharedMemoryCache) -> None:
    memory.set("a", ("text", b"bytes"))
    assert memory.get("a") == ("text", b"bytes")
    memory.set("a", "new")
    assert memory.get("a") == "new"
    assert memory.get("b", "nothing") == "nothing"
    assert memory.delete("a")
    assert memory.get("a") is None
    memory.set("a", "new")
    memory.clear()
    assert memory.get("a") is None


@pytest.mark.parametrize("length", [0, SLOT - 100, SLOT, 5 * SLOT, LONGEST - 100])
def test_page_may_take_several_slots(memory: SharedMemoryCache, length: int) -> None:
    memory.set("long", b"x" * length)
    assert memory.get("long") == b"x" * length


def test_what_is_too_long_is_not_kept(memory: SharedMemoryCache) -> None:
    memory.set("long", b"x" * (LONGEST + 1))
    assert memory.get("long") is None


def test_page_that_is_not_whole_is_none(memory: SharedMemoryCache) -> None:
    """As if a process had been killed while it wrote, or two had written to one place."""
    memory.set("a", b"x" * 1000)
    at = next(at for at, head in memory._places(shared_memory._digest("a")) if head.length)
    assert memory._memory is not None
    memory._memory[at + HEAD.size + 500 : at + HEAD.size + 510] = b"y" * 10
    assert memory.get("a") is None


def test_other_processes_see_it(memory: SharedMemoryCache) -> None:
    child = os.fork()
    if child == 0:
        memory.set("of the child", "here")
        os._exit(0)
    os.waitpid(child, 0)
    assert memory.get("of the child") == "here"


def test_many_processes_at_once_never_read_half_a_page(memory: SharedMemoryCache) -> None:
    """They write and read the same few places for a while; each page says what it is."""
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            right = True
            for turn in range(300):
                key = f"page {turn % 7}"
                memory.set(key, (key, bytes([number]) * (1000 + 9000 * (turn % 3))))
                found = memory.get(key)
                right &= found is None or (found[0] == key and len(set(found[1])) == 1)
            os._exit(0 if right else 1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4


def test_thousands_of_other_questions_push_out_no_page_that_is_fresh(
    memory: SharedMemoryCache,
) -> None:
    useful = [f"/mitmachen/?bezirk={number}" for number in range(20)]
    for key in useful:
        memory.set(key, b"useful" * 500)
    for number in range(100_000 // 20):
        memory.set(f"/mitmachen/?q={number}", b"crawled" * 500)
    assert sum(memory.get(key) is not None for key in useful) >= 18


def test_what_is_asked_for_again_finds_a_place(memory: SharedMemoryCache) -> None:
    for number in range(2000):
        memory.set(f"old {number}", b"x" * 3000)
    for _time in range(2):
        memory.set("asked twice", "here")
    assert memory.get("asked twice") == "here"


def test_what_is_old_makes_room_at_once(memory: SharedMemoryCache) -> None:
    for number in range(2000):
        memory.set(f"old {number}", b"x" * 3000)
    with time_machine.travel(time.time() + FRESH + 1, tick=False):
        memory.set("new", "here")
        assert memory.get("new") == "here"


def test_memory_is_bounded_and_may_be_nothing() -> None:
    none = SharedMemoryCache("none", {"OPTIONS": {"MEGABYTES": 0}})
    none.set("a", "b")
    none.clear()
    assert none.get("a") is None
    assert not none.delete("a")


def test_head_has_room_for_the_longest_page() -> None:
    assert struct.calcsize("<I") * 8 > len(bin(LONGEST + len(pickle.dumps(b""))))

"""``make bench-large``: the administration with a million people, beside the same one with ten thousand.

Every list that grows with people, with its filters, searches, orders and pages, as three people open
it: the Portalverwaltung, the staff of the clearing office, and the coordination of a small circle. Both
databases answer in turn. What counts is the processor time of the web process and of its database
connection, which other load on the machine does not change; on an idle machine that is the time by the
clock, which is printed last. The exit code is 1 when a goal is missed.

``SIZE=100000`` makes it quicker, ``EXPORTED=100000`` exports only so many rows; ``KEEP=1`` leaves the
data for the next run. Names of lists as arguments (``ARGS=volunteers.application``) measure only those.
"""

import json
import math
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

SIZE, FEW = int(os.environ.get("SIZE", "1000000")), 10_000
ROUNDS = int(os.environ.get("ROUNDS", "7"))
MOST_MS, MOST_RATIO = 300, 1.5
MOST_QUERIES = 10
AT_ONCE_MS = 100
"""A page this fast may also take longer than 1.5 times the one with few people."""


class Database:
    """A process that opens pages with the data of one size."""

    def __init__(self, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.large_pages", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, **question: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=60)


@dataclass
class Line:
    """One page, with its times in both databases."""

    role: str
    of: str
    what: str
    path: str
    path_of_few: str
    """The same page of the small database: its records, and the events it knows, have other keys."""
    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    """The time by the clock, with many people."""
    scans: list[str] = field(default_factory=list)
    status: int = 200
    queries: int = 0

    def measure(self, few: Database, many: Database) -> None:
        first = many.ask(path=self.path, plans=True, **{"as": self.role})
        self.scans, self.status = first["scans"], first["status"]
        self.queries = first["queries"]
        few.ask(path=self.path_of_few, **{"as": self.role})
        for _round in range(ROUNDS):
            self.few.append(1000 * few.ask(path=self.path_of_few, **{"as": self.role})["busy"])
            answer = many.ask(path=self.path, **{"as": self.role})
            self.many.append(1000 * answer["busy"])
            self.waited.append(1000 * answer["seconds"])

    @property
    def p95(self) -> float:
        return sorted(self.many)[math.ceil(0.95 * len(self.many)) - 1]

    @property
    def ratio(self) -> float:
        return statistics.median(self.many) / statistics.median(self.few)

    def missed(self) -> list[str]:
        missed = []
        if self.status != 200:
            missed.append(f"status {self.status}")
        if self.p95 > MOST_MS:
            missed.append("SLOW")
        if self.ratio > MOST_RATIO and statistics.median(self.many) > AT_ONCE_MS:
            missed.append("GROWS")
        if self.queries > MOST_QUERIES:
            missed.append(f"{self.queries} QUERIES")
        if self.scans:
            missed.append(f"SCANS {', '.join(self.scans)}")
        return missed

    def __str__(self) -> str:
        words = f"{self.role[:16]:<16} {self.of.partition('.')[2] or self.of:<17} {self.what:<44}"
        times = f"{statistics.median(self.few):>6.0f} {statistics.median(self.many):>6.0f} {self.p95:>6.0f}"
        times += f" {statistics.median(self.waited):>7.0f}"
        return f"{words} {times} {self.ratio:>5.2f} {'; '.join(self.missed()) or 'ok'}"


def prepare() -> dict[int, str]:
    """The databases by size; those that are there already are used again."""
    from .__main__ import DATA_DIR, set_up_django

    set_up_django()
    from django.core.management import call_command
    from django.db import connection

    from portal.postgresql import server

    from . import many

    server.start(
        DATA_DIR / "postgresql",
        {
            "shared_buffers": "1GB",
            "max_wal_size": "8GB",
            "fsync": "off",
            "effective_cache_size": "4GB",
        },
    )
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        there = {name for (name,) in cursor.fetchall()}
    names = {size: f"people_{size}" for size in (FEW, SIZE)}
    lacking = {size: name for size, name in names.items() if name not in there}
    if lacking and not there & set(names.values()):
        call_command("load_reference", verbosity=0)
        many.catalogue()
    for size, name in lacking.items():
        _use("postgres")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE portal")
        _use(name)
        many.people(size)
    for name in names.values():
        _use(name)
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    _use("portal")
    return names


def _use(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name


def measured(few: Database, many: Database) -> list[Line]:
    from .large_pages import DEEP, ROLES

    found = []
    for role in ROLES:
        same = {(of, what): path for of, what, path in few.ask(**{"as": role})}
        for of, what, path in many.ask(**{"as": role}):
            if len(sys.argv) > 1 and of not in sys.argv[1:]:
                continue
            first = same.get((of, "page 1"), path)  # page 50 may not be there
            compared = same.get((of, what), first if what in DEEP else path)
            line = Line(role, of, what, path, compared)
            line.measure(few, many)
            if line.missed():  # other load on the machine comes and goes
                again = Line(role, of, what, path, compared)
                again.measure(few, many)
                line = min(line, again, key=lambda one: (len(one.missed()), one.p95))
            print(line, flush=True)
            found.append(line)
    return found


def main() -> int:
    from .__main__ import tear_down

    names = prepare()
    few, many = Database(names[FEW]), Database(names[SIZE])
    try:
        print(
            f"{'':<78} {FEW:>6} people, then {SIZE}: median and p95 in ms, by the clock, ratio of the medians"
        )
        lines = measured(few, many)
    finally:
        few.close()
        many.close()
    missed = [one for one in lines if one.missed()]
    print(f"{len(lines)} pages, {len(missed)} missed", flush=True)
    rows = str(min(SIZE, int(os.environ.get("EXPORTED", SIZE))))
    export = [sys.executable, "-m", "tests.bench.large_export", names[SIZE], rows]
    slow = len(sys.argv) == 1 and subprocess.run(export, check=False).returncode
    if not os.environ.get("KEEP"):
        tear_down()
    return int(bool(missed or slow))


if __name__ == "__main__":
    sys.exit(main())

"""The shared installation with its load, and the table of faults."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.books import Books
from tests.faults.hitting import Hit, hitting
from tests.faults.installation import Portal
from tests.faults.load import Load
from tests.faults.releases import set_up
from tests.faults.table import Table

TABLE = pytest.StashKey[Table]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = Table()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if text := config.stash[TABLE].text():
        terminalreporter.section("faults")
        terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def table(pytestconfig: pytest.Config) -> Table:
    return pytestconfig.stash[TABLE]


@pytest.fixture(scope="session")
def running(table: Table) -> Iterator[tuple[Portal, Load]]:
    # Not in pytest's folder: another run of pytest would close that to PostgreSQL's account.
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    portal = Portal(folder)
    load = Load(portal, Books())
    try:
        set_up(portal, load, hitting(portal, load, table))
        yield portal, load
    finally:
        load.stop()
        portal.stop()
        shutil.rmtree(folder)


@pytest.fixture
def portal(running: tuple[Portal, Load]) -> Portal:
    return running[0]


@pytest.fixture
def load(running: tuple[Portal, Load]) -> Load:
    return running[1]


@pytest.fixture
def hit(portal: Portal, load: Load, table: Table) -> Hit:
    return hitting(portal, load, table)

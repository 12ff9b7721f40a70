"""The files of ``deploy/`` for systemd and containers: as far as they can be checked without either."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.environment import REQUIRED
from portal.rules import QUEUES
from portal.settings import BASE_DIR
from tests.serving import DEPLOY

UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
EXPOSED = 2.0
"""The most that systemd-analyze may say about a service, of 10; below 2 is „OK“."""
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"
)


@needs_systemd
def test_systemd_reads_all_units(tmp_path):
    """With a program of this machine in place of the one in /opt/portal."""
    for path in [*UNITS, DEPLOY / "containers" / "portal-backup.service"]:
        program = r"/opt/portal/\.venv/bin/\w+|/usr/bin/podman-compose"
        name = path.name if path in UNITS else f"containers-{path.name}"
        (tmp_path / name).write_text(re.sub(program, sys.executable, path.read_text()))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
    )
    ours = [line for line in done.stderr.splitlines() if "portal" in line]
    assert ours == []


@needs_systemd
@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_service_may_do_little(path):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSED * 10:.0f}", path],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-300:]
    assert "Overall exposure level" in done.stdout


def test_units_call_commands_that_there_are():
    called = {
        name for path in SERVICES for name in re.findall(r"manage\.py (\w+)", path.read_text())
    }
    assert called == {"worker", "backup"}
    for name in called:
        assert (BASE_DIR / "portal" / "management" / "commands" / f"{name}.py").exists()


def test_each_queue_has_a_worker():
    for text in (read("compose.yaml"), "".join(path.read_text() for path in SERVICES)):
        taken = re.findall(r'--queues,? "?([a-z]+(?:,[a-z]+)*)', text)
        assert sorted(",".join(taken).split(",")) == sorted(QUEUES)


def test_compose_file_is_one():
    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"),
            str(DEPLOY / "compose.yaml"),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_file_names_files_that_there_are():
    mounted = re.findall(r"- (\./[\w./-]+):/", read("compose.yaml"))
    assert len(mounted) == 4
    assert all((DEPLOY / path).is_file() for path in mounted)
    assert os.access(DEPLOY / "containers" / "make-database.sh", os.X_OK)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(read("compose.yaml"))["services"]


class TestCompose:
    """What ``podman-compose`` of Debian 13 does otherwise than the specification says, seen with it."""

    def test_nothing_waits_for_another(self, services):
        """It would wait for ever for one that has done its work, and for one that is healthy."""
        assert not [name for name, service in services.items() if "depends_on" in service]

    def test_tests_of_health_are_strings(self, services):
        """Of a list it makes one word, which no shell finds."""
        tests = [service.get("healthcheck", {}).get("test", "") for service in services.values()]
        assert len([test for test in tests if test]) == 3
        assert all(isinstance(test, str) for test in tests)

    def test_all_start_again_but_commands(self, services):
        for service in services.values():
            is_command = service.get("profiles") == ["commands"]
            assert service["restart"] == ("no" if is_command else "always")

    def test_nginx_knows_where_web_answers(self, services):
        where = {
            f"{one['networks']['default']['ipv4_address']}:{one['environment']['PORT']}"
            for name, one in services.items()
            if name.startswith("web")
        }
        named = re.findall(r"server ([\d.:]+)", read("containers/portal-upstream.conf"))
        assert len(where) == 2
        assert where == set(named)

    def test_database_has_the_letters_of_the_manual(self, services):
        arguments = services["db"]["environment"]["POSTGRES_INITDB_ARGS"]
        manual = (BASE_DIR / "docs" / "betrieb.md").read_text()
        assert set(arguments.split()) <= set(manual.split())

    def test_no_container_may_write_but_to_its_volumes(self, services):
        ours = [one for one in services.values() if "freiwilligenportal" in one["image"]]
        assert len(ours) == 6
        for one in ours:
            assert one["read_only"]
            assert one["cap_drop"] == ["ALL"]


def test_image_is_built_of_what_it_copies():
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", read("Containerfile"), re.MULTILINE)
    lines = (BASE_DIR / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    assert {line[1:] for line in lines if line[0] == "!"} == set(" ".join(copied).split())


def test_image_runs_as_nobody_special_and_installs_by_hash():
    text = read("Containerfile")
    assert "--require-hashes -r requirements.txt" in text
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["10001:10001"]
    folders = re.findall(r"^COPY (?!--)(?:\S+ )*?(\w+) \1$", text, re.MULTILINE)
    assert all((BASE_DIR / folder).is_dir() for folder in folders)
    assert {"portal", "programs", "volunteers", "welcome_rooms", "static", "templates"} == {
        *folders
    }
    age = version_of_postgresql(text, r"postgresql-client-(\d+)")
    assert age == version_of_postgresql(read("compose.yaml"), r"library/postgres:(\d+)")


def version_of_postgresql(text: str, pattern: str) -> str:
    (found,) = re.findall(pattern, text)
    return found


def test_settings_that_are_needed_stand_in_the_example():
    given = dict(line.split("=", 1) for line in read("portal.env").splitlines() if line[0] != "#")
    assert set(REQUIRED) <= set(given)
    assert given["BEHIND_PROXY"] == "1"


def read(name: str) -> str:
    return Path(DEPLOY, name).read_text()

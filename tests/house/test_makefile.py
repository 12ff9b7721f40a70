"""The make targets explain themselves, and say what they lack."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

BASE_DIR: Path = settings.BASE_DIR

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")


def run(
    *command: str, cwd: Path = BASE_DIR, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_lists_every_target_and_is_what_make_alone_does():
    targets = re.findall(r"^([a-z][a-z-]*):", (BASE_DIR / "Makefile").read_text(), re.MULTILINE)

    said = run("make").stdout

    assert len(targets) >= 12
    assert [line.split()[0] for line in said.splitlines()] == targets
    assert all(len(line.split()) > 1 for line in said.splitlines())


def test_a_port_that_is_no_number_is_one_sentence():
    done = run("make", "--silent", "demo", PORT="abc")

    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == "PORT muss eine Zahl sein, nicht abc."
    assert "Traceback" not in done.stderr


def test_a_missing_python_is_one_sentence(tmp_path: Path):
    done = run(
        "sh",
        str(BASE_DIR / ".ci" / "venv"),
        "requirements.txt",
        cwd=tmp_path,
        PYTHON="no-such-python",
    )

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("Das Portal braucht Python 3.11 oder neuer")
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [("sys.version_info", "braucht Python 3.11"), ("ensurepip", "apt install python3-venv")],
)
def test_a_python_that_is_too_old_or_lacks_venv_is_one_sentence(
    tmp_path: Path, missing: str, sentence: str
):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *{missing}*) exit 1; esac\n')
    python.chmod(0o755)

    done = run(
        "sh", str(BASE_DIR / ".ci" / "venv"), "requirements.txt", cwd=tmp_path, PYTHON=str(python)
    )

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert sentence in line


def test_larger_requirements_hold_the_pins_of_smaller_ones_and_hashes_are_everywhere():
    def pins(name: str) -> dict[str, str]:
        text = (BASE_DIR / name).read_text()
        found = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE))
        assert len(found) > 20
        assert len(re.findall(r" \\\n    --hash=sha256:", text)) >= len(found)
        return found

    production, demo = pins("requirements.txt"), pins("requirements-demo.txt")

    assert production.items() < demo.items() < pins("requirements-dev.txt").items()

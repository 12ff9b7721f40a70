"""``make release-check`` finds every fault: each test plants one in a tree of its own."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests import release

TODAY = date(2030, 5, 17)
HASH = f"    --hash=sha256:{'0' * 64}\n"
FILES = {
    "pyproject.toml": """\
[project]
name = "freiwilligenportal"
version = "0.3.0"
dependencies = ["Plain[extra]>=1,<2"]
[dependency-groups]
demo = ["shown>=2"]
dev = ["tool>=4", {include-group = "demo"}]
""",
    "publiccode.yml": 'softwareVersion: "0.3.0"\nreleaseDate: "2030-05-17"\n',
    "CHANGELOG.md": "# Changes\n\n## [Unreleased]\n\n## [0.3.0] - 2030-05-17\n\n## [0.2.0] - 2030-01-01\n",
    "requirements.txt": f"""\
deeper==9.9 \\
{HASH}    # via plain
plain==1.4 ; sys_platform != 'win32' \\
{HASH}    # via freiwilligenportal (pyproject.toml)
""",
    "requirements-dev.txt": f"""\
plain==1.4 ; sys_platform != 'win32' \\
{HASH}    # via
    #   -c requirements.txt
    #   freiwilligenportal (pyproject.toml)
shown==2.2 \\
{HASH}    # via freiwilligenportal (pyproject.toml:dev)
tool==4.2 \\
{HASH}    # via freiwilligenportal (pyproject.toml:dev)
""",
    "app/migrations/0001_initial.py": "operations = []\n",
    "app/sql/0001_search.sql": "SELECT 1;\n",
    "tests/releases.toml": '["0.2.0"]\napp = "0001_initial"\n\n["0.3.0"]\napp = "0002_more"\n',
}


class Tree:
    """A repository that tests change."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str) -> None:
        who = ["-c", "user.name=Anna", "-c", "user.email=anna@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=A change")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        assert old in FILES[name]
        self.write(name, FILES[name].replace(old, new))


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A tree with a released version, ready for the next release."""
    tree = Tree(tmp_path_factory.mktemp("ready"))
    tree.git("init", "--quiet", "--initial-branch=main", "--template=")
    for name, text in FILES.items():
        tree.write(name, text)
    tree.commit()
    tree.git("tag", "v0.2.0")
    tree.write("app/migrations/0002_more.py", "operations = [1]\n")
    tree.commit()
    return tree


@pytest.fixture
def tree(ready, tmp_path):
    """A copy for one test."""
    return Tree(shutil.copytree(ready.root, tmp_path / "tree"))


def versions(tree):
    return list(release.versions(tree.root, TODAY))


def test_tree_that_is_ready_has_no_finding(tree):
    assert versions(tree) == []
    for name, check in release.CHECKS.items():
        if check is not release.versions:
            assert list(check(tree.root)) == [], name


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("publiccode.yml", "0.3.0", "0.2.0", "publiccode.yml: softwareVersion is not 0.3.0"),
        ("publiccode.yml", "05-17", "05-16", "publiccode.yml: releaseDate is not 2030-05-17"),
        ("CHANGELOG.md", "## [Unreleased]\n", "", "CHANGELOG.md: does not begin with [Unreleased]"),
        (
            "CHANGELOG.md",
            "## [0.3.0] - 2030-05-17\n",
            "",
            "CHANGELOG.md: its newest entry is not 0.3.0",
        ),
        (
            "CHANGELOG.md",
            " - 2030-05-17",
            "",
            "CHANGELOG.md: 0.3.0 has no day, or one that has not come",
        ),
        (
            "CHANGELOG.md",
            "05-17",
            "05-18",
            "CHANGELOG.md: 0.3.0 has no day, or one that has not come",
        ),
        (
            "CHANGELOG.md",
            "2030-05-17",
            "in May",
            "CHANGELOG.md: 0.3.0 has no day, or one that has not come",
        ),
    ],
)
def test_version_and_day_that_do_not_agree_are_found(tree, name, old, new, found):
    tree.replace(name, old, new)
    assert versions(tree) == [found]


def test_version_that_went_out_already_is_found(tree):
    tree.git("tag", "v0.3.0")
    assert list(release.given_out(tree.root)) == []  # the tag is of this commit

    tree.write("README.md", "More.\n")
    tree.commit()
    assert list(release.given_out(tree.root)) == ["pyproject.toml: 0.3.0 is released already"]


@pytest.mark.parametrize("name", ["app/migrations/0001_initial.py", "app/sql/0001_search.sql"])
def test_released_migration_that_was_edited_is_found(tree, name):
    tree.write(name, "-- changed\n")
    assert list(release.edited_migrations(tree.root)) == [f"{name}: is not what v0.2.0 gave out"]


def test_released_migration_that_was_renamed_is_found(tree):
    tree.git("mv", "app/migrations/0001_initial.py", "app/migrations/0001_first.py")
    tree.commit()
    assert list(release.edited_migrations(tree.root)) == [
        "app/migrations/0001_initial.py: is not what v0.2.0 gave out"
    ]


def test_migrations_before_the_first_release_may_change(tree):
    tree.git("tag", "--delete", "v0.2.0")
    tree.write("app/migrations/0001_initial.py", "operations = [2]\n")
    assert list(release.edited_migrations(tree.root)) == []


@pytest.mark.parametrize(
    "listed", ['["0.2.0"]\napp = "0001_initial"\n', '["0.3.0"]\napp = "0001_initial"\n']
)
def test_release_whose_last_migrations_are_not_listed_is_found(tree, listed):
    tree.write("tests/releases.toml", listed)
    assert list(release.last_migrations(tree.root)) == [
        'tests/releases.toml: 0.3.0 has no app = "0002_more"'
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            '"tool>=4"',
            '"tool>=4", "newer>=1"',
            ["pyproject.toml (dev): newer is in no lock file"],
        ),
        (
            '"tool>=4", ',
            "",
            ["requirements-dev.txt: tool is no longer in pyproject.toml (dev)"],
        ),
        (
            ">=1,<2",
            ">=2",
            [
                "requirements-dev.txt: plain 1.4 is not Plain[extra]>=2",
                "requirements.txt: plain 1.4 is not Plain[extra]>=2",
            ],
        ),
    ],
)
def test_lock_file_that_no_longer_follows_is_found(tree, old, new, found):
    tree.replace("pyproject.toml", old, new)
    assert list(release.stale_locks(tree.root)) == found


def test_what_is_not_committed_is_found(tree):
    tree.replace("CHANGELOG.md", "# Changes", "# Änderungen")
    tree.write("Übersicht.txt", "new\n")
    assert list(release.unclean_tree(tree.root)) == [
        "CHANGELOG.md: not committed",
        "Übersicht.txt: not committed",
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("--" + "index-url https://packages.example.org", "address of a package registry"),
        ("see https://packages.example.org/python/" + "simple/", "address of a package registry"),
        ("https://files.python" + "hosted.org/packages/x.whl", "address of a package registry"),
        ("PATH=/" + "home/anna/bin", "path of a machine"),
        ("file:///" + "Users/anna/portal", "path of a machine"),
    ],
)
def test_address_of_a_registry_or_a_machine_is_found(tree, line, what):
    tree.write("notes.txt", f"First line.\n{line}\n")
    tree.commit()
    assert list(release.foreign_addresses(tree.root)) == [f"notes.txt:2: {what}"]


def test_path_of_the_tree_itself_is_found(tree):
    tree.write("notes.txt", f"{tree.root}/app\n")
    tree.commit()
    assert list(release.foreign_addresses(tree.root)) == ["notes.txt:1: path of this tree"]


def test_addresses_that_only_look_alike_are_none(tree):
    tree.write("notes.txt", "https://www.example.org/home/seite --no-emit-index-url\n")
    tree.commit()
    assert list(release.foreign_addresses(tree.root)) == []


@pytest.mark.parametrize("name", release.CHECKS)
def test_one_finding_fails_the_whole(tree, name, monkeypatch, capsys):
    monkeypatch.setattr(release, "CHECKS", {name: lambda root: iter([f"something in {root.name}"])})
    assert release.main(tree.root) == 1
    assert f"{name}: 1 found\n  something in {tree.root.name}\n" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    "check",
    [release.versions, release.edited_migrations, release.stale_locks, release.foreign_addresses],
)
def test_this_tree_could_go_out(check):
    assert list(check()) == []

"""Backup and restore with the real programs: what comes back is what was there, or nothing at all."""

import io
import json
import secrets
import shutil
import stat
import subprocess
import tarfile
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import FileField
from django.utils import timezone

from portal.operations.backup import archive, database, making, programs, restoring, tables
from portal.operations.backup.errors import BackupFailed, NotWhole
from portal.operations.backups import last_good
from portal.postgresql.programs import programs as embedded
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
needs_age = pytest.mark.skipif(not shutil.which("age"), reason="the program age is not here")
needs_programs = pytest.mark.skipif(
    not (programs.DEBIAN.is_dir() or shutil.which("pg_dump")), reason="no pg_dump outside"
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A backup with people, mails and a picture of other sites."""
    factories.make_application(factories.make_organisation())
    path, _made = making.back_up(tmp_path / "saved", recipients=[])
    return path


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, Path]:
    """The public key, and the file with the secret one."""
    file = tmp_path / f"key-{secrets.token_hex(4)}"
    subprocess.run(["age-keygen", "--output", file], check=True, capture_output=True)
    return file.read_text().split("public key: ")[1].split()[0], file


@pytest.fixture
def fresh(monkeypatch):
    """An empty database that counts as the portal's own."""
    name = f"backup_{secrets.token_hex(6)}"
    with database.connect(autocommit=True) as opened:
        opened.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        monkeypatch.setattr(database, "name", lambda: name)
        yield name
        opened.execute(f"DROP DATABASE {name} WITH (FORCE)")


def is_empty(name: str) -> bool:
    with database.connect(name) as opened:
        return database.is_empty(opened)


def here(name: str = "") -> dict[str, tables.Content]:
    with database.connect(name) as opened:
        return tables.contents(opened)


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}


def rewritten(path: Path, **changed: bytes | None) -> Path:
    """The archive with other contents; None leaves a member out."""
    found = members(path) | {name.replace("__", "."): data for name, data in changed.items()}
    target = path.with_suffix(".changed")
    with tarfile.open(target, "w") as tar:
        for name, data in found.items():
            if data is not None:
                about = tarfile.TarInfo(name)
                about.size = len(data)
                tar.addfile(about, io.BytesIO(data))
    return target


def test_what_was_backed_up_comes_back(saved, fresh):
    restoring.restore(saved, identity=None)

    before = {name: one for name, one in here().items() if name != "public.portal_backup"}
    after = {name: one for name, one in here(fresh).items() if name != "public.portal_backup"}
    assert len(before) > 100
    assert before == after
    assert before["public.volunteers_application"].rows == 1


def test_file_is_for_its_owner_only_and_no_half_one_is_left(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [path.name for path in saved.parent.iterdir()] == ["saved"]
    assert list(members(saved))[-1] == archive.MANIFEST
    assert last_good().size == saved.stat().st_size


def test_settings_come_along_without_secrets(monkeypatch, tmp_path):
    monkeypatch.setenv("SITE_URL", "https://engagement.example.org")
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    monkeypatch.setenv("EMAIL_URL", "smtp://portal:very-secret@mail.example.org")
    monkeypatch.setenv("SOMETHING_ELSE", "of the system")
    path, _made = making.back_up(tmp_path / "saved", recipients=[])

    text = members(path)[archive.SETTINGS].decode()

    assert "SITE_URL=https://engagement.example.org" in text
    assert "EMAIL_URL=smtp://portal:…@mail.example.org" in text
    assert "# SECRET_KEY ist gesetzt" in text
    assert "very-secret" not in text
    assert "SOMETHING_ELSE" not in text


def test_counts_are_of_the_moment_of_the_dump(tmp_path, monkeypatch):
    """Somebody signs up while pg_dump runs: neither dump nor counts have it."""
    dump = making._dump

    def meanwhile(*args):
        dump(*args)
        factories.make_application(factories.make_organisation())

    monkeypatch.setattr(making, "_dump", meanwhile)
    path, _made = making.back_up(tmp_path / "saved", recipients=[])

    manifest = restoring.check(path, identity=None)

    assert making.expected(manifest)["public.volunteers_application"].rows == 0
    assert here()["public.volunteers_application"].rows == 1


def test_check_leaves_nothing_behind_and_is_noted(saved):
    restoring.check(saved, identity=None)

    with database.connect() as opened:
        found = opened.execute("SELECT datname FROM pg_database WHERE datname LIKE 'portal_trial%'")
        assert found.fetchall() == []
    assert (timezone.now() - last_good().verified_at).total_seconds() < 60


def test_full_database_is_not_touched(saved, fresh):
    with database.connect(fresh, autocommit=True) as opened:
        opened.execute("CREATE TABLE notes (id int)")

    with pytest.raises(BackupFailed, match="nicht leer"):
        restoring.restore(saved, identity=None)

    assert list(here(fresh)) == ["public.notes"]


def test_database_in_use_is_not_touched(saved, fresh):
    with (
        database.connect(fresh),
        pytest.raises(BackupFailed, match="noch 1 andere angemeldet"),
    ):
        restoring.restore(saved, identity=None)


BROKEN = {
    "empty": lambda path: path.with_suffix(".x").write_bytes(b""),
    "text": lambda path: path.with_suffix(".x").write_bytes("<b>مرحبا</b>".encode() * 1000),
    "half": lambda path: path.with_suffix(".x").write_bytes(
        path.read_bytes()[: path.stat().st_size // 2]
    ),
    "one bit": lambda path: path.with_suffix(".x").write_bytes(flipped(path.read_bytes())),
}


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_broken_file_restores_nothing(saved, fresh, broken):
    broken(saved)

    with pytest.raises(NotWhole):
        restoring.restore(saved.with_suffix(".x"), identity=None)

    assert is_empty(fresh)


def test_manifest_that_is_missing_or_changed_restores_nothing(saved, fresh):
    manifest = json.loads(members(saved)[archive.MANIFEST])
    manifest["tables"]["public.programs_district"] = [99, "1"]
    other = json.dumps(manifest).encode()

    with pytest.raises(NotWhole):
        restoring.restore(rewritten(saved, manifest__json=None), identity=None)
    with pytest.raises(NotWhole):
        restoring.restore(rewritten(saved, dump__000001=None), identity=None)
    with pytest.raises(BackupFailed, match=r"Verschieden: public\.programs_district"):
        restoring.restore(rewritten(saved, manifest__json=other), identity=None)

    assert is_empty(fresh)


def test_backup_of_a_newer_release_is_refused(saved, fresh):
    manifest = json.loads(members(saved)[archive.MANIFEST])
    manifest["migrations"].append("portal.9999_of_tomorrow")

    with pytest.raises(BackupFailed, match="neueren Fassung"):
        restoring.restore(
            rewritten(saved, manifest__json=json.dumps(manifest).encode()), identity=None
        )


@needs_age
def test_encrypted_with_the_public_key_alone(key, fresh, tmp_path):
    public, secret = key
    path, made = making.back_up(tmp_path / "sealed", recipients=[public])

    assert made.is_encrypted
    assert path.read_bytes().startswith(archive.AGE_MAGIC)
    with pytest.raises(BackupFailed, match="--identity"):
        restoring.restore(path, identity=None)
    restoring.restore(path, identity=secret)
    assert not is_empty(fresh)


@needs_age
def test_other_key_and_changed_file_are_told_apart(key, fresh, tmp_path):
    public, secret = key
    path, _made = making.back_up(tmp_path / "sealed", recipients=[public])
    other = tmp_path / "other"
    subprocess.run(["age-keygen", "--output", other], check=True, capture_output=True)
    changed, half = tmp_path / "changed", tmp_path / "half"
    changed.write_bytes(flipped(path.read_bytes()))
    half.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(BackupFailed, match="Schlüssel passt nicht"):
        restoring.restore(path, identity=other)
    for broken in (changed, half):
        with pytest.raises(NotWhole):
            restoring.restore(broken, identity=secret)
    assert is_empty(fresh)


@needs_age
def test_recipient_that_is_none_leaves_no_file(tmp_path):
    with pytest.raises(BackupFailed, match="age konnte nicht verschlüsseln"):
        making.back_up(tmp_path / "sealed", recipients=["age1nobody"])
    assert list(tmp_path.iterdir()) == []


def test_no_room_is_a_sentence_and_leaves_no_file(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "dump", full)
    with pytest.raises(BackupFailed, match="No space left"):
        making.back_up(tmp_path / "saved", recipients=[])
    assert list(tmp_path.iterdir()) == []
    assert last_good() is None


def test_nothing_is_overwritten(saved):
    before = saved.read_bytes()
    with pytest.raises(BackupFailed, match="gibt es schon"):
        making.back_up(saved, recipients=[])
    assert saved.read_bytes() == before


def test_folder_keeps_the_newest(tmp_path):
    names = [f"portal-2026-01-0{day}T000000Z.backup" for day in (1, 2, 3)] + ["notes.txt"]
    for name in names:
        (tmp_path / name).touch()

    call_command("backup", str(tmp_path), keep=2)

    left = sorted(path.name for path in tmp_path.iterdir())
    assert left[:2] == ["notes.txt", "portal-2026-01-03T000000Z.backup"]
    assert len(left) == 3


@needs_programs
def test_pg_dump_that_is_too_old_says_so(monkeypatch):
    monkeypatch.setattr(programs, "is_embedded", lambda: False)
    with pytest.raises(BackupFailed, match="gebraucht wird 99"):
        programs.postgresql("pg_dump", at_least=99)


def test_pg_dump_that_is_missing_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "is_embedded", lambda: False)
    monkeypatch.setattr(programs, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match="postgresql-client-15 installieren"):
        programs.postgresql("pg_dump", at_least=15)


def test_embedded_postgresql_brings_its_own_programs():
    for name in ("pg_dump", "pg_restore"):
        assert programs.postgresql(name, at_least=18) == embedded() / name


@needs_age
def test_commands_answer_in_sentences(tmp_path, key):
    public, _file = key
    with pytest.raises(CommandError, match="geheimen Schlüssel"):
        call_command("backup", str(tmp_path / "one"), recipient=[public], verify=True)
    with pytest.raises(CommandError, match="gibt es nicht"):
        call_command("backup", str(tmp_path / "no" / "folder"))
    with pytest.raises(CommandError, match="lässt sich nicht lesen"):
        call_command("restore", str(tmp_path / "nothing"))


def test_no_model_keeps_files_on_the_disk():
    """Else a backup would have to hold them, too."""
    kept = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert len(kept) > 500
    assert [field for field in kept if isinstance(field, FileField)] == []


def test_checksum_does_not_depend_on_the_order_of_rows():
    with database.connect() as opened:
        opened.execute("CREATE TEMP TABLE here (id int, word text)")
        opened.execute("INSERT INTO here VALUES (1, 'eins'), (2, 'zwei')")
        first = opened.execute(psycopg.sql.SQL(tables.SUMS).format(psycopg.sql.Identifier("here")))
        before = first.fetchone()
        opened.execute("TRUNCATE here")
        opened.execute("INSERT INTO here VALUES (2, 'zwei'), (1, 'eins')")
        second = opened.execute(psycopg.sql.SQL(tables.SUMS).format(psycopg.sql.Identifier("here")))
        assert before == second.fetchone()

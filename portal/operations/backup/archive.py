"""The file of a backup: a tar archive that is written and read as a stream, with the manifest as its last member.

``tar`` alone opens it: ``README``, ``settings.env``, the dump in numbered parts and ``manifest.json``. The dump is
cut into parts because tar wants the size of a member before its content, and nobody knows that of a dump.
Encrypted, the whole archive is one file of ``age``. Nothing needs more memory than one part.
"""

import hashlib
import json
import os
import secrets
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from . import programs
from .errors import BackupFailed, NotWhole

PART = 4 * 1024 * 1024
"""Bytes of one part of the dump."""
LARGEST_TEXT = 16 * 1024 * 1024
"""Bytes of the largest manifest that is read."""
MANIFEST = "manifest.json"
SETTINGS = "settings.env"
AGE_MAGIC = b"age-encryption.org/"
HOW = """Sicherung des Freiwilligenportals.

Zurückspielen: manage.py restore DATEI (docs/betrieb.md). Ohne das Portal:
cat dump.* > portal.dump; pg_restore --no-owner --no-privileges --dbname=LEERE_DATENBANK portal.dump
"""

Source = Callable[[], IO[bytes]]


@dataclass
class Digest:
    """Size and SHA-256 of what passed through."""

    size: int = 0
    parts: int = 0
    _hash: Any = field(default_factory=hashlib.sha256, repr=False)

    def add(self, data: bytes) -> None:
        self.size += len(data)
        self.parts += 1
        self._hash.update(data)

    def as_json(self) -> dict[str, object]:
        return {"bytes": self.size, "parts": self.parts, "sha256": self._hash.hexdigest()}


class Writer:
    """Writes the members into ``output``, one after the other."""

    def __init__(self, output: IO[bytes], at: float) -> None:
        self._output = output
        self._at = at
        self.digests: dict[str, dict[str, object]] = {}

    def text(self, name: str, content: str) -> None:
        data = content.encode()
        digest = Digest()
        digest.add(data)
        self.digests[name] = digest.as_json()
        self._member(name, data)

    def dump(self, source: IO[bytes]) -> None:
        digest = Digest()
        while data := source.read(PART):
            digest.add(data)
            self._member(f"dump.{digest.parts:06}", data)
        self.digests["dump"] = digest.as_json()

    def finish(self, manifest: dict[str, object]) -> None:
        """Write the manifest, with the digests of all before it. Without it a file counts as half."""
        whole = {**manifest, "members": self.digests}
        self._member(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=1).encode())
        self._output.write(bytes(2 * tarfile.BLOCKSIZE))  # so an archive ends

    def _member(self, name: str, data: bytes) -> None:
        about = tarfile.TarInfo(name)
        about.size, about.mode, about.mtime = len(data), 0o600, int(self._at)
        self._output.write(about.tobuf(tarfile.PAX_FORMAT))
        self._output.write(data)
        self._output.write(bytes(-len(data) % tarfile.BLOCKSIZE))


def read(source: IO[bytes], take: Callable[[bytes], object] = len) -> dict[str, Any]:
    """Read a whole archive and check its digests; ``take`` gets the parts of the dump in order.

    Returns the manifest. Raises ``NotWhole`` if the file ends too soon or is not what was written.
    """
    digests: dict[str, Digest] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            for member in tar:
                data = _content(tar, member)
                if member.name == MANIFEST:
                    manifest = json.loads(data)
                    continue
                name, _dot, number = member.name.partition(".")
                key = "dump" if name == "dump" else member.name
                digest = digests.setdefault(key, Digest())
                digest.add(data)
                if key == "dump":
                    if number != f"{digest.parts:06}":
                        raise NotWhole
                    take(data)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise NotWhole from error
    if not isinstance(manifest, dict):
        raise NotWhole
    if {key: one.as_json() for key, one in digests.items()} != manifest.get("members"):
        raise NotWhole
    return manifest


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member) if member.isreg() and member.size <= LARGEST_TEXT else None
    data = file.read() if file else b""
    if file is None or len(data) != member.size:
        raise NotWhole
    return data


@contextmanager
def new_file(target: Path, recipients: list[str]) -> Iterator[IO[bytes]]:
    """A stream into ``target``, which is there when the block has ended well, and else not at all.

    Only its owner can read it. With ``recipients`` (public keys of ``age``) it is encrypted.
    Raises ``BackupFailed`` if ``target`` exists or ``age`` fails.
    """
    if target.exists():
        raise BackupFailed(f"{target} gibt es schon; eine Sicherung überschreibt keine andere.")
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if recipients:
                with _encrypting(recipients, file) as sealed:
                    yield sealed
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)  # unlike a rename it never replaces a file
        _sync(target.parent)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


@contextmanager
def _encrypting(recipients: list[str], file: IO[bytes]) -> Iterator[IO[bytes]]:
    chosen = [part for one in recipients for part in ("--recipient", one)]
    command = [str(programs.age()), "--encrypt", *chosen]
    with programs.running(command, stdin=subprocess.PIPE, stdout=file) as age:
        try:
            yield age.into
            age.into.close()
        except BrokenPipeError:
            pass  # it says why below
        age.succeed("age konnte nicht verschlüsseln")


@contextmanager
def opened(path: Path, identity: Path | None) -> Iterator[IO[bytes]]:
    """The archive as a stream, decrypted with the private key in ``identity`` if it is encrypted.

    Raises ``BackupFailed`` when the key is missing or does not fit, ``NotWhole`` when the file was changed.
    """
    with path.open("rb", buffering=0) as file:  # its position is that of age, too
        is_encrypted = file.read(len(AGE_MAGIC)) == AGE_MAGIC
        file.seek(0)
        if not is_encrypted:
            yield file
            return
        if identity is None:
            raise BackupFailed(
                f"{path} ist verschlüsselt: Bitte den geheimen Schlüssel mit --identity DATEI angeben."
            )
        command = [str(programs.age()), "--decrypt", "--identity", str(identity)]
        with programs.running(command, stdin=file, stdout=subprocess.PIPE) as age:
            try:
                yield age.out
            except NotWhole:
                age.drain()
                _complain(age, path)
                raise
            age.drain()
            _complain(age, path)


def _complain(age: programs.Running, path: Path) -> None:
    if age.ended_well():
        return
    said = age.said()
    if "no identity matched" in said:
        raise BackupFailed(f"Der Schlüssel passt nicht zu {path}.")
    if "failed to decrypt and authenticate" in said or "unexpected EOF" in said:
        raise NotWhole
    raise BackupFailed(f"age konnte {path} nicht entschlüsseln: {said}")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

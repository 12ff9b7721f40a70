"""Real web servers of the portal on the database of this test run, and the nginx of ``deploy/`` before them."""

import datetime
import http.client
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import connection

from tests.mailserver import free_port

DEPLOY: Path = settings.BASE_DIR / "deploy"
HOST = "engagement.example.org"
GUNICORN = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "python:portal.gunicorn"]
WORKER = [sys.executable, "manage.py", "worker", "--concurrency", "2"]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Site:
    """Web servers, workers and a proxy; :meth:`stop` ends all of them."""

    folder: Path
    static: Path
    site_url: str = f"https://{HOST}"
    host: str = "127.0.0.1"
    ports: list[int] = field(default_factory=list)
    tls: int = field(default_factory=free_port)
    plain: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        with connection.cursor():  # starts the server of this test run
            database = connection.settings_dict
        given = {
            "PATH": os.environ["PATH"],
            "SECRET_KEY": KEY,
            "SITE_URL": self.site_url,
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1,[::1]",
            "BEHIND_PROXY": "1" if self.site_url.startswith("https") else "0",
            "DATABASE_URL": f"postgres:///{database['NAME']}",
            "EMAIL_URL": "smtp://127.0.0.1:1",
            "DEFAULT_FROM_EMAIL": "portal@example.org",
            "SECOND_FACTOR_REQUIRED": "0",
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": str(self.static),
            "WEB_CONCURRENCY": "1",
            "HOST": self.host,
        }
        return given | {f"PG{name}": str(database[name]) for name in ("HOST", "PORT", "USER")}

    def run(self, name: str, command: list[str], **more: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env={**self.environment(), **more},
                stdout=log,
                stderr=log,
            )

    def web(self, port: int, **more: str) -> None:
        """A web server on ``port``; returns when it can serve."""
        if port not in self.ports:
            self.ports.append(port)
        self.run(f"web{port}", GUNICORN, PORT=str(port), **more)
        self.wait(lambda: self.ask(port, "/readyz").status == 200)

    def proxy(self, at: str = "/") -> None:
        """nginx with the files of ``deploy/``; only places, ports and certificates are of this test."""
        self.write_configuration(at)
        command = [str(NGINX), "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert tried.returncode == 0, tried.stderr
        self.run("nginx", command)
        self.wait(lambda: self.get("/livez" if at == "/" else f"{at}livez").status < 600)

    def write_configuration(self, at: str) -> None:
        certificate(self.folder)
        upstream = (DEPLOY / "nginx" / "portal-upstream.conf").read_text()
        for shipped, port in zip(("8001", "8002"), (self.ports * 2)[:2], strict=True):
            upstream = replaced(upstream, f"127.0.0.1:{shipped}", self._address(port))
        conf = (DEPLOY / "nginx" / "portal.conf").read_text()
        for old, new in {
            "/var/cache/nginx/portal": str(self.folder / "cache"),
            "/etc/ssl/portal": str(self.folder),
            "/etc/nginx/snippets": str(DEPLOY / "nginx"),
            "listen 80 ": f"listen 127.0.0.1:{self.plain} ",
            "listen [::]:80 ": f"listen [::1]:{self.plain} ",
            "listen 443 ": f"listen 127.0.0.1:{self.tls} ",
            "listen [::]:443 ": f"listen [::1]:{self.tls} ",
        }.items():
            conf = replaced(conf, old, new)
        if at != "/":
            conf = re.sub(r"\n    location / \{.*?\n    \}\n", "\n", conf, flags=re.DOTALL)
            example = re.search(r"(?:    # +[^\n]*[{};]\n)+", conf[conf.index("at a path") :])
            assert example
            conf = conf.replace(example[0], example[0].replace("    # ", "    "))
        (self.folder / "portal.conf").write_text(upstream + conf)
        temporary = "".join(
            f"{name}_temp_path {self.folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"daemon off; user root; worker_processes 1; pid {self.folder}/nginx.pid;\n"
            f"error_log {self.folder}/error.log; events {{}}\n"
            f"http {{ {temporary} include {self.folder}/portal.conf; }}\n"
        )

    def _address(self, port: int) -> str:
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"

    def get(self, path: str, *, at: str = "127.0.0.1", **headers: str) -> Answer:
        """Ask nginx over TLS."""
        opened = http.client.HTTPSConnection(at, self.tls, timeout=30, context=ANY_CERTIFICATE)
        return _answer(opened, "GET", path, None, {"Host": HOST, **named(headers)})

    def post(self, path: str, body: str, **headers: str) -> Answer:
        opened = http.client.HTTPSConnection(
            "127.0.0.1", self.tls, timeout=30, context=ANY_CERTIFICATE
        )
        given = {"Host": HOST, "Content-Type": "application/x-www-form-urlencoded"}
        return _answer(opened, "POST", path, body, given | named(headers))

    def ask(self, port: int, path: str, **headers: str) -> Answer:
        """Ask a web server without a proxy."""
        opened = http.client.HTTPConnection(self.host, port, timeout=30)
        return _answer(opened, "GET", path, None, named(headers))

    def wait(self, what, seconds: float = 90) -> None:
        """Wait until ``what`` is true; no server yet counts as false."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name, process in self.processes.items():
                assert process.poll() is None, (self.folder / f"{name}.log").read_text()[-2000:]
            try:
                if what():
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        raise AssertionError(f"Not within {seconds} seconds.")

    def end(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        process.wait(40)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()


KEY = secrets.token_urlsafe(50)
ANY_CERTIFICATE = ssl.create_default_context()
ANY_CERTIFICATE.check_hostname = False
ANY_CERTIFICATE.verify_mode = ssl.CERT_NONE


def replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"{old} is not in the file that ships"
    return text.replace(old, new)


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _answer(opened, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
    try:
        opened.request(method, path, body, headers)
        got = opened.getresponse()
        return Answer(got.status, got.msg, got.read())
    finally:
        opened.close()


def certificate(folder: Path) -> None:
    """``fullchain.pem`` and ``privkey.pem``, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )

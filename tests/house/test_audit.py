"""``make audit`` finds every kind of fault: each test plants one."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests import audit

LOCK = f"jinja2==2.4.1 --hash=sha256:{'0' * 64}\nplain==1.0 --hash=sha256:{'1' * 64}\n"
KNOWN = {
    "id": "GHSA-462w-v97r-4m45",
    "summary": "Jinja2 sandbox escape",
    "modified": "2024-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.10.1"}]},
            ],
            "versions": ["2.4.1"],
        }
    ],
}


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text(LOCK)
    return path


@pytest.fixture
def service():
    """A fake of the service for vulnerabilities, which knows one of one package."""

    class Handler(BaseHTTPRequestHandler):
        status = 200

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = asked["package"]["name"] == "jinja2" and asked["version"] == "2.4.1"
            self.send_response(self.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"vulns": [KNOWN]} if known else {}).encode())

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.address = f"http://127.0.0.1:{server.server_port}/v1/query"
    server.handler = Handler
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_known_vulnerability_of_a_locked_package_is_found(lock, service):
    assert list(audit.vulnerabilities(lock, service.address)) == [
        "jinja2 2.4.1: GHSA-462w-v97r-4m45, fixed in 2.10.1"
    ]


@pytest.mark.slow
def test_package_without_a_known_vulnerability_is_none(lock, service):
    lock.write_text(LOCK.splitlines()[1])
    assert list(audit.vulnerabilities(lock, service.address)) == []


@pytest.mark.slow
def test_service_that_is_away_is_told_from_a_clean_answer(lock, service):
    service.shutdown()
    service.server_close()
    with pytest.raises(audit.NotReachable):
        list(audit.vulnerabilities(lock, service.address))


@pytest.mark.slow
def test_service_that_fails_fails_the_audit(lock, service):
    service.handler.status = 500
    with pytest.raises(RuntimeError, match="pip-audit"):
        list(audit.vulnerabilities(lock, service.address))


def test_requirement_file_of_the_portal_is_part_of_what_is_asked_about():
    def names(path):
        return {line.split("==")[0] for line in path.read_text().splitlines() if "==" in line}

    runtime = names(audit.ROOT / "requirements.txt")
    assert len(runtime) > 40
    assert runtime <= names(audit.LOCK)


@pytest.mark.parametrize(
    "told",
    [
        "GPL-3.0-only",
        "AGPL-3.0",
        "UNKNOWN",
        "",
        "MIT; Other/Proprietary License",
        "MIT AND GPL-2.0",
        "Commercial",
        "MIT-like",
    ],
)
def test_licence_that_is_not_on_the_list_is_found(told):
    package = {"Name": "planted", "Version": "1", "License": told}
    assert list(audit.licences([package])) == [f"planted 1: {told}"]


@pytest.mark.parametrize(
    "told", ["MIT", "BSD-3-Clause AND 0BSD", "GPL-3.0 OR MIT", "LGPL-3.0-only"]
)
def test_licence_on_the_list_is_none(told):
    assert list(audit.licences([{"Name": "planted", "Version": "1", "License": told}])) == []


@pytest.mark.slow
def test_licences_of_what_is_installed_fit():
    assert list(audit.licences()) == []


def test_every_exception_has_its_reason():
    assert all(len(reason) > 10 for reason in audit.LICENCE_EXCEPTIONS.values())
    assert all(len(reason) > 10 for reason in audit.NO_SECRETS.values())


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("import subprocess\nsubprocess.run('ls ' + x, shell=True)\n", "S602"),
        ("cursor.execute('SELECT * FROM a WHERE b = ' + c)\n", "S608"),
        ("from django.utils.safestring import mark_safe\nmark_safe(x)\n", "S308"),
        ("import pickle\npickle.loads(x)\n", "S301"),
        ("import hashlib\nhashlib.md5(x)\n", "S324"),
    ],
)
def test_unsafe_code_is_found(tmp_path, code, rule):
    (tmp_path / "planted.py").write_text(code)
    (found,) = [one for one in audit.unsafe_code((str(tmp_path),)) if rule in one]
    assert "planted.py:" in found


def test_portal_has_no_unsafe_code():
    assert list(audit.unsafe_code()) == []


PLANTED = {
    "key of a cloud": 'AWS = "AKIA' + 'IOSFODNN7EXAMPLQ"',
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "password": 'password = "Tr0ub4dor' + '&3-horse"',
    "address with a password": "postgres://portal:" + "hunter2hunter2@db.stuttgart.example/portal",
    "random text": 'token = "' + base64.b64encode(bytes(range(60, 100))).decode() + '"',
}


@pytest.mark.parametrize("text", PLANTED.values(), ids=list(PLANTED))
def test_secret_in_a_file_is_found_and_not_repeated(tmp_path, text):
    path = tmp_path / "settings.py"
    path.write_text(f"{text}\n")
    found = list(audit.secrets([str(path)]))
    assert len(found) >= 1
    assert all(text not in one for one in found)


def test_passwords_of_invented_people_in_tests_are_none(tmp_path):
    assert list(audit.secrets([str(audit.ROOT / "tests" / "test_second_factor.py")])) == []


def test_one_finding_fails_the_audit(monkeypatch, capsys):
    monkeypatch.setattr(audit, "CHECKS", {"licences": lambda: iter(["planted 1: GPL"])})
    monkeypatch.setattr(audit, "vulnerabilities", lambda service: iter(()))
    assert audit.main() == 1
    assert "  planted 1: GPL" in capsys.readouterr().out


def test_audit_says_what_it_could_not_check_and_does_not_fail_for_it(monkeypatch, capsys):
    def away(service):
        raise audit.NotReachable

    monkeypatch.setattr(audit, "CHECKS", {"licences": lambda: iter(())})
    monkeypatch.setattr(audit, "vulnerabilities", away)
    assert audit.main() == 0
    told = capsys.readouterr().out.splitlines()
    assert "known vulnerabilities: NOT CHECKED, the service cannot be reached from here" in told


def test_audit_runs_in_ci():
    assert "audit" in (audit.ROOT / ".ci" / "run").read_text()

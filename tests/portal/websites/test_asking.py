"""Asking a website: what its answer means, and what is never asked. Real servers on this machine."""

import datetime
import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.websites import asking
from portal.websites.asking import NAME, Answer, ask, is_public
from portal.websites.models import LinkCheck

Outcome = LinkCheck.Outcome


class Site(BaseHTTPRequestHandler):
    """``/404`` answers 404, and so on; ``/to?…`` leads on; ``/get-only`` refuses HEAD; ``/drip`` never ends."""

    asked: list[tuple[str, str, str]]
    done: threading.Event

    def do_HEAD(self):
        self.answer("HEAD")

    def do_GET(self):
        self.answer("GET")

    def answer(self, method):
        self.asked.append((method, self.path, self.headers["User-Agent"]))
        where, _, query = self.path.partition("?")
        if where == "/to":
            self.send_response(302)
            self.send_header("Location", query)
        elif where == "/get-only":
            self.send_response(405 if method == "HEAD" else 200)
        elif where == "/drip":
            with suppress(OSError):
                while not self.done.wait(0.05):
                    self.wfile.write(b"X")
            return
        else:
            self.send_response(int(where.strip("/") or 200))
        self.end_headers()

    def log_message(self, *args):
        pass


def certificate(folder, address):
    """A file with a new key and a certificate for the address, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Verein")])
    now = datetime.datetime.now(datetime.UTC)
    about = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(about, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / f"{address}.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def serving(handler, identity=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if identity:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield f"http{'s' if identity else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site():
    class Own(Site):
        asked = []
        done = threading.Event()

    with serving(Own) as url:
        yield url, Own
        Own.done.set()


def anywhere(address):
    return True


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("", Answer(Outcome.FINE, 200)),
        ("/204", Answer(Outcome.FINE, 204)),
        ("/404", Answer(Outcome.GONE, 404)),
        ("/410", Answer(Outcome.GONE, 410)),
        ("/403", Answer(Outcome.SHY, 403)),
        ("/429", Answer(Outcome.SHY, 429)),
        ("/500", Answer(Outcome.BROKEN, 500)),
        ("/get-only", Answer(Outcome.FINE, 200)),
        ("/to?/404", Answer(Outcome.GONE, 404)),
        ("/to?/to?/200", Answer(Outcome.FINE, 200)),
        ("/to?file:///etc/passwd", Answer(Outcome.REFUSED)),
        ("/to?gopher://127.0.0.1/", Answer(Outcome.REFUSED)),
    ],
)
def test_answer_of_a_website_has_a_meaning(site, path, answer):
    url, _server = site
    assert ask(url + path, allowed=anywhere) == answer


def test_portal_says_who_asks_and_asks_little(site):
    url, server = site
    ask(url + "/200?a=b", allowed=anywhere)
    assert server.asked == [("HEAD", "/200?a=b", NAME)]


def test_circle_of_redirects_ends(site):
    url, server = site
    assert (
        ask(f"{url}/to?/to?/to?/to?/to?/to?/to?/to?/200", allowed=anywhere).outcome
        == Outcome.BROKEN
    )
    assert len(server.asked) == asking.MOST_REDIRECTS + 1


def test_redirect_into_a_network_is_refused(site):
    url, server = site
    inside = url.replace("127.0.0.1", "127.0.0.2")
    answer = ask(f"{url}/to?{inside}/", allowed=lambda address: address == "127.0.0.1")
    assert answer == Answer(Outcome.REFUSED)
    assert len(server.asked) == 1


@pytest.mark.slow
def test_answer_that_drips_is_cut_off(site, monkeypatch):
    monkeypatch.setattr(asking, "WHOLE_SECONDS", 0.3)
    url, _server = site
    assert ask(f"{url}/drip", allowed=anywhere) == Answer(Outcome.SILENT)


@pytest.mark.slow
def test_handshake_that_never_comes_is_cut_off(monkeypatch):
    monkeypatch.setattr(asking, "WHOLE_SECONDS", 0.3)
    monkeypatch.setattr(asking, "STEP_SECONDS", 60)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert ask(f"https://127.0.0.1:{port}/", allowed=anywhere) == Answer(Outcome.SILENT)


def test_encrypted_site_answers_if_its_certificate_is_good(site, monkeypatch, tmp_path):
    """Neither a certificate that nobody vouches for is taken, nor one for another name."""
    _url, handler = site
    own, other = certificate(tmp_path, "127.0.0.1"), certificate(tmp_path, "127.0.0.9")
    with serving(handler, own) as url:
        assert ask(url, allowed=anywhere) == Answer(Outcome.SILENT)
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        assert ask(url, allowed=anywhere) == Answer(Outcome.FINE, 200)
    with serving(handler, other) as url:
        monkeypatch.setenv("SSL_CERT_FILE", str(other))
        assert ask(url, allowed=anywhere) == Answer(Outcome.SILENT)


def test_nobody_there_is_silent():
    with serving(Site) as url:
        pass
    assert ask(url, allowed=anywhere) == Answer(Outcome.SILENT)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1:8080/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "ftp://stuttgart.de/",
        "http://",
        "",
    ],
)
def test_private_addresses_are_never_asked(url):
    assert ask(url) == Answer(Outcome.REFUSED)


@pytest.mark.parametrize("url", ["http://[kaputt/", "http://a:99999999/", "http://a\x00b/"])
def test_what_is_no_address_is_silent_and_raises_nothing(url):
    assert ask(url).outcome in {Outcome.SILENT, Outcome.REFUSED}


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2001:4860:4860::8888", True), ("224.0.0.1", False), ("fe80::1", False)],
)
def test_public_is_what_the_whole_world_can_reach(address, public):
    assert is_public(address) is public

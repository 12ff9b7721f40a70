"""A certificate proves itself by the signature in its QR code: without the portal, and without its record."""

import base64
import json
import subprocess
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import reverse
from joserfc.jwk import OKPKey

from portal.environment import REQUIRED, require
from tests import factories
from tests.volunteers.papers.test_certificates import statement
from tests.volunteers.papers.test_papers import read as read_pdf
from volunteers import papers
from volunteers.models import Certificate, WithdrawnCode
from volunteers.models.withdrawn import digest_of
from volunteers.papers import signature
from volunteers.papers.certificate import qr_text
from volunteers.papers.signature import Verdict
from volunteers.services import certificates as services

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return factories.make_member(factories.make_circle()).user


@pytest.fixture
def certificate(coordinator):
    application = factories.make_engaged(coordinator.memberships.get().organisation)
    return services.issue_certificate(
        application=application, statement=statement(name="Łucja ʿAlī محمد"), by=coordinator
    )


def post(client, text):
    return client.post(reverse("volunteers:check_signed"), {"text": text})


def raw(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_code_holds_the_address_and_behind_it_what_the_paper_says_signed(certificate):
    address, _hash, token = qr_text(certificate).partition("#")
    assert address.endswith(f"/nachweis/{certificate.printed_code}/")
    found = signature.read(token)
    assert found.verdict == Verdict.GENUINE
    assert found.says == {
        "code": certificate.printed_code,
        "name": certificate.name,
        "since": f"{certificate.since}",
        "until": f"{certificate.until}",
        "hours": "84,5",
        "by": certificate.issuer,
        "on": f"{certificate.issued_on}",
    }
    assert token == signature.sign(Certificate.objects.get()), "the same each time"
    assert len(read_pdf(papers.certificate_pdf(certificate)).pages) == 1


def test_openssl_accepts_it_with_the_published_key_and_refuses_another_text(
    client, certificate, tmp_path
):
    (published,) = client.get("/.well-known/jwks.json").json()["keys"]
    assert published["kty"] == "OKP"
    assert "d" not in published
    head, payload, sealed = signature.sign(certificate).split(".")
    assert json.loads(raw(head)) == {"alg": "Ed25519", "kid": published["kid"]}
    key = bytes.fromhex("302a300506032b6570032100") + raw(published["x"])  # RFC 8410
    (tmp_path / "key.der").write_bytes(key)
    (tmp_path / "sig").write_bytes(raw(sealed))

    def verify(text):
        (tmp_path / "text").write_text(text)
        order = "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile sig"
        return subprocess.run(
            order.split(), cwd=tmp_path, capture_output=True, check=False
        ).returncode

    assert verify(f"{head}.{payload}") == 0
    assert verify(f"{head}.{payload[:-1]}") != 0


@pytest.mark.slow
def test_each_flipped_byte_is_refused(certificate):
    token = signature.sign(certificate)
    refused = 0
    for at, char in enumerate(token):
        for bit in range(7):
            changed = token[:at] + chr(ord(char) ^ 1 << bit) + token[at + 1 :]
            if changed.rpartition("#")[2].split() == [token]:
                continue
            assert signature.read(changed).verdict != Verdict.GENUINE, (at, bit)
            refused += 1
    assert refused == 7 * len(token)


def test_no_header_chooses_another_way_to_check(certificate):
    head, payload, sealed = signature.sign(certificate).split(".")
    for alg in ("none", "HS256", "EdDSA"):
        other = json.dumps(json.loads(raw(head)) | {"alg": alg}).encode()
        forged = base64.urlsafe_b64encode(other).decode().rstrip("=")
        for end in (sealed, ""):
            assert signature.read(f"{forged}.{payload}.{end}").verdict == Verdict.CHANGED


def test_it_still_proves_itself_when_the_record_is_deleted(client, certificate):
    text = qr_text(certificate)
    certificate.delete()
    response = post(client, f"  {text[:60]}\n{text[60:]} ")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Echt: Wir haben diesen Nachweis ausgestellt." in page
    assert "محمد" in page
    assert not response.cookies


def test_withdrawn_one_is_on_a_list_without_a_name_and_stays_there(
    client, certificate, coordinator
):
    text, name, code = qr_text(certificate), certificate.name, certificate.printed_code
    services.withdraw_certificate(certificate=certificate, by=coordinator)
    services.withdraw_certificate(certificate=certificate, by=coordinator)
    Certificate.objects.all().delete()
    listed = client.get("/.well-known/engagement-withdrawn.json")
    assert list(listed.json()["withdrawn"]) == [digest_of(code)]
    assert name not in listed.text
    assert code not in listed.text
    assert "zurückgezogen. Er gilt nicht mehr." in post(client, text).content.decode()
    assert WithdrawnCode.objects.count() == 1


def test_former_key_stays_valid_and_an_unknown_one_is_named(client, certificate, settings):
    token = signature.sign(certificate)
    former = settings.CERTIFICATE_KEY.partition(".")[0]
    out = StringIO()
    call_command("certificate_key", stdout=out)
    settings.CERTIFICATE_KEY = out.getvalue().strip().removeprefix("CERTIFICATE_KEY=")
    assert signature.read(token).verdict == Verdict.UNKNOWN_KEY
    assert "Unbekannter Schlüssel" in post(client, token).content.decode()

    settings.CERTIFICATE_FORMER_KEYS = [former]
    assert signature.read(token).verdict == Verdict.GENUINE
    kids = [key["kid"] for key in client.get("/.well-known/jwks.json").json()["keys"]]
    assert kids[1] == json.loads(raw(token.partition(".")[0]))["kid"]
    assert len(set(kids)) == 2
    assert signature.read(signature.sign(certificate)).verdict == Verdict.GENUINE


def test_stranger_with_our_key_number_is_refused(certificate, settings):
    own, kid = (
        settings.CERTIFICATE_KEY,
        signature.kid_of(next(iter(signature.public_keys().values()))),
    )
    other = OKPKey.generate_key("Ed25519").as_dict(private=True)
    settings.CERTIFICATE_KEY = f"{other['x']}.{other['d']}"
    head, payload, sealed = signature.sign(certificate).split(".")
    settings.CERTIFICATE_KEY = own
    forged = base64.urlsafe_b64encode(json.dumps(json.loads(raw(head)) | {"kid": kid}).encode())
    token = f"{forged.decode().rstrip('=')}.{payload}.{sealed}"
    assert signature.read(token).verdict == Verdict.CHANGED


def test_key_that_is_none_stops_the_start_with_its_name():
    with pytest.raises(ImproperlyConfigured, match="CERTIFICATE_KEY stimmt nicht"):
        require({**dict.fromkeys(REQUIRED, "x"), "CERTIFICATE_KEY": "geheim"})


def test_without_a_key_certificates_are_as_before(client, certificate, settings):
    settings.CERTIFICATE_KEY = ""
    assert qr_text(certificate).endswith(f"/nachweis/{certificate.printed_code}/")
    assert client.get("/.well-known/jwks.json").json() == {"keys": []}
    assert papers.certificate_pdf(certificate).startswith(b"%PDF")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a.b",
        "..",
        "a.b.c",
        "\x00",
        "é.é.é",
        "#",
        "x" * 50_000,
        "bnVsbA.bnVsbA.bnVsbA",
        "\u202e",
        "<b>",
    ],
)
def test_unfriendly_text_gets_a_sentence(client, text):
    response = post(client, text)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()

"""XLIFF out and in: a round trip, and everything that a file may do wrong."""

from xml.etree.ElementTree import fromstring, tostring

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.translating import xliff
from portal.translating.forms import XliffForm
from portal.translating.importing import plan, write
from portal.translating.kinds import lines
from portal.translating.xliff import Unit, XliffProblem
from programs.models import Programme
from tests import factories
from tests.portal.translating.test_translating import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    factories.make_clearing_office()
    return factories.make_programme(
        title="Lesezeit <b>&", summary="Sie lesen „mit“ Kindern.", description="Ein\n\nNachmittag."
    )


@pytest.fixture
def ukrainian(programme):
    member = factories.make_member(programme.organisation, role="translator", language="uk")
    return client_of(member.user)


def filled(document, translate=lambda source: f"укр {source}"):
    """What a translator's tool gives back."""
    root = fromstring(document)  # noqa: S314 - our own
    ns = {"x": xliff.NAMESPACE}
    for unit in root.iterfind(".//x:trans-unit", ns):
        unit.find("x:target", ns).text = translate(unit.find("x:source", ns).text)
    return tostring(root, encoding="utf-8")


def test_a_round_trip_translates_everything_and_the_next_file_is_empty(programme, ukrainian):
    out = ukrainian.get(reverse("admin:translations_file", args=["uk"]))
    assert out["Content-Type"] == "application/x-xliff+xml"
    url = reverse("admin:translations_import", args=["uk"])
    upload = SimpleUploadedFile("uk.xlf", filled(out.content))
    preview = ukrainian.post(url, {"file": upload})
    html = preview.content.decode()
    assert "Noch ist nichts übernommen" in html
    programme.refresh_from_db()
    assert programme.translations == {}
    done = ukrainian.post(url, {"content": preview.context["content"], "confirmed": "1"})
    assert done.status_code == 302
    programme.refresh_from_db()
    assert programme.said("title", "uk") == "укр Lesezeit <b>&"
    assert programme.said("description", "uk") == "укр Ein\n\nNachmittag."
    assert programme.translated("uk") == ["title", "summary", "description"]
    assert (
        b"trans-unit" not in ukrainian.get(reverse("admin:translations_file", args=["uk"])).content
    )
    everything = ukrainian.get(reverse("admin:translations_file", args=["uk"]), {"alles": "1"})
    assert everything.content.count(b'state="final"') >= 3


def test_a_text_that_changed_meanwhile_is_refused_and_the_others_come(programme):
    units = xliff.read(filled(xliff.written("uk", lines("uk"))), "uk")
    Programme.objects.filter(pk=programme.pk).update(summary="Anders.")
    made = plan(units, lines("uk"))
    (refused,) = made.refused
    assert "inzwischen" in refused.reason
    write(made)
    programme.refresh_from_db()
    assert programme.said("summary", "uk").is_german
    assert programme.said("title", "uk").startswith("укр")


def test_what_the_column_refuses_what_is_unknown_and_what_comes_twice_is_refused(programme):
    key = f"programme.{programme.pk}."
    units = [
        Unit(f"{key}summary", programme.summary, "ї" * 301),
        Unit(f"{key}title", programme.title, "Читання"),
        Unit(f"{key}title", programme.title, "Ще раз"),
        Unit(f"{key}internal_note", "", "Пролізли"),
        Unit("user.1.email", "a@example.org", "b@example.org"),
        Unit(f"{key}description", programme.description, ""),
    ]
    made = plan(units, lines("uk"))
    assert [one.after for one in made.changes] == ["Читання"]
    assert len(made.refused) == 4
    assert made.empty == 1


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<xliff version="1.2"><file source-language="de" target-language="uk"><body>&b;</body></file></xliff>"""
EMPTY = (
    b'<xliff version="1.2"><file source-language="de" target-language="uk"><body/></file></xliff>'
)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b"", "keine XLIFF-Datei"),
        (b"\x00\x01\x02", "keine XLIFF-Datei"),
        (b"PK\x03\x04", "keine XLIFF-Datei"),
        (b"<html></html>", "Fassung 1.2"),
        (b'<xliff version="2.0"/>', "Fassung 1.2"),
        (BOMB, "keine XLIFF-Datei"),
        (EMPTY, "kein Text"),
        (EMPTY.replace(b'"uk"', b'"ru"'), "andere Sprache"),
        (EMPTY.replace(b' target-language="uk"', b""), "andere Sprache"),
        (EMPTY.replace(b'"de"', b'"en"'), "nicht aus dem Deutschen"),
        (b'<?xml version="1.0" encoding="gibt-es-nicht"?><xliff/>', "keine XLIFF-Datei"),
    ],
)
def test_other_files_are_refused_with_a_sentence(ukrainian, document, says):
    with pytest.raises(XliffProblem, match=says):
        xliff.read(document, "uk")
    url = reverse("admin:translations_import", args=["uk"])
    upload = SimpleUploadedFile("x.xlf", document or b" ")
    response = ukrainian.post(url, {"file": upload})
    assert response.status_code == 422
    assert says in response.content.decode()


def test_no_file_and_too_large_a_file_are_refused(ukrainian):
    url = reverse("admin:translations_import", args=["uk"])
    assert "wählen Sie eine Datei" in ukrainian.post(url, {}).content.decode()
    upload = SimpleUploadedFile("x.xlf", b" " * (XliffForm.MOST_BYTES + 1))
    response = ukrainian.post(url, {"file": upload})
    assert response.status_code == 422
    assert "3 MB" in response.content.decode()


def test_html_in_a_file_is_shown_as_text(ukrainian, programme):
    key = f"programme.{programme.pk}.title"
    document = EMPTY.replace(
        b"<body/>",
        f'<body><trans-unit id="{key}"><source>Lesezeit &lt;b&gt;&amp;</source>'
        "<target>&lt;script&gt;1&lt;/script&gt;</target></trans-unit></body>".encode(),
    )
    url = reverse("admin:translations_import", args=["uk"])
    html = ukrainian.post(url, {"file": SimpleUploadedFile("x.xlf", document)}).content.decode()
    assert "&lt;script&gt;1&lt;/script&gt;" in html
    assert "<script>1</script>" not in html

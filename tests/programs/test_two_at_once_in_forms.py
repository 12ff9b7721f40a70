"""Two users have the same page open: neither overwrites what the other one saved."""

import html
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.clients import client_of

pytestmark = pytest.mark.django_db


class Fields(HTMLParser):
    """What a browser would send back from the page's main form, unchanged."""

    def __init__(self, page):
        super().__init__()
        self.data, self.inside, self.name = {}, False, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        kind = given.get("type")
        if tag == "form":
            self.inside = (given.get("id") or "").endswith("_form")
        elif not self.inside:
            return
        elif tag in {"select", "textarea"}:
            self.name = given["name"]
        elif (tag == "option" and "selected" in given) or (
            tag == "input"
            and kind != "submit"
            and (kind not in {"checkbox", "radio"} or "checked" in given)
        ):
            name = self.name if tag == "option" else given.get("name")
            self.data.setdefault(name, []).append(given.get("value") or "")

    def handle_data(self, data):
        if self.inside and self.lasttag == "textarea" and self.name:
            self.data[self.name] = [data.removeprefix("\n")]

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"
        self.name = "" if tag in {"select", "textarea"} else self.name


def at_once(record, first, second):
    """Both have the page open; one saves ``first``, then the other ``second``."""
    client = client_of(factories.make_member(record.organisation).user)
    url = reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])
    pages = [Fields(client.get(url).content.decode()).data for _ in range(2)]
    for page, changed in zip(pages, (first, second), strict=True):
        response = client.post(url, page | changed)
        assert response.status_code == 302, response.context["adminform"].form.errors
    record.refresh_from_db()
    return record


@pytest.mark.slow
def test_two_at_one_application():
    application = factories.make_application(factories.make_circle(), phone="0711 1")
    at_once(application, {"phone": "0711 2", "languages": ["ar"]}, {"name": "Amira H."})
    assert (application.name, application.phone) == ("Amira H.", "0711 2")
    assert application.languages == ["ar"]


@pytest.mark.slow
def test_two_at_one_request():
    request = factories.make_request(organisation=factories.make_circle(), phone="0711 1")
    field = factories.make_field()
    at_once(request, {"phone": "0711 2", "fields": [field.pk]}, {"name": "Olena"})
    assert (request.name, request.phone) == ("Olena", "0711 2")
    assert list(request.fields.all()) == [field]


@pytest.mark.slow
def test_two_at_one_event():
    event = factories.make_event(organisation=factories.make_circle())
    at_once(event, {"place": "Rathaus"}, {"title": "Ein anderer Titel"})
    assert (event.title, event.place, event.sequence) == ("Ein anderer Titel", "Rathaus", 2)


def opened_twice(record):
    """Client, address and the two pages of somebody who has the record open twice."""
    client = client_of(factories.make_user("chef@example.org", is_superuser=True))
    url = reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])
    return client, url, [Fields(client.get(url).content.decode()).data for _ in range(2)]


RECORDS = {
    "application": (
        lambda: factories.make_application(factories.make_circle(), phone="0711 1"),
        "phone",
        ("0711 2", "0711 3"),
        {"name": "Amira H."},
    ),
    "organisation": (
        factories.make_circle,
        "title",
        ("Süd & Co", "Süd <b>"),
        {"summary": "Kurz"},
    ),
    "event": (
        lambda: factories.make_event(organisation=factories.make_circle()),
        "place",
        ("Rathaus", "Bücherei"),
        {"title": "Anderer Titel"},
    ),
    "room": (factories.make_room, "title", ("Raum Nord", "Raum Süd"), {"summary": "Kurz"}),
    "volunteer": (factories.make_volunteer, "phone", ("0711 2", "0711 3"), {"name": "Amira H."}),
    "user": (factories.make_user, "name", ("Katrin", "Karin"), {"email": "neu@example.org"}),
}


@pytest.fixture(params=RECORDS.values(), ids=RECORDS)
def kind(request):
    make, *rest = request.param
    return make(), *rest


@pytest.mark.slow
def test_two_change_different_fields_and_both_changes_stay(kind):
    record, field, (first, _second), other = kind
    client, url, pages = opened_twice(record)
    assert client.post(url, pages[0] | {field: first}).status_code == 302
    assert client.post(url, pages[1] | other).status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == first
    assert {name: getattr(record, name) for name in other} == other


@pytest.mark.slow
def test_two_change_the_same_field_and_the_second_one_sees_both_values_and_chooses(kind):
    record, field, (first, second), other = kind
    client, url, pages = opened_twice(record)
    client.post(url, pages[0] | {field: first})

    told = client.post(url, pages[1] | {field: second} | other)
    assert told.status_code in {200, 422}
    text = html.unescape(told.content.decode())
    assert "inzwischen jemand anderes geändert" in text
    assert f"„{first}“" in text
    assert f"„{second}“" in text
    assert "<b>“" not in told.content.decode(), "values are escaped"
    record.refresh_from_db()
    assert getattr(record, field) == first, "nothing is saved yet"

    again = Fields(told.content.decode()).data
    assert again[field] == [second], "what was typed stays"
    kept = client.post(url, again | {f"keep-{field}": "on"})
    assert kept.status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == first
    assert {name: getattr(record, name) for name in other} == other

    assert client.post(url, again).status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == second


@pytest.mark.slow
def test_a_third_change_is_told_of_again(kind):
    record, field, (first, second), _other = kind
    client, url, pages = opened_twice(record)
    client.post(url, pages[0] | {field: first})
    again = Fields(client.post(url, pages[1] | {field: second}).content.decode()).data
    type(record).objects.filter(pk=record.pk).update(**{field: "Drittes"})
    told = client.post(url, again)
    assert "„Drittes“" in told.content.decode()


@pytest.mark.slow
def test_the_same_change_twice_is_no_conflict(kind):
    record, field, (first, _second), _other = kind
    client, url, pages = opened_twice(record)
    assert [client.post(url, page | {field: first}).status_code for page in pages] == [302, 302]


@pytest.mark.slow
def test_lists_choices_and_times_are_told_in_words():
    event = factories.make_event(organisation=factories.make_circle(), kind="training")
    client, url, pages = opened_twice(event)
    first = {"kind": "encounter", "languages": ["de", "ar"], "starts_at_1": "08:00"}
    assert client.post(url, pages[0] | first).status_code == 302
    second = {"kind": "dialogue", "languages": ["fr"], "starts_at_1": "08:30"}
    told = client.post(url, pages[1] | second)
    text = html.unescape(told.content.decode())
    assert text.count("inzwischen jemand anderes geändert") == 3
    for value in (event.Kind("encounter").label, event.Kind("dialogue").label, "„Französisch“"):
        assert f"{value}" in text
    assert ", 08:00“" in text
    assert ", 08:30“" in text
    assert client.post(url, Fields(told.content.decode()).data).status_code == 302
    event.refresh_from_db()
    assert (event.kind, event.languages) == ("dialogue", ["fr"])
    assert timezone.localtime(event.starts_at).strftime("%H:%M") == "08:30"


@pytest.mark.slow
def test_a_time_survives_an_error_in_another_field():
    """Django's own hidden inputs would take the new time for the old one when the form comes back."""
    event = factories.make_event(organisation=factories.make_circle())
    client, url, (page, _) = opened_twice(event)
    wrong = client.post(url, page | {"title": "", "starts_at_1": "08:30"})
    again = Fields(wrong.content.decode()).data | {"title": "Mit Titel"}
    assert client.post(url, again).status_code == 302
    event.refresh_from_db()
    assert timezone.localtime(event.starts_at).strftime("%H:%M") == "08:30"


@pytest.mark.slow
def test_two_at_the_rows_of_one_page():
    circle = factories.make_circle()
    membership = factories.make_member(circle, factories.make_user("anna@example.org"))
    client, url, pages = opened_twice(membership.user)
    client.post(url, pages[0] | {"memberships-0-role": "reporting"})
    told = client.post(url, pages[1] | {"memberships-0-role": "staff", "name": "Anna"})
    assert "inzwischen jemand anderes geändert" in told.content.decode()
    assert client.post(url, pages[1] | {"name": "Anna"}).status_code == 302
    membership.refresh_from_db()
    assert membership.role == "reporting"

"""Two users have the same page open: neither overwrites what the other one saved."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from tests import factories
from tests.programs.test_admin import client_of

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


def test_two_at_one_application():
    application = factories.make_application(factories.make_circle(), phone="0711 1")
    at_once(application, {"phone": "0711 2", "languages": ["ar"]}, {"name": "Amira H."})
    assert (application.name, application.phone) == ("Amira H.", "0711 2")
    assert application.languages == ["ar"]


def test_two_at_one_request():
    request = factories.make_request(organisation=factories.make_circle(), phone="0711 1")
    field = factories.make_field()
    at_once(request, {"phone": "0711 2", "fields": [field.pk]}, {"name": "Olena"})
    assert (request.name, request.phone) == ("Olena", "0711 2")
    assert list(request.fields.all()) == [field]


def test_two_at_one_event():
    event = factories.make_event(organisation=factories.make_circle())
    at_once(event, {"place": "Rathaus"}, {"title": "Ein anderer Titel"})
    assert (event.title, event.place, event.sequence) == ("Ein anderer Titel", "Rathaus", 2)

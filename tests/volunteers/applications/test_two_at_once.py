"""The person and the coordinator change the same record: neither overwrites what they have not seen."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.clients import client_of
from tests.people import mailbox
from tests.programs.test_two_at_once_in_forms import Fields
from volunteers.links import applications as application_links
from volunteers.links import my_data as my_data_links
from volunteers.links import tandems as tandem_links

pytestmark = pytest.mark.django_db
TOLD = "inzwischen jemand anderes geändert"


def make_application():
    return factories.make_application(
        factories.make_circle(), phone="0711 2161", languages=["de"], message="Zeile\nund noch eine"
    )


def path_of_revising(application):
    return reverse("volunteers:revise", args=[application_links.status_token(application)])


def path_of_correcting(application):
    token = my_data_links.token_for(mailbox(application.email))
    return reverse("volunteers:my_data_correct", args=[token])


def path_of_request(request):
    return f"{tandem_links.status_path(request)}aendern/"


class Page(Fields):
    """Public forms have no id."""

    def handle_starttag(self, tag, attrs):
        if tag == "form" and dict(attrs).get("method") == "post":
            self.inside = True
            return
        super().handle_starttag(tag, attrs)


def opened(path):
    """What the page would send, with the line ends of a browser."""
    data = Page(Client().get(path).content.decode()).data
    assert "initial-phone" in data
    return {k: [str(v).replace("\n", "\r\n") for v in values] for k, values in data.items()}


@pytest.mark.parametrize(
    ("make", "path_of"),
    [
        (make_application, path_of_revising),
        (lambda: factories.make_request(phone="0711 2161", languages=["de"]), path_of_request),
    ],
    ids=["application", "request"],
)
def test_person_and_coordinator(make, path_of):
    record = make()
    path = path_of(record)
    page = opened(path)
    type(record).objects.filter(pk=record.pk).update(languages=["de", "ar"], phone="0711 2162")

    answer = Client().post(path, page | {"name": ["Amira H."], "phone": ["0711 2163"]})
    assert answer.status_code == 422
    text = html.unescape(answer.content.decode())
    assert text.count(TOLD) == 2, "in the summary and at the field"
    assert "„0711 2162“" in text
    assert "„0711 2163“" in text
    record.refresh_from_db()
    assert (record.phone, record.languages) == ("0711 2162", ["de", "ar"])

    again = Page(answer.content.decode()).data
    assert again["phone"] == ["0711 2163"]
    assert Client().post(path, again).status_code == 302
    record.refresh_from_db()
    assert (record.name, record.phone) == ("Amira H.", "0711 2163")
    assert record.languages == ["de", "ar"], "the coordinator's own change stays"


def test_my_data_and_the_coordinator():
    application = make_application()
    path = path_of_correcting(application)
    page = opened(path)
    volunteer = application.volunteer
    type(volunteer).objects.filter(pk=volunteer.pk).update(languages=["ar"], phone="0711 2162")
    assert TOLD in Client().post(path, page | {"phone": ["0711 2163"]}).content.decode()
    assert Client().post(path, page | {"name": ["Amira H."]}).status_code == 302
    volunteer.refresh_from_db()
    assert (volunteer.name, volunteer.phone, volunteer.languages) == (
        "Amira H.",
        "0711 2162",
        ["ar"],
    )


@pytest.mark.slow
def test_the_coordinator_is_told_of_what_the_person_changed():
    application = make_application()
    client = client_of(factories.make_member(application.organisation).user)
    url = reverse("admin:volunteers_application_change", args=[application.pk])
    page = Fields(client.get(url).content.decode()).data
    path = path_of_revising(application)
    assert Client().post(path, opened(path) | {"phone": ["0711 2162"]}).status_code == 302
    assert TOLD in client.post(url, page | {"phone": "0711 2163"}).content.decode()


def test_lines_that_a_browser_ends_differently_are_no_change():
    application = make_application()
    path = path_of_revising(application)
    page = opened(path)
    assert any("\r\n" in value for values in page.values() for value in values)
    name = next(key for key, values in page.items() if "noch eine" in values[0])
    answer = Client().post(path, page | {name: ["Ganz anders"]})
    assert answer.status_code == 302
    application.refresh_from_db()
    assert application.message == "Ganz anders"

"""Rows of a list of people that look like somebody known: a person decides, and it is done like that."""

import pytest

from programs.models import ListImport
from tests import factories
from tests.clients import client_of
from tests.importing import can_confirm, preview_of, upload, work
from volunteers.models import Application, Volunteer

pytestmark = pytest.mark.django_db

MODEL = "volunteers_volunteer"
HEAD = "Name;E-Mail;Telefon;Sprachen\n"


@pytest.fixture
def own():
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(own):
    factories.make_clearing_office()
    return factories.make_member(own).user


@pytest.fixture
def amira(own):
    return factories.make_application(
        own, "Amira Haddad", email="amira@example.org", phone="0711 55"
    )


def page_with(user, *rows):
    return upload(user, MODEL, (HEAD + "".join(rows)).encode())


def decide_and_confirm(user, response, **chosen):
    url = response.context["upload"].get_absolute_url()
    client_of(user).post(url, {"step": "decide", **chosen})
    work()
    found = ListImport.objects.get()
    assert found.digest, found.preview
    client_of(user).post(url, {"step": "confirm", "digest": found.digest})
    work()
    assert ListImport.objects.get().state == ListImport.State.DONE


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Amira Haddad;a.haddad@example.com;;\n", "gleicher Name, andere Adresse"),
        ("Amira Hadad;amira@example.org;;\n", "ähnlicher Name, gleiche Adresse"),
        ("Amira Hadad;neu@example.org;0711-55;\n", "ähnlicher Name, gleiche Telefonnummer"),
    ],
)
def test_somebody_known_is_shown_beside_the_row(row, reason, katrin, amira):
    response = page_with(katrin, row)

    page = response.content.decode()
    assert "Gibt es die schon?" in page
    assert reason in page
    assert f'value="merge:{amira.pk}"' in page
    assert "Name und Adresse" in page
    assert not can_confirm(response)


@pytest.mark.slow
@pytest.mark.parametrize(
    "row", ["Jonas Weber;amira@example.org;;\n", "Amira Hadad;neu@example.org;;\n"]
)
def test_others_come_in_without_a_question(row, katrin, amira):
    response = page_with(katrin, row)

    assert preview_of(response)["undecided"] == []
    assert can_confirm(response)


def test_people_of_others_are_not_compared(katrin):
    factories.make_application(factories.make_circle("Freundeskreis Süd"), "Amira Haddad")

    response = page_with(katrin, "Amira Haddad;a.haddad@example.com;;\n")
    assert preview_of(response)["undecided"] == []


@pytest.mark.slow
@pytest.mark.parametrize(("how", "phone"), [("merge", "0711 55"), ("same", "0711 99")])
def test_the_known_person_keeps_name_and_address(how, phone, katrin, amira):
    response = page_with(katrin, "Amira Hadad;amira@example.org;0711 99;Arabisch\n")
    decide_and_confirm(katrin, response, row_2=f"{how}:{amira.pk}")

    application = Application.objects.get()
    assert (application.name, application.email) == ("Amira Haddad", "amira@example.org")
    assert application.phone == phone
    assert application.languages == ["ar"]
    assert Volunteer.objects.count() == 1


@pytest.mark.slow
def test_another_address_of_the_same_person_makes_nobody_new(katrin, amira):
    response = page_with(katrin, "Amira Haddad;a.haddad@example.com;;Arabisch\n")
    decide_and_confirm(katrin, response, row_2=f"merge:{amira.pk}")

    assert Application.objects.get().email == "amira@example.org"
    assert Application.objects.get().languages == ["ar"]


@pytest.mark.slow
def test_new_makes_another_person(katrin, amira):
    response = page_with(katrin, "Amira Haddad;a.haddad@example.com;;\n")
    decide_and_confirm(katrin, response, row_2="new")

    assert set(Volunteer.objects.values_list("email", flat=True)) == {
        "amira@example.org",
        "a.haddad@example.com",
    }


@pytest.mark.slow
def test_somebody_without_an_address_is_known_by_name_and_number(katrin, own, amira):
    Application.objects.filter(pk=amira.pk).update(email="", phone="0711 7")
    Volunteer.objects.filter(pk=amira.volunteer_id).update(email="", phone="0711 7")

    response = page_with(katrin, "Amira Haddad;a.haddad@example.com;;Arabisch\n")
    decide_and_confirm(katrin, response, row_2=f"merge:{amira.pk}")

    assert [(one.email, one.phone, one.languages) for one in Application.objects.all()] == [
        ("", "0711 7", ["ar"])
    ]

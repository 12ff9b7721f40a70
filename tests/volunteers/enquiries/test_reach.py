"""Whom one reaches about an entry or event, and how: function, telephone, form, business card."""

import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from icalendar.parser import Contentlines

from programs.models import Entry, Event, FormerOrganisation, Organisation, ProtectionConcept
from programs.phones import dialled, validate_callable, validate_phone
from tests import factories
from volunteers.models import Enquiry
from volunteers.reads.reach import reach, reach_for_event

pytestmark = pytest.mark.django_db

OWN, OF_ORGANISATION, OF_DEPARTMENT, OF_CITY = "0711 1-1", "0711 2-2", "0711 3-3", "0711 4-4"


@pytest.fixture
def office() -> Organisation:
    """The clearing office, whose number stands for everything."""
    return factories.make_clearing_office(phone=OF_CITY, phone_hours="Mo–Do 9–12 Uhr")


@pytest.fixture
def department(office: Organisation) -> Organisation:
    return factories.make_organisation("Integrationspolitik", type="office", phone=OF_DEPARTMENT)


@pytest.fixture
def circle(department: Organisation) -> Organisation:
    return factories.make_circle("Freundeskreis Süd", department=department, phone=OF_ORGANISATION)


def test_the_nearest_number_is_shown(circle, department, office):
    entry = factories.make_entry(organisation=circle, phone=OWN)
    assert (reach(entry).phone, reach(entry).phone_hours) == (OWN, "")
    for record, expected in (
        (entry, OF_ORGANISATION),
        (circle, OF_DEPARTMENT),
        (department, OF_CITY),
        (office, ""),
    ):
        type(record).objects.filter(pk=record.pk).update(phone="")
        assert reach(type(entry).objects.get(pk=entry.pk)).phone == expected


def test_the_hours_are_those_of_the_number_and_it_says_whose_it_is(circle, office):
    circle.department, circle.phone, circle.phone_hours = None, "", "nie"
    circle.save()
    reached = reach(factories.make_entry(organisation=circle))
    assert (reached.phone, reached.phone_hours) == (OF_CITY, "Mo–Do 9–12 Uhr")
    assert (reached.phone_role, reached.phone_of) == ("Sozialamt", office)


def test_a_number_of_a_hidden_organisation_is_not_shown(circle):
    Organisation.objects.filter(pk=circle.pk).update(is_published=False)
    circle.refresh_from_db()
    assert reach(factories.make_entry(organisation=circle)).phone == OF_DEPARTMENT


def test_the_form_reaches_those_who_answer(circle, department, office):
    entry = factories.make_entry(organisation=circle, contact_role="Koordination Sprachcafé")
    assert reach(entry).answers == office
    factories.make_member(department)
    assert (reach(entry).answers, reach(entry).role) == (department, "Integrationspolitik")
    factories.make_member(circle)
    assert reach(entry).answers == circle
    assert reach(entry).role == "Koordination Sprachcafé (Freundeskreis Süd)"
    assert reach(circle).role == "Freundeskreis Süd"


def test_an_event_is_about_those_who_invite(circle, office):
    factories.make_member(circle)
    entry = factories.make_entry(organisation=circle, phone=OWN, contact_role="Team Café")
    foreign = factories.make_entry(organisation=office, phone="0711 9-9")
    event = factories.make_event(organisation=circle, part_of=entry)
    assert (reach_for_event(event).phone, reach_for_event(event).answers) == (OWN, circle)
    event.part_of = foreign
    assert reach_for_event(event).phone == OF_ORGANISATION
    assert reach_for_event(event).role == "Freundeskreis Süd"


def test_without_a_clearing_office_the_page_works_and_the_question_is_kept(client: Client):
    alone = factories.make_circle("Freundeskreis Ost")
    assert reach(alone).answers == alone
    event = factories.make_event(organisation=alone)
    assert client.get(event.get_absolute_url()).status_code == 200
    data = {"text": "Wann?", "name": "Amira", "email": "amira@example.org"}
    client.post(reverse("volunteers:ask", args=[alone.slug]), data)
    assert Enquiry.objects.get().organisation == alone


PAGES = {
    "opportunity": lambda o: factories.make_entry(organisation=o),
    "programme": lambda o: factories.make_programme(organisation=o),
    "circle": lambda o: factories.make_circle("Freundeskreis West", department=o),
    "initiative": lambda o: factories.make_initiative(department=o),
    "organisation": lambda o: factories.make_organisation("Amt", type="office", department=o),
    "room": lambda o: factories.make_room(organisation=o),
    "event": lambda o: factories.make_event(organisation=o),
}


@pytest.mark.parametrize("kind", PAGES)
def test_every_page_says_whom_to_ring_and_has_the_form(client: Client, kind, department):
    about = PAGES[kind](department)
    page = client.get(about.get_absolute_url()).text
    assert f'href="tel:{dialled(OF_DEPARTMENT)}"' in page
    name = "ask_about_event" if isinstance(about, Event) else "ask"
    address = reverse(f"volunteers:{name}", args=[about.slug])
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
    assert "@" not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)


def test_without_a_number_there_is_the_form_alone(client: Client, circle):
    Organisation.objects.update(phone="")
    page = client.get(circle.get_absolute_url()).text
    assert "tel:" not in page
    assert reverse("volunteers:ask", args=[circle.slug]) in page


@pytest.mark.slow
def test_the_business_card_names_a_function(client: Client, circle, settings):
    factories.make_member(circle)
    role = "Team; Café, " + "Süd" * 30
    entry = factories.make_entry(
        organisation=circle, phone=OWN, phone_hours="Mo, Di", contact_role=role
    )
    response = client.get(reverse("portal:vcard", args=[entry.slug]))
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response.content.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    lines = [str(line) for line in Contentlines.from_ical(response.content) if line]
    escaped = role.replace(";", "\\;").replace(",", "\\,")
    assert lines == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:org",
        f"FN:{escaped} (Freundeskreis Süd)",
        "ORG:Freundeskreis Süd",
        'TEL;VALUE=uri;TYPE="work,voice":tel:+4971111',
        "NOTE:Mo\\, Di",
        f"URL:{settings.SITE_URL}{entry.get_absolute_url()}",
        "END:VCARD",
    ]


def test_no_card_of_a_hidden_entry(client: Client, circle):
    hidden = factories.make_entry(organisation=circle, is_published=False)
    assert client.get(reverse("portal:vcard", args=[hidden.slug])).status_code == 404


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0711 216-0", "+497112160"),
        ("(0711) 21 60", "+497112160"),
        ("+49 (0) 711 2160", "+497112160"),
        ("0049 711 2160", "+497112160"),
        ("+33 1 23 45", "+3312345"),
        ("115", "115"),
    ],
)
def test_a_phone_dials_what_is_written(written, expected):
    validate_phone(written)
    assert dialled(written) == expected


@pytest.mark.parametrize(
    "wrong", ["", "11", "keine", "0711 abc", "0" * 16, "0711\n216", "٠٧١١ ٢١٦", "-----", "+49<b>"]
)
def test_what_no_phone_can_dial_is_refused(wrong):
    with pytest.raises(ValidationError):
        validate_phone(wrong)


def test_every_form_takes_a_number_that_was_copied_or_typed_in_other_digits():
    import_module(settings.ROOT_URLCONF)
    found = [
        field
        for form in subclasses_of(forms.BaseForm)
        for field in getattr(form, "base_fields", {}).values()
        if "tel" in (field.widget.attrs.get("type"), getattr(field.widget, "input_type", ""))
    ]
    found += [model._meta.get_field("phone").formfield() for model in (Entry, ProtectionConcept)]
    assert len(found) > 8
    for field in found:
        assert field.clean("\u202d\u2068٠٧١١ 216–0\u2069\u202c") == "0711 216-0"


def subclasses_of(base: type) -> Iterator[type]:
    for one in base.__subclasses__():
        yield from (one, *subclasses_of(one))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0711 2160", None),
        ("0711/216-0", None),
        ("(0711) 47 30 51", None),
        ("+49 (0) 711 216 0", None),
        ("0049 711 473051", None),
        ("07156 12345", None),
        ("0151 23456789", None),
        ("0170 1234567", None),
        ("+380 44 123 45 67", None),
        ("+41 44 668 18 00", None),
        ("0711 555", "too_short"),
        ("0711", "too_short"),
        ("+49 711", "too_short"),
        ("0151 234567", "too_short"),
        ("+38", "phone"),
        ("+380 44", "too_short"),
        ("0151 234567890123", "phone"),
        ("0170 1234567891", "too_long"),
        ("473051", "area_code"),
        ("115", "area_code"),
        ("abends", "phone"),
        ("0711 473051 abends", "phone"),
    ],
)
def test_a_number_to_be_called_is_whole(typed, code):
    """The message says what is missing."""
    if code is None:
        validate_callable(typed)
        return
    with pytest.raises(ValidationError) as caught:
        validate_callable(typed)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["volunteers:ask", "portal:vcard"])
def test_the_form_and_the_card_of_a_merged_organisation_lead_to_the_one_that_stayed(
    client: Client, circle, name
):
    FormerOrganisation.objects.create(kept=circle, number=4711, slug="frueher", title="Früher")
    response = client.get(reverse(name, args=["frueher"]))
    assert response.status_code == 301
    assert response.headers["Location"] == reverse(name, args=[circle.slug])

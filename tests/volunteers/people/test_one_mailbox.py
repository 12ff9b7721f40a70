"""A person is a name at an address: two people with one mailbox are two, in all three forms."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.people import ANNA, BERND, PAIR
from tests.volunteers.applications.test_confirming import Kind, kind, links  # noqa: F401
from tests.volunteers.applications.test_races import at_once
from volunteers.links import applications as application_links
from volunteers.links import signing
from volunteers.models import Application, CompanionRequest, Registration, Volunteer
from volunteers.models.identity import keys_of, known_as, of_person
from volunteers.services import applications, registrations, requests

SAME = [
    ("Jörg Groß", "JOERG GROSS"),
    ("Jörg Groß", "jorg  gross"),
    ("José Núñez", "Jose Nunez"),
    ("Weber, Anna", "Anna Weber"),
    ("Anna-Maria Weber", "Anna Maria  Weber"),
    ("O’Connor", "O'Connor"),
    ("An\u200bna\ufeff We\u00adber", "Anna Weber"),
    ("علی\u200cرضا", "علیرضا"),
    ("علي رضا", "علی رضا"),
    ("👨\u200d👩\u200d👧", "👨👩👧"),
    ("Ｗｅｂｅｒ", "Weber"),
    ("İpek Işık", "Ipek Isik"),
]
DIFFERENT = [
    ("Anna Weber", "Bernd Weber"),
    ("Anna Weber", "Anna Meier"),
    ("Mohammad Reza Ahmadi", "Mohammad Ali Ahmadi"),
    ("Ali Hassan", "Hassan Ali"),
    ("कमल", "कमला"),
    ("👩", "👨"),
    ("Олена", "Олег"),
    ("?", "!"),
]


def key(name):
    return keys_of([name])[name]


# --- Who is the same person ---------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), SAME)
def test_spelling_makes_no_second_person(one, other):
    assert key(one) == key(other) != ""


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_word_is_another_person(one, other):
    assert key(one) != key(other)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=120))
def test_every_name_has_a_key_that_does_not_depend_on_case_or_on_invisible_characters(name):
    plain = key(name)
    assert isinstance(plain, str)
    assert key("\u200b".join(name)) == plain


# --- Forms --------------------------------------------------------------------------------------


def records(one: Kind):
    return {record.name: record for record in one.model.objects.filter(email="amina@example.org")}


@pytest.mark.django_db
def test_two_people_with_one_mailbox_are_both_kept_and_each_gets_a_link(kind):  # noqa: F811
    kind.submit(ANNA)
    kind.submit(BERND)
    kind.submit("anna  IMPORT")
    assert set(records(kind)) == {"anna  IMPORT", BERND}
    paths = links()
    assert len(set(paths)) == len(paths) == 2
    for path in paths:
        assert Client().post(path).status_code == 302
    assert not any(record.is_unconfirmed for record in records(kind).values())
    kind.submit(BERND.upper())
    assert len(records(kind)) == 2


@pytest.mark.django_db
def test_confirming_makes_a_record_for_each_of_them():
    entry = factories.make_entry(organisation=factories.make_clearing_office(), places=1)
    for name in (ANNA, BERND):
        told = {"email": PAIR, "name": name, "age": "adult", "phone": name}
        applications.submit_application(entry=entry, answers=told)
    for application in Application.objects.order_by("pk"):
        applications.confirm_application(application=application)
    assert {one.name: one.phone for one in Volunteer.objects.all()} == {ANNA: ANNA, BERND: BERND}
    found = Application.objects.order_by("pk")
    assert [(one.name, one.volunteer.name, one.status) for one in found] == [
        (ANNA, ANNA, "new"),
        (BERND, BERND, "waiting"),
    ]


@pytest.mark.django_db
def test_revising_to_the_name_of_the_other_person_is_refused_with_a_sentence():
    circle = factories.make_circle()
    anna = factories.make_application(circle, ANNA, email=PAIR)
    factories.make_application(circle, BERND, email=PAIR)
    path = signing.path_of("revise", application_links.status_token(anna))
    response = Client().post(path, {"name": "bernd import", "age": "adult"})
    assert response.status_code == 422
    assert "gibt es schon jemanden mit diesem Namen" in response.text
    assert 'value="bernd import"' in response.text
    assert Client().post(path, {"name": "Anna Neu", "age": "adult"}).status_code == 302
    assert set(Volunteer.objects.values_list("name", flat=True)) == {"Anna Neu", BERND}


# --- At the same moment -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_two_records_and_a_double_click_makes_one():
    office = factories.make_clearing_office()
    entry = factories.make_entry(organisation=office)
    event = factories.make_event(organisation=office, takes_registrations=True)

    def sign_up(email, name):
        told = {"email": email, "name": name, "age": "adult", "age_group": "adult"}
        applications.submit_application(entry=entry, answers=told)
        requests.submit_request(programme=None, answers=told)
        registrations.submit_registration(
            event=event, guest=registrations.Guest(email=email, name=name)
        )

    for round_ in range(3):
        email = f"paar{round_}@example.org"
        names = [ANNA, BERND, ANNA.upper(), "Import, Bernd"]
        results = at_once(*(lambda e=email, n=name: sign_up(e, n) for name in names))
        assert results == [None] * 4
        for model in (Application, Registration, CompanionRequest):
            assert (
                len(set(map(key, model.objects.filter(email=email).values_list("name", flat=True))))
                == 2
            )
            assert model.objects.filter(email=email).count() == 2, model


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_at_once_become_two_volunteers():
    entry = factories.make_entry(organisation=factories.make_clearing_office())
    for name in (ANNA, BERND):
        told = {"email": PAIR, "name": name, "age": "adult"}
        applications.submit_application(entry=entry, answers=told)
        applications.submit_application(entry=None, answers=told)
    calls = [
        lambda a=application: applications.confirm_application(application=a)
        for application in Application.objects.all()
    ]
    at_once(*calls)
    assert Volunteer.objects.count() == 2
    for application in Application.objects.select_related("volunteer"):
        assert application.volunteer.name == application.name


# --- The database -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        (
            "volunteer_per_person",
            lambda name, email: factories.make_volunteer(name, email=email),
        ),
        (
            "application_per_person_and_entry",
            lambda name, email: Application.objects.create(
                organisation=factories.make_clearing_office(), name=name, email=email
            ),
        ),
        (
            "application_per_person_without_address",
            lambda name, email: Application.objects.create(
                organisation=factories.make_clearing_office(), name=name, email="", phone="0711 1"
            ),
        ),
        (
            "request_per_person_and_child",
            lambda name, email: factories.make_request(name, email=email),
        ),
    ],
)
def test_database_takes_one_row_for_each_name_at_an_address(constraint, make):
    make(ANNA, PAIR)
    make(BERND, PAIR)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make("Import, ANNA", PAIR)


@pytest.mark.django_db
def test_database_takes_one_registration_for_each_name_at_an_address():
    event = factories.make_event()
    factories.make_registration(event, ANNA, email=PAIR)
    factories.make_registration(event, BERND, email=PAIR)
    with pytest.raises(IntegrityError, match="registration_per_person_and_event"):
        factories.make_registration(event, "anna import", email=PAIR)


@pytest.mark.django_db
def test_looking_for_a_person_uses_the_index_of_the_address():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        wanted = Volunteer.objects.filter(email=PAIR, name__person_key="annaimport")
    assert "volunteer" in wanted.explain()
    assert "Index" in wanted.explain()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Application, Registration])
@pytest.mark.parametrize("whose", [of_person, known_as])
def test_records_of_a_person_are_found_by_indexes_of_both_tables(model, whose):
    """With a join, PostgreSQL could look neither for the volunteer nor for the address first."""
    rows = model.objects.filter(whose(["anna@example.org"], "Anna Weber")).order_by()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = rows.explain()
    assert "BitmapOr" in plan
    assert "Index Cond: (volunteer_id = ANY" in plan

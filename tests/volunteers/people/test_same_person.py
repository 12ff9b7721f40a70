"""Two records of one person become one, by the Portalverwaltung only."""

import datetime
import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.plans import plan_with
from tests.volunteers.applications.test_races import at_once
from volunteers.models import (
    Application,
    Certificate,
    CheckIn,
    ConductCheck,
    DateOffer,
    DateRequest,
    KeptApart,
    Qualification,
    Registration,
    SecurityEvent,
    Tandem,
    Volunteer,
)
from volunteers.reads import doubles
from volunteers.reads.doubles import FEW, SIGNS, likely_pairs
from volunteers.reads.persons import people_at
from volunteers.services.absorbing import ONE_STAYS, relations_to, tables_to_lock, uniques_with
from volunteers.services.attendance import record_attendance
from volunteers.services.same_person import (
    AlreadyOnePerson,
    BothHaveAccounts,
    merge_volunteers,
)

pytestmark = pytest.mark.django_db

LIST = reverse("admin:volunteers_volunteer_doubles")


@pytest.fixture
def portal():
    return factories.make_user("portal@example.org", is_superuser=True)


@pytest.fixture
def kept():
    return factories.make_volunteer("Amira Haddad", email="amira@example.org")


@pytest.fixture
def merged():
    return factories.make_volunteer("Amira Haddad", email="a.haddad@example.com", phone="0711 1")


@pytest.fixture
def merge(kept, merged, portal):
    return lambda: merge_volunteers(kept=kept, merged=merged, merged_by=portal)


def check(person, circle):
    application = factories.make_application(circle, volunteer=person)
    return factories.make_conduct_check(application, factories.make_user("seen@example.org"))


def qualification(person, circle, event=None):
    return Qualification.objects.create(
        volunteer=person,
        event=event or factories.make_event(organisation=circle),
        title="Dolmetschen",
        acquired_on=timezone.localdate(),
    )


def tandem(person, circle):
    request = factories.make_request(organisation=circle)
    return factories.make_tandem(request, factories.make_ready(circle, volunteer=person))


MAKERS = {
    (Application, "volunteer"): lambda p, c: factories.make_application(c, volunteer=p),
    (Certificate, "volunteer"): lambda p, c: factories.make_certificate(
        factories.make_engaged(c, volunteer=p)
    ),
    (ConductCheck, "volunteer"): check,
    (KeptApart, "volunteer"): lambda p, c: factories.make_kept_apart(p, organisation=c),
    (Qualification, "volunteer"): qualification,
    (DateOffer, "volunteer"): lambda p, _c: DateOffer.objects.create(
        date=factories.make_date(), volunteer=p
    ),
    (DateRequest, "companion"): lambda p, _c: factories.make_date(status="taken", companion=p),
    (Registration, "volunteer"): lambda p, c: factories.make_registration(
        factories.make_event(organisation=c), volunteer=p
    ),
    (Tandem, "volunteer"): tandem,
}
RELATIONS = [(relation.model, relation.name) for relation in relations_to(Volunteer)]


def test_every_relation_has_a_row_that_is_moved_in_the_next_test():
    assert set(RELATIONS) == set(MAKERS)


@pytest.mark.parametrize(
    ("model", "name"), RELATIONS, ids=lambda part: getattr(part, "__name__", part)
)
def test_what_hangs_on_the_merged_record_hangs_on_the_kept_one(
    model, name, kept, merged, merge, circle
):
    row = MAKERS[model, name](merged, circle)

    merge()

    assert getattr(model._base_manager.get(pk=row.pk), f"{name}_id") == kept.pk
    assert list(Volunteer.objects.all()) == [kept]


def test_of_what_can_be_there_only_once_it_is_said_which_one_stays():
    for record in (Volunteer, Tandem):
        for relation in relations_to(record):
            assert relation.model in ONE_STAYS or not any(uniques_with(relation)), relation
            assert relation.model in tables_to_lock(Volunteer)


def test_of_two_tandems_with_one_request_the_running_one_stays(kept, merged, merge, circle):
    request = factories.make_request(organisation=circle)
    proposed, running = (
        factories.make_tandem(
            request, factories.make_application(circle, volunteer=volunteer), status=status
        )
        for volunteer, status in ((kept, "proposed"), (merged, "running"))
    )
    for tandem in (proposed, running):
        CheckIn.objects.create(tandem=tandem, side="volunteer", due_on=timezone.localdate())
    merge()
    assert Tandem.objects.get() == running
    assert Tandem.objects.get().volunteer == kept
    assert CheckIn.objects.get().tandem == running


def test_an_inspection_and_a_qualification_of_both_stay_once(kept, merged, merge, circle):
    event = factories.make_event(organisation=circle)
    old = datetime.date(2026, 1, 1)
    for person, day in ((kept, old), (merged, timezone.localdate())):
        application = factories.make_application(circle, volunteer=person, entry=None)
        by = factories.make_user(f"{day}@example.org")
        factories.make_conduct_check(application, by, issued_on=day, seen_on=day)
        qualification(person, circle, event)

    merge()

    assert [one.seen_on for one in kept.conduct_checks.all()] == [timezone.localdate()]
    assert kept.qualifications.count() == 1


def test_who_was_on_the_list_of_an_event_twice_gets_one_qualification(kept, merged, merge, circle):
    event = factories.make_event(
        organisation=circle, starts_at=timezone.now(), qualification="Dolmetschen"
    )
    for person in (kept, merged):
        factories.make_registration(event, person.name, email=person.email, volunteer=person)
    merge()
    ticked = dict.fromkeys(event.registrations.values_list("pk", flat=True), True)

    by = factories.make_member(circle).user
    assert record_attendance(event=event, ticked=ticked, by=by) == 2

    assert Qualification.objects.get().volunteer == kept


def test_the_kept_record_gets_what_it_lacks_and_keeps_what_it_says(kept, merged, merge):
    here, there = factories.make_district("sued"), factories.make_district("west")
    kept.districts.set([here])
    merged.districts.set([there])

    merge()

    kept.refresh_from_db()
    assert (kept.email, kept.phone) == ("amira@example.org", "0711 1")
    assert set(kept.districts.all()) == {here, there}


def test_a_record_without_an_address_gets_that_of_the_other_one(kept, merged, merge):
    Volunteer.objects.filter(pk=kept.pk).update(email="")

    merge()

    assert Volunteer.objects.get().email == "a.haddad@example.com"


def test_the_person_sees_everything_under_the_address_that_stays(kept, merged, merge, circle):
    application = factories.make_application(circle, volunteer=merged)

    merge()

    [person] = people_at([kept.email])
    assert list(Application.objects.filter(person.owns())) == [application]
    assert people_at(["a.haddad@example.com"]) == []


def test_both_mailboxes_hear_of_it_and_nobody_is_named(merge):
    merge()

    assert sorted(message.to[0] for message in mail.outbox) == [
        "a.haddad@example.com",
        "amira@example.org",
    ]
    assert not any("Amira" in message.body or "@" in message.body for message in mail.outbox)
    assert SecurityEvent.objects.filter(kind="merged").count() == 1


def test_the_account_of_the_merged_record_goes_with_the_person(kept, merged, merge):
    merged.user = factories.make_user("a.haddad@example.com")
    merged.save()

    merge()

    assert Volunteer.objects.get().user == merged.user or kept.user_id is None
    assert Volunteer.objects.get().user_id is not None


def test_two_accounts_are_not_made_one(kept, merged, merge):
    for person in (kept, merged):
        person.user = factories.make_user(person.email)
        person.save()

    with pytest.raises(BothHaveAccounts):
        merge()

    assert Volunteer.objects.count() == 2


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        ({"name": "amira  HADDAD", "email": "x@example.org"}, True),
        ({"name": "Amira Hadad", "email": "amira@example.org"}, True),
        ({"name": "Amira Hadad", "email": "x@example.org", "phone": "0711 5"}, True),
        ({"name": "Amira Hadad", "email": "x@example.org"}, False),
        ({"name": "Jonas Weber", "email": "amira@example.org", "phone": "0711 5"}, False),
    ],
)
def test_one_person_in_two_records_is_found(other, is_found, kept):
    Volunteer.objects.filter(pk=kept.pk).update(phone="0711 5")
    factories.make_volunteer(**other)

    assert len(found()) == is_found


def found():
    return [(pair.one, pair.other) for sign in SIGNS for pair in likely_pairs(sign)[0]]


@pytest.mark.parametrize(
    "shared", [{"name": "Amira Haddad"}, {"email": "amira@example.org"}, {"phone": "0711 5"}]
)
def test_what_many_share_is_no_sign_and_the_double_among_them_is_found(shared):
    for n in range(FEW + 1):
        factories.make_volunteer(
            **{"name": f"Haus Zwei {chr(97 + n)}", "email": f"{n}@example.org"} | shared
        )
    one = factories.make_volunteer("Jonas Weber", email="a@example.org", phone="0711 5")
    other = factories.make_volunteer("Jonas  WEBER", email="b@example.org", phone="0711 5")

    assert set(found()) == {(one, other)}


def test_pairs_are_shown_page_by_page(monkeypatch):
    monkeypatch.setattr(doubles, "MOST", 2)
    for n in range(6):
        factories.make_volunteer(f"Amira {n // 2}", email=f"{n}@example.org")

    pages = [likely_pairs(SIGNS[0], page) for page in (1, 2, 3)]

    assert [len(pairs) for pairs, _more in pages] == [2, 1, 0]
    assert [more for _pairs, more in pages] == [True, False, False]


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.slug)
def test_an_index_keeps_in_order_what_is_compared(sign):
    """So the first pairs are found without comparing, sorting or reading all people."""
    index = {
        "name": "volunteer_same_name",
        "adresse": "volunteer_email",
        "telefon": "volunteer_phone",
    }
    question = doubles.question(sign), doubles.values_of(1)
    plan = plan_with(Volunteer, index[sign.slug], *question)

    assert "Seq Scan" not in plan
    assert not re.search(r"(?<!Incremental )Sort \(|Hash", plan)


def test_more_pairs_take_no_more_queries():
    def queries(number):
        for n in range(number):
            factories.make_volunteer(
                f"Doppelt Nummer {n}{number}", email=f"a{n}{number}@example.org"
            )
            factories.make_volunteer(
                f"Doppelt Nummer {n}{number}", email=f"b{n}{number}@example.org"
            )
        with CaptureQueriesContext(connection) as captured:
            assert found()
        return len(captured)

    assert queries(1) == queries(12)


@pytest.mark.slow
def test_the_portalverwaltung_finds_compares_and_merges(kept, merged, portal, circle):
    client = Client()
    client.force_login(portal)
    url = reverse("admin:volunteers_volunteer_merge", args=[kept.pk, merged.pk])
    factories.make_application(circle, volunteer=merged)

    page = client.get(reverse("admin:volunteers_volunteer_changelist")).content.decode()
    assert LIST in page
    assert url in client.get(LIST).content.decode()
    for query in ("zeichen=telefon&seite=2", "zeichen=x&seite=0", "seite=9999999", "seite=-1"):
        assert client.get(f"{LIST}?{query}", follow=True).status_code == 200
    page = client.get(url).content.decode()
    assert "a.haddad@example.com" in page
    assert "1 × Anmeldungen" in page
    change = reverse("admin:volunteers_volunteer_change", args=[kept.pk])
    assert client.post(url)["Location"] == change
    response = client.post(url, follow=True)  # a second click
    assert response.redirect_chain == [(change, 302)]
    assert "Diese beiden sind schon zusammengeführt." in response.content.decode()


@pytest.mark.slow
def test_the_list_begins_with_the_first_sign_that_any_pair_has(portal):
    client = Client()
    client.force_login(portal)
    nobody = client.get(LIST).content.decode()
    assert "Hier ist niemand doppelt (gleicher Name, andere Adresse)" in nobody
    for number, name in enumerate(("Selin Aydın", "Selin Aydin-Kaya")):
        factories.make_volunteer(name, email=f"{number}@example.org", phone="+49711123456")
    page = client.get(LIST).content.decode()
    assert '<a href="?zeichen=telefon" aria-current="true">' in page
    assert "Selin Aydin-Kaya" in page


def test_nobody_else_merges_people(kept, merged, circle):
    client = Client()
    client.force_login(factories.make_member(circle).user)

    for url in (LIST, reverse("admin:volunteers_volunteer_merge", args=[kept.pk, merged.pk])):
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403
    page = client.get(reverse("admin:volunteers_volunteer_changelist")).content.decode()
    assert "oppelt" not in page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_people_merge_the_same_pair_at_once_and_one_record_stays(portal):
    for round_ in range(3):
        one, other = (
            factories.make_volunteer(f"Amira {round_}", email=f"{n}{round_}@example.org")
            for n in "ab"
        )
        results = at_once(
            lambda a=one, b=other: merge_volunteers(kept=a, merged=b, merged_by=portal),
            lambda a=other, b=one: merge_volunteers(kept=a, merged=b, merged_by=portal),
        )
        assert sum(isinstance(result, AlreadyOnePerson) for result in results) == 1
        assert Volunteer.objects.filter(pk__in=[one.pk, other.pk]).count() == 1

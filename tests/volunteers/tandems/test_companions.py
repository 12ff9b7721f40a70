"""Asking for a companion: the public form, the status page, and what coordinators do with a request."""

import datetime
import re
from urllib.parse import urlparse

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.errors import NobodyThere
from volunteers.forms.companions import RequestForm
from volunteers.links import applications as application_links
from volunteers.links import signing
from volunteers.links import tandems as tandem_links
from volunteers.models import CompanionRequest, Consent, ExportRecord
from volunteers.services import applications, requests

pytestmark = pytest.mark.django_db

SAMIRA = {
    "name": "Samira",
    "email": "Samira@Example.org",
    "age_group": "adult",
    "languages": ["ar"],
    "wish": "",
    "consent": "on",
}


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def programme(office):
    """WillkommensPaten of an organisation with a member in the portal."""
    circle = factories.make_circle(department=office)
    factories.make_member(circle)
    return factories.make_programme(organisation=circle, makes_tandems=True)


@pytest.fixture
def coordinator(programme):
    return programme.organisation.memberships.get().user


def post(client, **changes):
    return client.post(reverse("volunteers:companion"), {**SAMIRA, **changes})


def paths_in(message):
    return [urlparse(url).path for url in re.findall(r"https?://\S+", message.body)]


def wanted(**changes):
    return {"email": "samira@example.org", "name": "Samira", "age_group": "adult"} | changes


def confirmed(programme=None, **changes):
    requests.submit_request(programme=programme, answers=wanted(**changes))
    return requests.confirm_request(request=CompanionRequest.objects.latest("pk"))


def test_request_is_unconfirmed_until_the_click_and_then_open(client, programme, coordinator):
    assert post(client).status_code == 302
    request = CompanionRequest.objects.get()
    assert (request.status, request.email) == ("unconfirmed", "samira@example.org")
    assert (request.programme, request.organisation) == (programme, programme.organisation)
    assert not CompanionRequest.objects.visible_to(coordinator).exists()
    (path,) = paths_in(mail.outbox[0])
    assert client.get(path).status_code == 200
    request.refresh_from_db()
    assert request.status == "unconfirmed", "opening the link must not confirm"
    response = client.post(path)
    assert response.headers["Location"] == tandem_links.status_path(request)
    request.refresh_from_db()
    assert request.status == "open"
    assert CompanionRequest.objects.visible_to(coordinator).get() == request
    consent = Consent.objects.get(companion_request=request)
    assert consent.purpose == "companion_request"
    assert client.post(path)["Location"] == tandem_links.status_path(request)


def test_page_explains_and_asks_for_little(client, programme):
    page = client.get(reverse("volunteers:companion")).content.decode()
    assert "Das kostet nichts" in page
    assert "nicht nach Aufenthalt, Gesundheit oder Religion" in page
    note = RequestForm.base_fields["note"].help_text
    for text in ("nichts über Aufenthalt oder Asyl", "nichts über Krankheiten", "Religion"):
        assert text in note
    assert 'name="programme"' not in page, "with one programme there is nothing to choose"


def test_with_several_programmes_one_chooses_or_does_not_know(client, office, programme):
    other = factories.make_programme("Elternpaten", organisation=office, makes_tandems=True)
    factories.make_programme("Pausiert", organisation=office, makes_tandems=True, status="paused")
    page = client.get(reverse("volunteers:companion")).content.decode()
    assert "Elternpaten" in page
    assert "Pausiert" not in page
    assert post(client).status_code == 422
    post(client, programme=other.slug)
    assert CompanionRequest.objects.get().programme.pk == other.pk
    post(client, programme="-", email="anna@example.org")
    unknown = CompanionRequest.objects.get(email="anna@example.org")
    assert (unknown.programme, unknown.organisation) == (None, None)
    staff = factories.make_member(office, role="staff").user
    requests.confirm_request(request=unknown)
    assert CompanionRequest.objects.visible_to(staff).get() == unknown


def test_link_from_the_programme_page_chooses_it(client, office, programme):
    factories.make_programme("Elternpaten", organisation=office, makes_tandems=True)
    address = f"{reverse('volunteers:companion')}?programm={programme.slug}"
    assert address in client.get(programme.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    chosen = re.search(rf'<input[^>]*value="{programme.slug}"[^>]*>', page).group()
    assert "checked" in chosen


def test_home_page_leads_to_the_form(client, office):
    assert reverse("volunteers:companion") in client.get("/").content.decode()


def test_link_works_for_seven_days_and_then_the_request_is_deleted(client, programme):
    post(client)
    (path,) = paths_in(mail.outbox[0])
    now = datetime.datetime.now(datetime.UTC)
    with time_machine.travel(now + datetime.timedelta(days=6, hours=23), tick=False):
        requests.delete_expired_requests()
        assert client.get(path).status_code == 200
    with time_machine.travel(now + datetime.timedelta(days=7, minutes=1), tick=False):
        assert client.post(path).status_code == 410
        requests.delete_expired_requests()
    assert not CompanionRequest.objects.exists()
    assert not Consent.objects.exists()


def test_confirmed_requests_are_not_deleted(programme):
    request = confirmed(programme)
    now = datetime.datetime.now(datetime.UTC)
    with time_machine.travel(now + datetime.timedelta(days=30), tick=False):
        requests.delete_expired_requests()
    assert CompanionRequest.objects.get() == request


def test_same_person_twice_gets_the_same_answer_and_one_record(client, programme):
    first, second = post(client), post(client, name="samira")
    assert first.headers["Location"] == second.headers["Location"]
    assert CompanionRequest.objects.get().name == "samira"
    assert len(mail.outbox) == 1, "the link is not mailed twice within ten minutes"


def test_known_person_gets_the_same_page_and_keeps_the_record(client, programme):
    request = confirmed(programme)
    now = datetime.datetime.now(datetime.UTC)
    with time_machine.travel(now + datetime.timedelta(minutes=11), tick=False):
        response = post(client, name="SAMIRA")
    assert response.headers["Location"] == reverse("volunteers:companion_done")
    request.refresh_from_db()
    assert request.name == "Samira"
    assert paths_in(mail.outbox[-1]) == [tandem_links.status_path(request)]


def test_mail_to_an_unconfirmed_address_repeats_nothing_that_was_typed(client, programme):
    post(client, name="KAUFT JETZT", note="http://spam.example", phone="0900 123456")
    text = mail.outbox[0].subject + mail.outbox[0].body
    for typed in ("KAUFT", "spam", "0900"):
        assert typed not in text


@pytest.mark.parametrize("token", ["x", "x:y:z", "%00", "a" * 5000, "ümlaut", "1:2"])
def test_tampered_links_are_not_found(client, office, token):
    for name in ("confirm", "status", "revise", "withdraw"):
        path = reverse(f"volunteers:companion_{name}", args=[token])
        assert client.get(path).status_code == 404


def test_link_of_one_purpose_opens_no_other_page(client, programme):
    request = confirmed(programme)
    token = tandem_links.confirm_url(request).split("/")[-2]
    assert client.get(reverse("volunteers:companion_status", args=[token])).status_code == 404
    foreign = signing.sign("tandem.side", request.public_id)
    assert client.get(reverse("volunteers:companion_status", args=[foreign])).status_code == 404


BAD_INPUT = {
    "empty name": ({"name": ""}, "Es muss nicht Ihr richtiger Name sein."),
    "huge name": ({"name": "x" * 10_000}, "höchstens 60 Zeichen"),
    "control character": ({"name": "A\x07B"}, "unsichtbare Steuerzeichen"),
    "direction override": ({"name": "A\u202eB"}, "unsichtbare Steuerzeichen"),
    "null byte": ({"note": "A\x00B"}, "Null"),
    "huge note": ({"note": "x" * 10_000}, "höchstens 1000 Zeichen"),
    "no address": ({"email": ""}, "Bitte schreiben Sie Ihre E-Mail-Adresse."),
    "half an address": ({"email": "samira@"}, "stimmt nicht"),
    "header injection": ({"email": "a@example.org\nBcc: x@example.org"}, "stimmt nicht"),
    "no age": ({"age_group": ""}, "wie alt Sie sind"),
    "no language": ({"languages": []}, "mindestens eine Sprache"),
    "unknown language": ({"languages": ["xx"]}, "xx"),
    "unknown district": ({"district": "99"}, "gültige Auswahl"),
    "unknown wish": ({"wish": "child"}, "child"),
    "no consent": ({"consent": ""}, "Ohne Ihr Ja"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("changes", "sentence"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(client, programme, changes, sentence):
    response = post(client, phone="0711 123456", **changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert 'role="alert"' in page
    assert 'value="0711 123456"' in page
    assert not CompanionRequest.objects.exists()


@pytest.mark.parametrize("name", ["سميرة", "Олена", "ሃጎስ", "Zoë"])
def test_every_script_is_welcome(client, programme, name):
    post(client, name=name)
    assert CompanionRequest.objects.get().name == name
    page = client.get(paths_in(mail.outbox[0])[0]).content.decode()
    assert name in page


def test_status_page_says_who_looks_after_it(client, programme):
    request = confirmed(programme)
    page = client.get(tandem_links.status_path(request)).content.decode()
    assert programme.organisation.title in page
    assert "Wir suchen." in page
    weeks = page.index("einige Wochen")
    assert reverse("volunteers:date_ask") in page[weeks : page.index("</div>", weeks)], (
        "the quicker way"
    )


def test_revising_keeps_the_address(client, programme):
    request = confirmed(programme)
    path = reverse("volunteers:companion_revise", args=[tandem_links.status_token(request)])
    assert client.get(path).status_code == 200
    data = {**SAMIRA, "email": "x@example.org", "name": "Sami", "wish": "woman", "weekdays": ["1"]}
    assert client.post(path, data).status_code == 302
    request.refresh_from_db()
    assert (request.name, request.wish, request.weekdays) == ("Sami", "woman", [1])
    assert request.email == "samira@example.org"
    assert client.post(path, {**data, "name": ""}).status_code == 422


def test_withdrawing_needs_a_click_and_ends_the_consent(client, programme):
    request = confirmed(programme)
    path = reverse("volunteers:companion_withdraw", args=[tandem_links.status_token(request)])
    client.get(path)
    request.refresh_from_db()
    assert request.status == "open"
    assert client.post(path).status_code == client.post(path).status_code == 302
    request.refresh_from_db()
    assert request.status == "withdrawn"
    assert Consent.objects.get(companion_request=request).withdrawn_at is not None
    assert confirmed(programme).status == "open", "asking again is always possible"


# --- For coordinators -----------------------------------------------------------------------


def entry_data(organisation, **changes):
    data = {
        "organisation": organisation.pk,
        "name": "Hagos",
        "phone": "0711 12",
        "email": "",
        "age_group": "adult",
        "languages": ["ti"],
        "consent": "on",
    }
    return data | changes


@pytest.mark.slow
def test_coordinator_enters_a_request_by_phone_and_it_is_open_at_once(
    client, programme, coordinator
):
    client.force_login(coordinator)
    url = reverse("admin:volunteers_companionrequest_add")
    assert client.get(url).status_code == 200
    response = client.post(url, entry_data(programme.organisation, programme=programme.pk))
    assert response.status_code == 302, response.context["errors"]
    request = CompanionRequest.objects.get()
    assert (request.status, request.entered_by) == ("open", coordinator)
    assert (request.organisation, request.languages) == (programme.organisation, ["ti"])
    assert Consent.objects.filter(companion_request=request).count() == 1
    assert mail.outbox == []
    page = client.get(reverse("admin:volunteers_companionrequest_change", args=[request.pk]))
    assert f"Eingetragen von {coordinator}" in page.content.decode()


def test_whoever_has_an_address_hears_of_the_entry(client, programme, coordinator):
    client.force_login(coordinator)
    url = reverse("admin:volunteers_companionrequest_add")
    client.post(url, entry_data(programme.organisation, email="Hagos@example.org"))
    request = CompanionRequest.objects.get()
    assert mail.outbox[0].to == [request.email] == ["hagos@example.org"]
    assert paths_in(mail.outbox[0]) == [tandem_links.status_path(request)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phone": ""}, "E-Mail-Adresse oder eine Telefonnummer"),
        ({"consent": ""}, "Ohne Einverständnis"),
        ({"email": "samira@example.org", "name": "Samira"}, "schon eine Suche eingetragen"),
        ({"name": "A\x07"}, "Steuerzeichen"),
    ],
)
def test_entering_says_what_is_missing(client, programme, coordinator, changes, sentence):
    confirmed(programme)
    client.force_login(coordinator)
    url = reverse("admin:volunteers_companionrequest_add")
    response = client.post(url, entry_data(programme.organisation, **changes))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert CompanionRequest.objects.count() == 1


def test_coordinator_enters_for_own_organisations_only(client, programme, coordinator, office):
    client.force_login(coordinator)
    url = reverse("admin:volunteers_companionrequest_add")
    assert client.post(url, entry_data(office)).status_code == 200
    assert client.post(url, {**entry_data(office), "organisation": ""}).status_code == 200
    assert not CompanionRequest.objects.exists()


def test_an_unconfirmed_request_becomes_the_one_that_a_coordinator_enters(programme, coordinator):
    requests.submit_request(programme=programme, answers=wanted())
    request = requests.enter_request(
        programme=programme,
        organisation=programme.organisation,
        answers=wanted(name="SAMIRA"),
        by=coordinator,
    )
    assert CompanionRequest.objects.get() == request
    assert (request.name, request.status) == ("SAMIRA", "open")


def test_handing_on_moves_the_request_and_tells_both(client, programme, coordinator, office):
    other = factories.make_circle("Freundeskreis Nord")
    nobody = factories.make_circle("Freundeskreis Leer")
    member = factories.make_member(other).user
    request = confirmed(programme)
    mail.outbox.clear()
    client.force_login(coordinator)
    url = reverse("admin:volunteers_companionrequest_step", args=[request.pk, "uebergeben"])
    assert nobody.title not in client.get(url).content.decode()
    assert client.post(url, {"organisation": other.pk, "note": "Näher"}).status_code == 302
    request.refresh_from_db()
    assert request.organisation == other
    assert {message.to[0] for message in mail.outbox} == {request.email, member.email}
    assert client.get(url).status_code == 404, "from now on only the other one sees it"
    with pytest.raises(NobodyThere):
        requests.hand_on_request(request=request, organisation=nobody, by=member)


def test_handing_on_to_nobody_means_the_office(programme, coordinator, office):
    staff = factories.make_member(office, role="staff").user
    request = confirmed(programme)
    requests.hand_on_request(request=request, organisation=None, by=coordinator)
    assert CompanionRequest.objects.visible_to(staff).get() == request
    assert mail.outbox[-1].to == [staff.email]


def test_closing_mails_the_person_with_a_way_back(client, programme, coordinator):
    request = confirmed(programme)
    client.force_login(coordinator)
    url = reverse("admin:volunteers_companionrequest_step", args=[request.pk, "schliessen"])
    client.get(url)
    request.refresh_from_db()
    assert request.status == "open"
    client.post(url, {"note": "Hat jemanden gefunden"})
    request.refresh_from_db()
    assert request.status == "closed"
    assert reverse("volunteers:companion") in mail.outbox[-1].body
    page = client.get(reverse("admin:volunteers_companionrequest_change", args=[request.pk]))
    assert "Hat jemanden gefunden" in page.content.decode()


@pytest.mark.slow
def test_worklist_counts_requests_proposals_and_red_tandems(client, programme, coordinator):
    circle = programme.organisation
    confirmed(programme)
    factories.make_tandem(
        factories.make_request("Olena", organisation=circle),
        factories.make_ready(circle, "Ida Weber"),
        needs_support_since=timezone.now(),
    )
    factories.make_tandem(
        factories.make_request("Navid", organisation=circle),
        factories.make_ready(circle, "Ben Weber"),
        status="proposed",
    )
    lapsed = factories.make_request("Anna", organisation=circle)
    factories.make_tandem(lapsed, factories.make_ready(circle, "Eva Weber"), status="lapsed")
    client.force_login(coordinator)
    page = client.get(reverse("admin:index"))
    tiles = {tile.label: (tile.count, tile.urgent) for tile in page.context["work"].open_points}
    assert tiles["Tandem braucht Unterstützung"] == (1, True)
    assert tiles["Menschen suchen eine Begleitung"][0] == 3
    assert tiles["Vorschlag wartet auf Antwort"][0] == 1
    assert tiles["Vorschlag ohne Antwort verfallen"][0] == 1
    rows = client.get(reverse("admin:volunteers_companionrequest_changelist"), {"verfallen": "ja"})
    assert list(rows.context["cl"].result_list) == [lapsed]
    tandems = client.get(reverse("admin:volunteers_tandem_changelist"))
    assert tandems.context["cl"].result_list[0].needs_support_since is not None, "red on top"


@pytest.mark.parametrize("model", ["companionrequest", "tandem"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx", "ods"])
def test_lists_leave_as_tables_and_are_logged(client, programme, coordinator, model, file_format):
    circle = programme.organisation
    request = factories.make_request("Olena", organisation=circle)
    factories.make_tandem(request, factories.make_ready(circle))
    factories.make_request("Fremd", organisation=factories.make_circle("Nord"))
    client.force_login(coordinator)
    response = client.post(
        reverse(f"admin:volunteers_{model}_export"), {"format": file_format, "purpose": "Rundmail"}
    )
    content = b"".join(response.streaming_content)
    assert response.status_code == 200
    if file_format == "csv":
        assert "Olena" in content.decode("utf-8-sig")
        assert "Fremd" not in content.decode("utf-8-sig")
    record = ExportRecord.objects.get()
    assert (record.rows, record.by) == (1, coordinator)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["companionrequest", "tandem"])
def test_lists_need_the_same_queries_at_one_and_at_thirty(
    client, programme, coordinator, django_assert_num_queries, model
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    circle = programme.organisation
    client.force_login(coordinator)
    url = reverse(f"admin:volunteers_{model}_changelist")

    def add(number):
        for index in range(number):
            request = factories.make_request(f"Suche {index}", organisation=circle)
            factories.make_tandem(request, factories.make_ready(circle, f"Person {index}"))

    add(1)
    client.get(url)
    with CaptureQueriesContext(connection) as once:
        client.get(url)
    add(29)
    with django_assert_num_queries(len(once)):
        client.get(url)


# --- Volunteers of programmes that make tandems ---------------------------------------------


@pytest.mark.slow
def test_gender_and_limit_are_asked_where_the_programme_makes_tandems(client, programme, office):
    application = factories.make_ready(programme.organisation, entry=programme)
    path = reverse("volunteers:revise", args=[application_links.status_token(application)])
    page = client.get(path).content.decode()
    assert "wünschen sich eine Frau oder einen Mann" in page
    data = {"name": "Amira", "age": "adult", "gender": "woman", "tandem_limit": "2"}
    assert client.post(path, data).status_code == 302
    application.refresh_from_db()
    assert (application.gender, application.tandem_limit) == ("woman", 2)
    assert application.volunteer.gender == "woman"
    for limit in ("0", "6", "", "x"):
        assert client.post(path, data | {"tandem_limit": limit}).status_code == 422
    other = factories.make_ready(office, "Ben Weber")
    path = reverse("volunteers:revise", args=[application_links.status_token(other)])
    assert "tandem_limit" not in client.get(path).content.decode()
    client.post(path, {"name": "Ben", "age": "adult", "gender": "man", "tandem_limit": "5"})
    other.refresh_from_db()
    assert (other.gender, other.tandem_limit) == ("", 1)


def test_signing_up_again_leaves_gender_and_limit_as_they_are(programme, office):
    application = factories.make_ready(programme.organisation, entry=programme)
    volunteer = application.volunteer
    type(volunteer).objects.filter(pk=volunteer.pk).update(gender="woman", tandem_limit=3)
    answers = {"email": volunteer.email, "name": "Amira", "age": "adult"}
    applications.submit_application(entry=None, answers=answers)
    new = volunteer.applications.model.objects.get(email=volunteer.email, entry=None)
    applications.confirm_application(application=new)
    volunteer.refresh_from_db()
    assert (volunteer.gender, volunteer.tandem_limit) == ("woman", 3)


# --- The database ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"email": "", "phone": ""}, "request_can_be_reached"),
        ({"confirmed_at": None}, "request_confirmed_before_search"),
    ],
)
def test_database_holds_the_rules_of_a_request(programme, values, constraint):
    request = confirmed(programme)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CompanionRequest.objects.filter(pk=request.pk).update(**values)


def test_database_refuses_a_second_open_request(programme):
    request = confirmed(programme)
    with pytest.raises(IntegrityError, match="request_per_person_and_child"), transaction.atomic():
        factories.make_request(request.name.upper(), email=request.email)

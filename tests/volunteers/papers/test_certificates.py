"""Engagementnachweise: issued once, printed, checked by anybody, withdrawn, never changed."""

import datetime
import re
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.volunteers.applications.test_races import at_once
from tests.volunteers.papers.test_papers import faces_of, read, tags_of, text_of
from volunteers import papers
from volunteers.links import applications as application_links
from volunteers.links import certificates as certificate_links
from volunteers.models import Certificate, Competence
from volunteers.models.thanks import CODE_ALPHABET, CODE_LENGTH, new_code
from volunteers.services import certificates as services
from volunteers.services.hours import NotEngaged
from volunteers.views.certificates import find_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return factories.make_circle()


@pytest.fixture
def application(organisation):
    return factories.make_engaged(organisation)


@pytest.fixture
def coordinator(organisation):
    return factories.make_member(organisation).user


@pytest.fixture
def as_coordinator(client, coordinator):
    client.force_login(coordinator)
    return client


def statement(**changes):
    today = timezone.localdate()
    values = {
        "name": "Amira Haddad",
        "what": "Begleitung einer Familie zu Ämtern",
        "since": today - datetime.timedelta(days=60),
        "until": today,
        "hours": Decimal("84.5"),
        "competences": [Competence.AUTHORITIES, Competence.EMPATHY],
    }
    return services.Statement(**values | changes)


def issue(application, by, **changes):
    return services.issue_certificate(
        application=application, statement=statement(**changes), by=by
    )


def verify_url(code):
    return reverse("volunteers:verify", args=[code])


# --- Issuing ------------------------------------------------------------------------------------


def test_issued_in_the_name_of_the_organisation_and_mailed(application, coordinator):
    certificate = issue(application, coordinator)
    assert certificate.issuer == "Freundeskreis Feuerbach"
    assert certificate.issued_by == coordinator
    assert certificate.competences == ["empathy", "authorities"]
    (message,) = mail.outbox
    assert message.to == [application.email]
    assert certificate_links.certificate_url(certificate) in message.body
    assert certificate_links.verify_url(certificate) in message.body


def test_only_for_who_was_ready_or_placed(organisation, coordinator):
    with pytest.raises(NotEngaged):
        issue(factories.make_application(organisation), coordinator)


def test_period_ends_today_at_the_latest_and_not_before_it_starts(application, coordinator):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(services.PeriodInFuture):
        issue(application, coordinator, until=tomorrow)
    with pytest.raises(services.EndsBeforeStart):
        issue(application, coordinator, until=timezone.localdate() - datetime.timedelta(days=61))
    assert not Certificate.objects.exists()


def test_the_same_again_is_the_same_certificate(application, coordinator):
    assert issue(application, coordinator) == issue(application, coordinator)
    assert len(mail.outbox) == 1


def test_another_text_for_the_same_period_is_refused_until_withdrawn(application, coordinator):
    first = issue(application, coordinator)
    with pytest.raises(services.AlreadyIssued) as caught:
        issue(application, coordinator, what="Etwas anderes")
    assert first.printed_code in str(caught.value)
    services.withdraw_certificate(certificate=first, by=coordinator)
    assert issue(application, coordinator, what="Etwas anderes") != first


def test_name_that_cannot_be_printed_is_refused(application, coordinator):
    with pytest.raises(papers.CannotPrint):
        issue(application, coordinator, name="Anna \U0001f8ff")
    assert not Certificate.objects.exists()
    assert not mail.outbox


def test_code_is_random_and_unmistakable():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET) for code in codes)
    assert not set("01ILOU") & set(CODE_ALPHABET)


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_issuing_at_once_make_one_certificate(application, coordinator):
    for number in range(3):
        since = timezone.localdate() - datetime.timedelta(days=number + 1)
        calls = [lambda s=since: issue(application, coordinator, since=s)] * 3
        made = at_once(*calls)
        assert len({certificate.pk for certificate in made}) == 1
    assert Certificate.objects.count() == 3
    assert len(mail.outbox) == 3


@pytest.mark.django_db(transaction=True)
def test_two_texts_for_one_period_at_once_give_one_certificate(application, coordinator):
    results = at_once(
        lambda: issue(application, coordinator), lambda: issue(application, coordinator, what="B")
    )
    assert sum(isinstance(result, services.AlreadyIssued) for result in results) == 1
    assert Certificate.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawing_twice_at_once_mails_once(application, coordinator):
    certificate = issue(application, coordinator)
    mail.outbox.clear()
    call = {"certificate": certificate, "by": coordinator}
    first, second = at_once(*[lambda: services.withdraw_certificate(**call)] * 2)
    assert first.withdrawn_at == second.withdrawn_at
    assert len(mail.outbox) == 1


# --- The database protects the text -------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"code": "ABCDEFGHJK"},
        {"issuer": "Andere"},
        {"name": "Andere"},
        {"what": "Anderes"},
        {"since": datetime.date(2020, 1, 1)},
        {"until": datetime.date(2099, 1, 1)},
        {"hours": None},
        {"competences": []},
        {"issued_on": datetime.date(2020, 1, 1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_database_refuses_to_change_what_a_certificate_says(application, coordinator, change):
    certificate = issue(application, coordinator)
    with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)


def test_database_refuses_to_undo_a_withdrawal(application, coordinator):
    certificate = issue(application, coordinator)
    services.withdraw_certificate(certificate=certificate, by=coordinator)
    for again in (None, timezone.now()):
        with pytest.raises(IntegrityError, match="withdrawal is final"), transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(withdrawn_at=again)


def test_constraints_hold_in_the_database(application):
    today = timezone.localdate()
    with pytest.raises(IntegrityError, match="certificate_ends_after_start"), transaction.atomic():
        factories.make_certificate(application, since=today, until=today - datetime.timedelta(1))
    factories.make_certificate(application)
    with pytest.raises(IntegrityError, match="certificate_once_per_period"), transaction.atomic():
        factories.make_certificate(application)


def test_renaming_the_organisation_changes_no_certificate(client, application, coordinator):
    certificate = issue(application, coordinator)
    application.organisation.title = "Neuer Name"
    application.organisation.save()
    text = client.get(verify_url(certificate.printed_code)).content.decode()
    assert "Freundeskreis Feuerbach" in text
    assert "Neuer Name" not in text


def test_certificate_outlives_its_application(client, application, coordinator):
    certificate = issue(application, coordinator)
    factories.make_hours(application)
    application.delete()
    assert client.get(verify_url(certificate.printed_code)).status_code == 200
    certificate.refresh_from_db()
    services.withdraw_certificate(certificate=certificate, by=coordinator)
    assert mail.outbox[-1].to == [certificate.volunteer.email]


# --- The paper ----------------------------------------------------------------------------------


def test_paper_says_everything_on_one_page(application, coordinator):
    certificate = issue(application, coordinator)
    pdf = papers.certificate_pdf(certificate)
    assert len(read(pdf).pages) == 1
    text = text_of(pdf)
    for part in (
        "Engagementnachweis",
        "Amira Haddad",
        "Begleitung einer Familie zu Ämtern",
        "84,5 Stunden",
        "Einfühlungsvermögen",
        "Umgang mit Behörden",
        "Freundeskreis Feuerbach",
        "Stuttgart, ",
        certificate.printed_code,
    ):
        assert part in text


def test_paper_is_tagged_and_the_code_picture_is_described(client, application, coordinator):
    certificate = issue(application, coordinator)
    reader = read(papers.certificate_pdf(certificate))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Engagementnachweis für Amira Haddad"
    tags = tags_of(root["/StructTreeRoot"]["/K"])
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 3
    assert tags.count("/Figure") == 1
    assert {"/L", "/LI"} <= set(tags)
    alternative = _alternatives(root["/StructTreeRoot"]["/K"])
    (path,) = re.findall(r"/nachweis/\S+", alternative)
    assert client.get(f"{path}/").status_code == 200


def _alternatives(element):
    element = element.get_object()
    if isinstance(element, list):
        return " ".join(_alternatives(kid) for kid in element)
    if not isinstance(element, dict):
        return ""
    return str(element.get("/Alt", "")) + (_alternatives(element["/K"]) if "/K" in element else "")


@pytest.mark.parametrize(
    ("name", "face"), [("أحمد المهدي", "KurintoSans"), ("Володимир Їжак", "LibertinusSerif")]
)
def test_name_in_another_script_prints(application, coordinator, name, face):
    pdf = papers.certificate_pdf(issue(application, coordinator, name=name))
    assert any(found.startswith(face) for found in faces_of(pdf))
    assert set(name) - {" "} <= set(text_of(pdf))


def test_long_texts_and_all_competences_stay_on_one_page(application, coordinator):
    certificate = issue(
        application,
        coordinator,
        name="Maximiliane-Friederike von Hohenlohe-Müller-Lüdenscheidt " * 2,
        what=("Begleitung zu Ämtern, Wohnungssuche, Sprachlernen. " * 6)[:300],
        competences=Competence.values,
    )
    assert len(read(papers.certificate_pdf(certificate)).pages) == 1


def test_without_hours_and_competences_the_paper_is_silent_about_them(application, coordinator):
    certificate = issue(application, coordinator, hours=None, competences=[])
    text = text_of(papers.certificate_pdf(certificate))
    assert "Stunden" not in text
    assert "Kompetenzen" not in text


def test_draft_is_a_picture_without_a_code(application, coordinator):
    draft = services.draft(application=application, statement=statement(), by=coordinator)
    assert papers.certificate_picture(draft).startswith(b"\x89PNG")
    assert draft.printed_code not in text_of(papers.certificate_pdf(draft))


def test_a_second_page_says_it_in_the_persons_language_and_the_first_stays(
    application, coordinator
):
    certificate = issue(application, coordinator, competences=Competence.values)
    german = read(papers.certificate_pdf(certificate)).pages[0].extract_text()
    certificate.volunteer.preferred_language = "uk"
    first, second = read(papers.certificate_pdf(certificate)).pages
    assert first.extract_text() == german
    text = second.extract_text()
    assert "Engagementnachweis" in text  # as offices call it, beside the Ukrainian name
    assert "Волонтер" in text
    assert certificate.name in text
    assert certificate.printed_code not in text


@pytest.mark.parametrize("language", ["ar", "fa", "tr"])
def test_long_texts_stay_on_a_second_page_also_from_right_to_left(
    application, coordinator, language
):
    certificate = issue(
        application,
        coordinator,
        name="Maximiliane-Friederike von Hohenlohe-Müller-Lüdenscheidt " * 2,
        what=("Begleitung zu Ämtern, Wohnungssuche, Sprachlernen. " * 6)[:300],
        competences=Competence.values,
    )
    certificate.volunteer.preferred_language = language
    reader = read(papers.certificate_pdf(certificate))
    assert len(reader.pages) == 2
    assert reader.trailer["/Root"]["/Lang"] == "de-DE"


@pytest.mark.parametrize("language", ["de", "leichte-sprache", "unknown"])
def test_who_reads_german_gets_one_page(application, coordinator, language):
    certificate = issue(application, coordinator)
    certificate.volunteer.preferred_language = language
    assert len(read(papers.certificate_pdf(certificate)).pages) == 1


# --- Fetching one's own -------------------------------------------------------------------------


def test_person_fetches_the_pdf_by_the_link_of_the_mail(client, application, coordinator):
    certificate = issue(application, coordinator)
    (address,) = re.findall(r"http\S+/nachweis/pdf/\S+", mail.outbox[0].body)
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert certificate.printed_code in text_of(response.content)
    assert client.get(address.replace("/pdf/", "/pdf/x")).status_code == 404


def test_withdrawn_pdf_is_gone(client, application, coordinator):
    certificate = issue(application, coordinator)
    services.withdraw_certificate(certificate=certificate, by=coordinator)
    response = client.get(certificate_links.certificate_path(certificate))
    assert response.status_code == 410
    assert "Zurückgezogen am" in response.content.decode()


@pytest.mark.slow
def test_status_page_lists_certificates(client, application, coordinator):
    certificate = issue(application, coordinator)
    text = client.get(application_links.status_path(application)).content.decode()
    assert certificate_links.certificate_path(certificate) in text
    services.withdraw_certificate(certificate=certificate, by=coordinator)
    text = client.get(application_links.status_path(application)).content.decode()
    assert certificate_links.certificate_path(certificate) not in text
    assert "zurückgezogen am" in text


# --- Checking somebody's ------------------------------------------------------------------------


def test_anybody_reads_what_the_paper_says_and_no_more(client, application, coordinator):
    certificate = issue(application, coordinator)
    response = client.get(verify_url(certificate.printed_code))
    text = response.content.decode()
    for part in ("Amira Haddad", "84,5", "Umgang mit Behörden", "Freundeskreis Feuerbach"):
        assert part in text
    for secret in (application.email, str(coordinator), "anmeldung/"):
        assert secret not in text
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_withdrawn_one_says_when_and_nothing_else(client, application, coordinator):
    certificate = issue(application, coordinator)
    services.withdraw_certificate(certificate=certificate, by=coordinator)
    text = client.get(verify_url(certificate.printed_code)).content.decode()
    assert "Zurückgezogen am" in text
    assert "Amira" not in text
    assert "zurückgezogen" in mail.outbox[-1].body


@pytest.mark.parametrize(
    "code", ["ABCDE-FGHJK", "x", "-", "🦊" * 10, "A" * 10_000, "%00", "<script>", "'; DROP TABLE"]
)
def test_unknown_code_is_a_404_with_a_form(client, code):
    for response in (
        client.get(verify_url(code)),
        client.get(reverse("volunteers:enter_code"), {"code": code}),
    ):
        assert response.status_code == 404
        text = response.content.decode()
        assert "Diesen Code kennen wir nicht" in text
        assert 'name="code"' in text
        assert "<script>" not in text


@pytest.mark.parametrize(
    "typed", ["23qvd-abcjk", " 23QVD ABCJK ", "23QVDABCJK", "2-3-Q-V-D-A-B-C-J-K", "23QVD–ABCJK"]
)
def test_code_may_be_typed_as_people_type(client, application, typed):
    factories.make_certificate(application, code="23QVDABCJK")
    response = client.get(reverse("volunteers:enter_code"), {"code": typed})
    assert (response.status_code, response.url) == (302, verify_url("23QVD-ABCJK"))


def test_misread_sign_is_understood_if_only_one_code_fits(application):
    first = factories.make_certificate(application, code="23QVDABCJK")
    assert find_certificate("230VDABCJK") == first
    assert find_certificate("23OUDABCJK") == first
    factories.make_certificate(
        application, code="23DVDABCJK", until=timezone.localdate() - datetime.timedelta(days=1)
    )
    assert find_certificate("230VDABCJK") is None
    assert find_certificate("O" * 10) is None


def test_other_spelling_of_the_address_leads_to_the_one(client, application):
    factories.make_certificate(application, code="23QVDABCJK")
    assert client.get(verify_url("23qvdabcjk")).url == verify_url("23QVD-ABCJK")


# --- Administration -----------------------------------------------------------------------------


def form_data(**changes):
    today = timezone.localdate()
    values = {
        "name": "Amira Haddad",
        "what": "Begleitung",
        "since": (today - datetime.timedelta(days=30)).isoformat(),
        "until": today.isoformat(),
        "with_hours": "on",
        "hours": "12,5",
        "competences": ["empathy"],
    }
    return values | changes


def issue_url(application):
    return reverse("admin:volunteers_application_certificate", args=[application.pk])


def test_form_proposes_name_period_and_confirmed_hours(as_coordinator, application, coordinator):
    factories.make_hours(application, "2.5", by=coordinator)
    factories.make_hours(application, "3", what="offen")
    initial = as_coordinator.get(issue_url(application)).context["form"].initial
    since = timezone.localdate() - datetime.timedelta(days=60)
    assert (initial["name"], initial["since"]) == ("Amira Haddad", since)
    assert (initial["hours"], initial["with_hours"]) == ("2,5", True)


@pytest.mark.slow
def test_preview_comes_first_and_only_what_it_showed_is_issued(as_coordinator, application):
    url = issue_url(application)
    as_coordinator.post(url, form_data(issue="1"))
    assert not Certificate.objects.exists()
    page = as_coordinator.post(url, form_data(preview="1"))
    assert 'src="data:image/png;base64,' in page.content.decode()
    digest = page.context["digest"]
    changed = as_coordinator.post(url, form_data(issue=digest, name="Andere"))
    assert changed.context["picture"]
    assert not Certificate.objects.exists()
    for _ in range(2):
        assert as_coordinator.post(url, form_data(issue=digest)).status_code == 302
    assert Certificate.objects.get().hours == Decimal("12.5")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "erforderlich"),
        ({"name": "x" * 10_000}, "Das ist zu lang"),
        ({"name": "Anna \U0001f8ff"}, "In einem Namen steht kein"),
        ({"what": "Anna \U0001f8ff"}, "lässt sich nicht drucken"),
        ({"name": "a\u202eb"}, "Steuerzeichen"),
        ({"until": "2999-01-01"}, "höchstens bis heute"),
        ({"until": "2000-01-01"}, "vor dem Beginn"),
        ({"hours": ""}, "Bitte geben Sie die Stunden an"),
        ({"competences": ["flying"]}, "flying"),
    ],
)
def test_wrong_form_is_told_why(as_coordinator, application, changes, sentence):
    response = as_coordinator.post(issue_url(application), form_data(**changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_nothing_to_issue_before_the_start(as_coordinator, organisation):
    application = factories.make_application(organisation)
    response = as_coordinator.get(issue_url(application), follow=True)
    assert "startbereit" in response.content.decode()


def test_withdrawing_asks_first(as_coordinator, application, coordinator):
    certificate = issue(application, coordinator)
    url = reverse("admin:volunteers_certificate_withdraw", args=[certificate.pk])
    assert "nicht rückgängig" in as_coordinator.get(url).content.decode()
    certificate.refresh_from_db()
    assert not certificate.is_withdrawn
    as_coordinator.post(url)
    certificate.refresh_from_db()
    assert certificate.withdrawn_by == coordinator
    pdf = reverse("admin:volunteers_certificate_pdf", args=[certificate.pk])
    assert as_coordinator.get(pdf).status_code == 404


def test_list_shows_own_certificates_at_a_steady_number_of_queries(
    as_coordinator, application, django_assert_num_queries
):
    factories.make_certificate(factories.make_engaged(factories.make_circle("Süd"), "Ben"))
    url = reverse("admin:volunteers_certificate_changelist")
    counts = []
    for rows in (1, 30):
        while Certificate.objects.filter(application=application).count() < rows:
            count = Certificate.objects.count()
            until = timezone.localdate() - datetime.timedelta(days=count)
            factories.make_certificate(application, until=until)
        with django_assert_num_queries(100, exact=False) as queries:
            response = as_coordinator.get(url)
        assert response.context["cl"].result_count == rows
        assert "Ben" not in response.content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]

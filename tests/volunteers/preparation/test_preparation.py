"""The pages of the preparation: the coordinators' panel and forms, the person's section and pages."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override

from programs.texts import keep, translation_of
from tests import factories
from tests.programs.test_admin import form_data
from volunteers import papers, sections
from volunteers.links import applications as application_links
from volunteers.links import signing
from volunteers.lists.lines import application_lines
from volunteers.models import Application, ConductCheck, StepRecord
from volunteers.models.statuses import Status
from volunteers.reads.persons import Person
from volunteers.services import applications, steps

pytestmark = pytest.mark.django_db

UNFRIENDLY = ["\x00\x07", "<script>alert(1)</script>", "\u202eabc", "x" * 10_000]


@pytest.fixture
def programme(db):
    return factories.make_prepared_programme(requires_conduct_check=True)


@pytest.fixture
def eva(programme):
    return factories.make_member(programme.organisation, factories.make_user(name="Eva")).user


@pytest.fixture
def application(programme, eva):
    return factories.make_application(
        programme.organisation, entry=programme, status=Status.IN_CONTACT
    )


@pytest.fixture
def office(client, eva):
    """A client that is logged in as coordinator."""
    client.force_login(eva)
    return client


def admin_url(name, application, *more):
    return reverse(f"admin:volunteers_application_{name}", args=[application.pk, *more])


def step_url(application, kind):
    step = application.entry.programme.steps.get(kind=kind)
    return admin_url("step", application, step.pk)


def text_of(response):
    return response.content.decode()


def today():
    return timezone.localdate().isoformat()


DONE = {"outcome": "done", "how": "talk", "note": ""}


# --- Coordinators -------------------------------------------------------------------------


def test_panel_lists_the_steps_with_a_way_to_enter_each(office, application):
    page = text_of(office.get(admin_url("change", application)))
    assert "4 von 4 offen" in page
    places = [page.index(name) for name in ("Einführungsabend", "Erstgespräch", "Verschwiegenheit")]
    assert places == sorted(places)
    for kind in ("training", "interview", "commitment"):
        assert step_url(application, kind) in page
    assert "Einsicht eintragen" in page
    assert "Brief für die Meldebehörde (PDF)" in page


def test_application_without_steps_has_no_panel(office, programme):
    plain = factories.make_application(programme.organisation, entry=None)
    assert "Vorbereitung</h2>" not in text_of(office.get(admin_url("change", plain)))


@pytest.mark.slow
def test_step_is_entered_seen_and_opened_again(office, eva, application):
    url = step_url(application, "interview")
    assert "Wann?" in text_of(office.get(url))
    told = office.post(url, DONE | {"on": today(), "note": "Sehr herzlich"}, follow=True)
    assert "„Erstgespräch“ ist eingetragen." in text_of(told)
    assert "eingetragen von Eva" in text_of(told)
    assert "3 von 4 offen" in text_of(told)
    seen = text_of(office.get(url))
    assert "Sehr herzlich" in seen
    assert "Wieder öffnen" in seen
    told = office.post(url, {"reopen": "1"}, follow=True)
    assert "„Erstgespräch“ ist wieder offen." in text_of(told)
    assert not StepRecord.objects.exists()


def test_german_way_to_write_a_day_is_understood(office, application):
    day = timezone.localdate() - datetime.timedelta(days=1)
    office.post(step_url(application, "interview"), DONE | {"on": f"{day:%d.%m.%Y}"})
    assert StepRecord.objects.get().on == day


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"on": ""}, "Bitte geben Sie den Tag an."),
        ({"on": "31.02.2026"}, "Bitte schreiben Sie den Tag so"),
        ({"on": "2999-01-01"}, "Dieser Tag liegt in der Zukunft."),
        ({"on": "0026-11-20"}, "Bitte prüfen Sie die Jahreszahl."),
        ({"outcome": "waived"}, "Bitte schreiben Sie, warum der Schritt entfällt."),
        ({"how": "portal"}, "gültige Auswahl"),
        ({"note": "x" * 301}, "300"),
    ],
)
def test_wrong_entry_is_told_and_what_was_typed_is_kept(office, application, data, sentence):
    url = step_url(application, "interview")
    response = office.post(url, DONE | {"on": today(), "note": ""} | data)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not StepRecord.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("text", UNFRIENDLY)
def test_unfriendly_notes_get_a_sentence_or_are_shown_as_text(office, application, text):
    url = step_url(application, "interview")
    response = office.post(url, DONE | {"on": today(), "note": text}, follow=True)
    assert response.status_code in {200, 422}
    assert "<script>alert" not in text_of(response)
    page = office.get(admin_url("change", application))
    assert "<script>alert" not in text_of(page)


def test_entering_a_step_twice_tells_the_second_and_changes_nothing(office, eva, application):
    step = application.entry.programme.steps.get(kind="interview")
    steps.record_step(
        application=application, step=step, on=timezone.localdate(), how="paper", by=eva
    )
    office.post(step_url(application, "interview"), DONE | {"on": today()})
    assert StepRecord.objects.get().how == "paper"


@pytest.mark.slow
def test_spared_step_is_entered_with_its_reason(office, application):
    data = DONE | {"on": today(), "outcome": "waived", "note": "War 2025 dabei."}
    page = text_of(office.post(step_url(application, "training"), data, follow=True))
    assert "erlassen" in page
    assert StepRecord.objects.get().note == "War 2025 dabei."


def test_steps_of_other_programmes_and_certificates_have_no_such_page(office, application):
    other = factories.make_prepared_programme("Andere").steps.first()
    certificate = factories.make_step(
        application.entry.programme, "Führungszeugnis", kind="conduct_check"
    )
    for step in (other, certificate):
        assert office.get(admin_url("step", application, step.pk)).status_code == 404


def test_closed_application_shows_its_steps_without_buttons(office, application):
    applications.withdraw_application(application=application)
    page = text_of(office.get(admin_url("change", application)))
    assert "Erstgespräch" in page
    assert step_url(application, "interview") not in page
    office.post(step_url(application, "interview"), DONE | {"on": today()})
    assert not StepRecord.objects.exists()


@pytest.mark.slow
def test_inspection_form_asks_for_two_days_and_an_answer_and_for_no_file(office, application):
    url = admin_url("conduct_check", application)
    page = text_of(office.get(url))
    assert 'type="file"' not in page
    assert "multipart" not in page
    told = office.post(
        url, {"seen_on": today(), "issued_on": today(), "is_clear": "ja"}, follow=True
    )
    assert "Die Einsicht ist vermerkt." in text_of(told)
    assert ConductCheck.objects.get().is_clear


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"is_clear": ""}, "Bitte wählen Sie Ja oder Nein."),
        ({"is_clear": "vielleicht"}, "vielleicht"),
        ({"seen_on": "2999-01-01"}, "Zukunft"),
        ({"seen_on": "2026-01-01"}, "nicht erst nach der Einsicht"),
        ({"issued_on": ""}, "Bitte geben Sie den Tag an."),
    ],
)
def test_wrong_inspection_is_told(office, application, data, sentence):
    values = {"seen_on": today(), "issued_on": today(), "is_clear": "ja"} | data
    response = office.post(admin_url("conduct_check", application), values)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not ConductCheck.objects.exists()


def test_certificate_with_entries_is_shown_without_stigma(office, application):
    values = {"seen_on": today(), "issued_on": today(), "is_clear": "nein"}
    office.post(admin_url("conduct_check", application), values)
    page = text_of(office.get(admin_url("change", application)))
    assert "lässt einen Einsatz in diesem Programm nicht zu" in page


def test_no_inspection_page_where_no_certificate_is_needed(office, programme):
    plain = factories.make_application(programme.organisation, entry=None)
    assert office.get(admin_url("conduct_check", plain)).status_code == 404
    assert office.get(admin_url("conduct_check_letter", plain)).status_code == 404


def test_letter_is_a_pdf_to_save(office, application):
    response = office.get(admin_url("conduct_check_letter", application))
    assert response["Content-Type"] == "application/pdf"
    assert (
        response["Content-Disposition"] == 'attachment; filename="Brief-an-die-Meldebehoerde.pdf"'
    )
    assert response.content.startswith(b"%PDF-")


def test_name_that_cannot_be_printed_is_told_to_both_sides(office, application, monkeypatch):
    def refuse(**_values):
        raise papers.CannotPrint("\U00013000")

    monkeypatch.setattr(papers, "conduct_check_letter", refuse)
    told = office.get(admin_url("conduct_check_letter", application), follow=True)
    assert "lässt sich nicht drucken" in text_of(told)
    url = signing.path_of("conduct_check_letter", application_links.status_token(application))
    response = office.get(url)
    assert response.status_code == 422
    assert "lässt sich nicht drucken" in text_of(response)


def test_moving_several_shows_what_each_one_lacks(office, programme, eva, application):
    ready = factories.make_application(
        programme.organisation, "Rosa Reif", entry=None, status=Status.IN_CONTACT
    )
    chosen = {"action": "to_ready", "_selected_action": [application.pk, ready.pk]}
    page = text_of(office.post(reverse("admin:volunteers_application_changelist"), chosen))
    assert "Es fehlt: Einführungsabend, Erstgespräch, Verschwiegenheit, Führungszeugnis" in page
    assert f'name="ids" value="{ready.pk}"' in page


def test_single_move_says_what_is_missing_and_where_to_enter_it(office, application):
    page = text_of(office.get(admin_url("status", application, "ready")))
    assert escape("Eintragen unter „Vorbereitung“ auf der Seite der Anmeldung.") in page


@pytest.mark.slow
def test_list_is_filtered_by_open_and_complete_preparation(office, programme, eva, application):
    office_of = programme.organisation
    done = factories.make_application(office_of, "Fertig Frieda", entry=programme)
    factories.make_conduct_check(done, eva)
    for step in programme.steps.all():
        steps.record_step(application=done, step=step, on=timezone.localdate(), how="talk", by=eva)
    factories.make_application(office_of, "Ohne Otto", entry=None)
    url = reverse("admin:volunteers_application_changelist")
    found = {
        value: {
            name
            for name in ("Amira Haddad", "Fertig Frieda", "Ohne Otto")
            if name in text_of(office.get(f"{url}?vorbereitung={value}"))
        }
        for value in ("offen", "vollstaendig", "fuehrungszeugnis")
    }
    assert found == {
        "offen": {"Amira Haddad"},
        "vollstaendig": {"Fertig Frieda"},
        "fuehrungszeugnis": set(),
    }


@pytest.mark.slow
def test_bulk_plan_takes_the_same_queries_at_one_and_at_thirty_rows(office, programme, eva):
    url = reverse("admin:volunteers_application_changelist")
    counted, pks = [], []
    for rows in (1, 30):
        while len(pks) < rows:
            one = factories.make_application(
                programme.organisation,
                f"Person {len(pks)}",
                entry=programme,
                status=Status.IN_CONTACT,
            )
            pks.append(one.pk)
        with CaptureQueriesContext(connection) as queries:
            page = office.post(url, {"action": "to_ready", "_selected_action": pks})
        assert text_of(page).count("Es fehlt:") == rows
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_export_names_open_steps_but_not_what_a_certificate_said(programme, eva, application):
    gone = factories.make_application(
        programme.organisation, "Zu Ende", entry=programme, status=Status.WITHDRAWN
    )
    factories.make_conduct_check(application, eva, is_clear=False)
    found = Application.objects.filter(pk__in=[application.pk, gone.pk])
    lines = dict(application_lines(found, ["name", "open_steps"]))
    assert lines == {
        "Amira Haddad": "Einführungsabend, Erstgespräch, Verschwiegenheit, Führungszeugnis",
        "Zu Ende": "",
    }


# --- The person ---------------------------------------------------------------------------


def status_page(client, application):
    return text_of(client.get(application_links.status_path(application)))


def commitment_url(application):
    step = application.entry.programme.steps.get(kind="commitment")
    return signing.path_of("commitment", application_links.status_token(application), str(step.pk))


def test_person_sees_the_steps_and_what_comes_next(client, application):
    page = status_page(client, application)
    assert "Noch offen ist zuerst: Einführungsabend." in page
    assert "Lesen und zustimmen" in page
    assert "Diesen Brief brauchen Sie für das Bürgerbüro." in page


def test_only_a_translated_commitment_says_that_it_is_a_translation(client, programme, application):
    step = programme.steps.get(kind="commitment")
    note, german = "Das ist eine Übersetzung.", "Den deutschen Text lesen"
    page = text_of(client.get(commitment_url(application)))
    assert step.text in page
    assert note not in page
    assert german not in page
    keep(step, "ar", {"text": translation_of(step, "text", "أحافظ على السرية.")})
    page = client.get(f"/ar{commitment_url(application)}").text
    assert "أحافظ على السرية." in page
    assert page.count(step.text) == 1
    assert '<details class="more">' in page
    untranslated = client.get(f"/tr{commitment_url(application)}").text
    assert untranslated.count(step.text) == 1
    assert '<details class="more">' not in untranslated


def training_of(programme, days, **fields):
    starts = timezone.now() + datetime.timedelta(days=days)
    times = {"starts_at": starts, "ends_at": starts + datetime.timedelta(hours=2)}
    return factories.make_event(part_of=programme, kind="introduction", **times, **fields)


@pytest.mark.slow
def test_one_thing_is_next_and_waiting_is_said_only_where_nothing_can_be_done(client, programme):
    new = factories.make_application(programme.organisation, entry=programme, status=Status.NEW)
    page = status_page(client, new)
    assert page.count("Als Nächstes") == 1
    assert "Bis dahin müssen Sie nichts tun." not in page
    assert "Das geht schon jetzt:</strong> Bitte lesen Sie „Verschwiegenheit“" in page
    programme.steps.filter(kind="commitment").delete()
    page = status_page(client, new)
    assert "Das geht schon jetzt" not in page
    assert "Bis dahin müssen Sie nichts tun." in page
    first = training_of(programme, 5)
    page = status_page(client, new)
    assert "Das geht schon jetzt:</strong> Der nächste Termin für „Einführungsabend“ ist am" in page
    assert "Bis dahin müssen Sie nichts tun." not in page
    new.status = Status.WAITING
    new.save()
    assert "Das geht schon jetzt" not in status_page(client, new)
    assert first.get_absolute_url() in client.get(application_links.status_path(new)).text


def test_training_stands_with_its_next_date_or_with_whom_to_ask(client, programme, application):
    path = application_links.status_path(application)
    assert "Ein Termin steht noch nicht fest. Es sagt Ihnen Bescheid:" in status_page(
        client, application
    )
    later, soon = training_of(programme, 20), training_of(programme, 5)
    for wrong in ({"is_cancelled": True}, {"is_published": False}):
        training_of(programme, 2, **wrong)
    training_of(factories.make_programme("Andere"), 1)
    training_of(programme, -1)
    page = client.get(path).text
    assert f'href="{soon.get_absolute_url()}"' in page
    assert f'href="{later.get_absolute_url()}"' not in page
    soon.part_of = factories.make_entry(part_of=programme)
    soon.save()
    assert f'href="{soon.get_absolute_url()}"' in client.get(path).text


@pytest.mark.parametrize(
    ("status", "waits"), [("ready", True), ("placed", False), ("paused", False)]
)
def test_who_has_started_is_not_told_to_wait_for_the_coordination(client, status, waits):
    programme = factories.make_programme()
    application = factories.make_application(
        programme.organisation, entry=programme, status=Status(status)
    )
    StepRecord.objects.create(
        application=application,
        step=factories.make_step(programme),
        outcome=StepRecord.Outcome.DONE,
        how=StepRecord.How.TALK,
        on=timezone.localdate(),
    )
    page = status_page(client, application)
    assert "Alles ist da, danke!" in page
    assert ("Die Koordination meldet sich bei Ihnen." in page) == waits


def test_person_does_not_read_the_notes_of_the_staff(client, eva, application):
    step = application.entry.programme.steps.get(kind="interview")
    steps.record_step(
        application=application,
        step=step,
        on=timezone.localdate(),
        how="talk",
        by=eva,
        note="Sehr aufgeregt",
    )
    page = status_page(client, application)
    assert "Sehr aufgeregt" not in page
    assert "Eva" not in page


def test_commitment_is_read_and_accepted_with_one_box_and_one_button(client, application):
    url = commitment_url(application)
    page = text_of(client.get(url))
    assert "Ich schweige über alles, was mir anvertraut wird." in page
    assert not StepRecord.objects.exists()  # a link scanner that opens the link accepts nothing
    response = client.post(url, {"version": "1"})
    assert response.status_code == 422
    assert "Bitte setzen Sie das Häkchen" in text_of(response)
    assert client.post(url, {"version": "1", "agreed": "on"}).status_code == 302
    assert client.post(url, {"version": "1", "agreed": "on"}).status_code == 302
    record = StepRecord.objects.get()
    assert (record.how, record.text_version, record.by) == ("portal", 1, None)
    assert "Was Sie zugesagt haben (Fassung 1)" in status_page(client, application)


def test_commitment_is_read_in_ones_language_and_the_german_words_are_kept(client, application):
    step = application.entry.programme.steps.get(kind="commitment")
    keep(step, "uk", {"text": translation_of(step, "text", "Я мовчу.")})
    with override("uk"):
        url = commitment_url(application)
    page = text_of(client.get(url))
    assert "Я мовчу." in page
    assert "Ich schweige über alles, was mir anvertraut wird." in page
    client.post(url, {"version": "1", "agreed": "on"})
    assert StepRecord.objects.get().text == step.text


def test_accepted_words_stay_when_the_programme_writes_new_ones(client, application):
    client.post(commitment_url(application), {"version": "1", "agreed": "on"})
    step = application.entry.programme.steps.get(kind="commitment")
    step.text = "Ganz neue Worte."
    step.save()
    page = status_page(client, application)
    assert "Ich schweige über alles" in page
    assert "Ganz neue Worte" not in page
    assert "Inzwischen gibt es einen neueren Text." in page


def test_text_that_changed_while_it_was_read_is_shown_again(client, application):
    step = application.entry.programme.steps.get(kind="commitment")
    step.text = "Ganz neue Worte."
    step.save()
    response = client.post(commitment_url(application), {"version": "1", "agreed": "on"})
    assert response.status_code == 422
    assert "Der Text hat sich gerade geändert." in text_of(response)
    assert "Ganz neue Worte." in text_of(response)
    assert 'value="2"' in text_of(response)
    assert "checked" not in text_of(response)
    assert not StepRecord.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, *UNFRIENDLY])
def test_unfriendly_version_accepts_nothing(client, application, version):
    response = client.post(commitment_url(application), {"version": version, "agreed": "on"})
    assert response.status_code == 422
    assert not StepRecord.objects.exists()


def test_commitments_are_found_by_the_own_token_only(client, application):
    step = application.entry.programme.steps.get(kind="commitment")
    interview = application.entry.programme.steps.get(kind="interview")
    token = application_links.status_token(application)
    wrong = signing.path_of("commitment", token + "x", str(step.pk))
    assert client.get(wrong).status_code == 404
    other = factories.make_prepared_programme("Andere").steps.get(kind="commitment")
    for number in (interview.pk, 10**9, other.pk):
        answer = client.get(signing.path_of("commitment", token, str(number)))
        assert answer["Location"] == application_links.status_path(application)


def test_closed_application_leads_back_to_its_page(client, application):
    applications.withdraw_application(application=application)
    response = client.post(commitment_url(application), {"version": "1", "agreed": "on"})
    assert response.status_code == 302
    assert not StepRecord.objects.exists()


@pytest.mark.parametrize(
    ("status", "code"),
    [("new", 302), ("waiting", 302), ("in_contact", 200), ("placed", 200), ("withdrawn", 302)],
)
def test_letter_is_there_once_the_organisation_has_taken_up_the_application(
    client, application, status, code
):
    application.status = status
    application.save()
    url = signing.path_of("conduct_check_letter", application_links.status_token(application))
    assert client.get(url).status_code == code
    assert (url in status_page(client, application)) is (code == 200)


def test_my_page_shows_each_open_preparation_and_what_waits_for_the_person(client, application):
    person = Person(emails=(application.email,), name=application.name, token="t")
    shown = [s for s in sections.of_person(person) if "preparations" in s.context]
    assert [p.application for p in shown[0].context["preparations"]] == [application]
    points = [p for p in sections.open_points(person) if "Verschwiegenheit" in p.text]
    assert points[0].url == commitment_url(application)
    client.post(commitment_url(application), {"version": "1", "agreed": "on"})
    assert not [p for p in sections.open_points(person) if "Verschwiegenheit" in p.text]


def test_person_with_a_certificate_in_the_way_is_told_who_to_talk_to(client, eva, application):
    factories.make_conduct_check(application, eva, is_clear=False)
    page = status_page(client, application)
    assert "Wie es weitergeht, bespricht" in page
    for word in ("Eintragung", "Straf", "nicht zu"):
        assert word not in page.split("Ihre Vorbereitung")[1].split("Ihre Angaben")[0]


# --- Steps as data of the programme ---------------------------------------------------------


def save_steps(client, programme, *steps, delete=()):
    """Save the programme's page with its own steps unchanged, and ``steps`` added."""
    url = reverse("admin:programs_programme_change", args=[programme.pk])
    page = client.get(url)
    data = form_data(page)
    names = ("id", "programme", "position", "kind", "title", "note", "text")
    own = [
        {name: getattr(step, name) for name in names}
        | {"programme": programme.pk}
        | ({"DELETE": "on"} if step.pk in delete else {})
        for step in programme.steps.all()
    ]
    rows = [*own, *({"programme": programme.pk, "position": 90, "note": ""} | s for s in steps)]
    data |= {"steps-TOTAL_FORMS": len(rows), "steps-INITIAL_FORMS": len(own)}
    data |= {f"steps-{n}-{k}": v for n, row in enumerate(rows) for k, v in row.items()}
    return client.post(url, data, follow=True)


@pytest.mark.slow
def test_coordinator_adds_and_changes_the_steps_of_the_own_programme(office, programme):
    step = programme.steps.get(kind="commitment")
    page = save_steps(office, programme, {"kind": "other", "title": "Hospitation"})
    assert page.redirect_chain, text_of(page)
    assert programme.steps.last().title == "Hospitation"
    step.refresh_from_db()
    assert step.text_version == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("steps_added", "sentence"),
    [
        ([{"kind": "commitment", "title": "X", "text": ""}], "braucht ihren Text"),
        ([{"kind": "conduct_check", "title": "X"}] * 2, "schon einer der Schritte"),
    ],
)
def test_rules_of_steps_are_told_in_german(office, programme, steps_added, sentence):
    page = save_steps(office, programme, *steps_added)
    assert sentence in text_of(page)
    assert programme.steps.count() == 3


@pytest.mark.slow
def test_step_that_somebody_has_taken_is_not_deleted(office, eva, programme, application):
    step = programme.steps.get(kind="interview")
    steps.record_step(
        application=application, step=step, on=timezone.localdate(), how="talk", by=eva
    )
    page = save_steps(office, programme, delete=[step.pk])
    assert not page.redirect_chain
    assert "Amira" not in text_of(page)
    assert programme.steps.filter(pk=step.pk).exists()
    other = programme.steps.get(kind="training")
    save_steps(office, programme, delete=[other.pk])
    assert not programme.steps.filter(pk=other.pk).exists()

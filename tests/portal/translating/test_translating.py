"""Translating in the administration: German beside one language, gaps shown, only the own language."""

import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.models import Page
from portal.translating.kinds import KINDS, lines
from programs.models import Programme, Translated, Voice
from programs.texts import keep, translation_of
from tests import factories
from volunteers.models import Invitation
from volunteers.services.invitations import accept_invitation
from welcome_rooms.models import CarrierPeriod, Closure


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def programme(db):
    factories.make_clearing_office()
    return factories.make_programme(
        title="Lesezeit", summary="Sie lesen mit Kindern.", description="Ein Nachmittag."
    )


@pytest.fixture
def ukrainian(programme):
    member = factories.make_member(programme.organisation, role="translator", language="uk")
    return client_of(member.user)


def address(programme, language="uk"):
    return reverse("admin:translations_record", args=[language, "programme", programme.pk])


def posted(client, url, **texts):
    """The form as the page shows it, with ``texts`` typed."""
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | texts
    return client.post(url, {name: value for name, value in data.items() if value})


def test_german_stands_beside_the_field_and_what_is_saved_is_read_on_the_page(programme, ukrainian):
    url = address(programme)
    html = ukrainian.get(url).content.decode()
    assert "Sie lesen mit Kindern." in html
    assert "Übersetzt: 0 von 3" in html
    assert posted(ukrainian, url, summary="Ви читаєте з дітьми.").status_code == 302
    programme.refresh_from_db()
    assert programme.said("summary", "uk") == "Ви читаєте з дітьми."
    assert "Übersetzt: 1 von 3" in ukrainian.get(url).content.decode()


def test_a_translator_sees_one_language_and_nothing_else(programme, ukrainian):
    home = ukrainian.get(reverse("admin:translations")).content.decode()
    assert "Українська" in home
    assert "English" not in home
    for name in ("language", "file", "import"):
        assert ukrainian.get(reverse(f"admin:translations_{name}", args=["en"])).status_code == 404
    assert ukrainian.get(address(programme, "en")).status_code == 404
    assert posted_to_english(ukrainian, programme) == 404
    for model in ("programs_programme", "volunteers_application", "programs_membership"):
        assert ukrainian.get(reverse(f"admin:{model}_changelist")).status_code == 403


def posted_to_english(client, programme):
    return client.post(address(programme, "en"), {"summary": "You read."}).status_code


def test_a_translator_without_a_language_reads_what_to_do(programme):
    nobody = client_of(factories.make_member(programme.organisation, role="translator").user)
    html = nobody.get(reverse("admin:translations")).content.decode()
    assert "noch keine Sprache" in html


def test_what_is_not_public_is_not_translated(programme, ukrainian):
    Programme.objects.filter(pk=programme.pk).update(is_published=False)
    assert ukrainian.get(address(programme)).status_code == 404
    assert (
        ukrainian.get(reverse("admin:translations_record", args=["uk", "xx", 1])).status_code == 404
    )


def test_a_changed_german_text_is_to_be_looked_at_and_confirmed_with_one_tick(programme, ukrainian):
    keep(programme, "uk", {"summary": translation_of(programme, "summary", "Ви читаєте.")})
    Programme.objects.filter(pk=programme.pk).update(summary="Sie lesen mit Kindern!")
    shown = ukrainian.get(reverse("admin:translations_language", args=["uk"])).content.decode()
    assert "anzusehen" in shown
    url = address(programme)
    assert "Der deutsche Text hat sich geändert." in ukrainian.get(url).content.decode()
    posted(ukrainian, url, fits_summary="on")
    programme.refresh_from_db()
    assert programme.is_current("summary", "uk")


def test_who_writes_while_the_german_text_changes_keeps_the_words_and_is_asked(
    programme, ukrainian
):
    url = address(programme)
    form = ukrainian.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"summary": "Ви читаєте."}
    Programme.objects.filter(pk=programme.pk).update(summary="Ganz anders.")
    refused = ukrainian.post(url, data)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Ви читаєте." in html
    assert "Ganz anders." in html
    programme.refresh_from_db()
    assert programme.said("summary", "uk").is_german
    assert posted_again(ukrainian, url, refused).status_code == 302


def posted_again(client, url, response):
    form = response.context["form"]
    return client.post(url, {name: form[name].value() or "" for name in form.fields})


def test_too_long_a_translation_says_how_long_it_may_be(programme, ukrainian):
    refused = posted(ukrainian, address(programme), summary="ї" * 301)
    assert refused.status_code == 422
    assert "300" in refused.content.decode()
    assert "ї" * 301 in refused.content.decode()


def test_lists_show_how_much_is_translated_with_few_queries(programme, ukrainian):
    for number in range(30):
        factories.make_entry(f"Angebot {number}", summary="Ein Satz.")
    url = reverse("admin:translations_language", args=["uk"])
    with CaptureQueriesContext(connection) as queries:
        html = ukrainian.get(url).content.decode()
    assert len(queries) <= 10
    assert "0 von 3" in html
    only = ukrainian.get(url, {"art": "programme", "luecken": "1"}).content.decode()
    assert "Lesezeit" in only
    assert "Angebot 7" not in only


def test_the_page_of_a_record_leads_to_its_translations_with_a_count_for_each_language(programme):
    admin = client_of(factories.make_user("adm@example.org", is_superuser=True))
    keep(programme, "uk", {"summary": translation_of(programme, "summary", "Ви читаєте.")})
    page = admin.get(reverse("admin:programs_programme_change", args=[programme.pk]))
    link = reverse("admin:translations_of", args=["programme", programme.pk])
    assert link in page.content.decode()
    html = admin.get(link).content.decode()
    assert html.count("von 3") == len(settings.LANGUAGES) - 1
    assert "Übersetzt: 1 von 3" in html


def test_notes_for_editors_are_not_translated(db):
    page = factories.make_page("so-laeuft-es", body="Text.\n\nVon der Stadt zu ergänzen: Telefon.")
    (line,) = [one for one in lines("uk") if one.kind.model is Page]
    assert line.record.german("body") == "Text."
    keep(page, "uk", {"body": translation_of(page, "body", "Текст.")})
    assert Page.objects.get().is_current("body", "uk")


def test_every_translated_model_can_be_translated_here():
    def leaves(model):
        below = model.__subclasses__()
        return {one for child in below for one in leaves(child)} if below else {model}

    translated = {one for one in leaves(Translated) if not one._meta.abstract and one._meta.managed}
    ours = {kind.model for kind in KINDS}
    assert {one for one in translated if one.__module__.split(".")[0] != "tests"} == ours


def test_the_history_says_which_text_of_which_language_changed(programme, ukrainian):
    posted(ukrainian, address(programme), summary="Ви читаєте з дітьми.")
    admin = client_of(factories.make_user("adm@example.org", is_superuser=True))
    url = reverse("admin:programs_programme_history", args=[programme.pk])
    html = admin.get(url).content.decode()
    assert "Kurzbeschreibung (Українська)" in html
    assert "Ви читаєте з дітьми." in html
    assert "{" not in html.partition("Ви читаєте")[0].rpartition("<tr")[2]


def test_an_office_invites_a_translator_for_one_language(programme, run_jobs):
    office = factories.make_member(programme.organisation, role="staff")
    client, url = (
        client_of(office.user),
        reverse("admin:programs_organisation_invite", args=[programme.organisation_id]),
    )
    data = {"name": "Uljana", "email": "uljana@example.org", "role": "translator"}
    assert "Bitte wählen Sie die Sprache" in client.post(url, data).content.decode()
    assert client.post(url, data | {"language": "de"}).status_code == 422
    assert client.post(url, data | {"language": "uk"}).status_code == 302
    membership = accept_invitation(public_id=Invitation.objects.get().public_id)
    assert (membership.role, membership.language) == ("translator", "uk")
    assert (
        "Українська"
        in client_of(membership.user).get(reverse("admin:translations")).content.decode()
    )


def test_closures_periods_and_voices_of_public_records_are_translated_here(db):
    room = factories.make_room()
    today = timezone.localdate()
    Closure.objects.create(room=room, first_day=today, last_day=today, reason="Sommerpause")
    gone = today - datetime.timedelta(days=9)
    Closure.objects.create(room=room, first_day=gone, last_day=gone, reason="Vorbei")
    CarrierPeriod.objects.create(room=room, organisation=room.organisation, note="seit 2018")
    Voice.objects.create(
        entry=room,
        text="Alle sind freundlich.",
        said_by="Amina",
        agreed_on=today,
        agreed_how="mündlich",
    )
    found = {line.kind.slug: line.names for line in lines("uk") if line.part_of == room.title}
    assert found == {"closure": ["reason"], "carrierperiod": ["note"], "voice": ["text", "said_by"]}


def test_lists_of_the_administration_count_the_translated_texts(client, programme):
    keep(programme, "uk", {"summary": translation_of(programme, "summary", "Ви читаєте.")})
    office = factories.make_member(programme.organisation).user
    client.force_login(office)
    html = client.get(reverse("admin:programs_programme_changelist")).content.decode()
    wanted = len(programme.to_translate()) * (len(settings.LANGUAGES) - 1)
    assert f"1\N{NO-BREAK SPACE}von\N{NO-BREAK SPACE}{wanted}" in html

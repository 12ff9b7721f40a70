"""Posters: one tagged page, whatever the entry says, with a QR code that leads to it."""

import datetime
from http import HTTPStatus

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from portal.sharing.poster import poster_of, poster_path
from programs.models import Entry, Event
from programs.texts import keep, translation_of
from tests import factories
from tests.volunteers.papers.test_papers import SCRIPTS, faces_of, read, tags_of, text_of

pytestmark = pytest.mark.django_db

LONG = ("Gemeinschaftsunterkunftsbewohnerinnenbetreuung " * 8).strip()


def entry(title="Sprachcafé West", **fields):
    factories.make_clearing_office()
    made = factories.make_entry(title, districts=[factories.make_district("west")], **fields)
    return Entry.objects.get(pk=made.pk)


@pytest.mark.slow
def test_poster_says_what_when_where_who_and_leads_to_the_page(client, settings):
    settings.SITE_URL = "https://engagement.example.org"
    circle = factories.make_circle("Freundeskreis West")
    factories.make_member(circle)
    made = entry(
        summary="Deutsch sprechen und Tee trinken.",
        time_note="2 Stunden in der Woche",
        weekdays=[5],
        without_german=True,
        contact_role="Koordination Sprachcafé",
        organisation=circle,
    )
    response = client.get(poster_path(made))
    assert response["Content-Type"] == "application/pdf"
    assert not response.cookies
    text = text_of(response.content)
    for part in (
        "Einsatzmöglichkeit",
        "Sprachcafé West",
        "Deutsch sprechen und Tee trinken.",
        "Samstag",
        "2 Stunden in der Woche",
        "ohne Deutschkenntnisse möglich",
        "Freundeskreis West",
        "Koordination Sprachcafé",
    ):
        assert part in text
    address = f"engagement.example.org/e/{made.pk}"
    assert address in text.replace("\u200b", "").replace(" ", "")


def test_poster_is_tagged_and_says_language_title_and_what_its_picture_is():
    pdf = poster_of(entry())
    (page,) = read(pdf).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    root = read(pdf).trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"]
    assert read(pdf).metadata.title == "Sprachcafé West"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = tags_of(root["/StructTreeRoot"]["/K"])
    assert tags.count("/H1") == 1
    assert tags.count("/Figure") == 1, "the QR code; map and mark are decoration"
    assert b"QR-Code mit der Adresse" in pdf or "/Figure" in tags


@pytest.mark.slow
def test_room_and_event_say_where_and_when_exactly():
    factories.make_clearing_office()
    room = factories.make_room(
        place="Altes Rathaus", street="Marktplatz 1", hours_note="nicht in den Ferien"
    )
    factories.make_opening_hours(room, weekday=1, opens="17:00", closes="20:00")
    text = text_of(poster_of(Entry.objects.get(pk=room.pk)))
    for part in ("Altes Rathaus", "Marktplatz 1", "Dienstag: 17:00–20:00", "nicht in den Ferien"):
        assert part in text
    event = factories.make_event(takes_registrations=True, access_note="barrierefrei")
    text = text_of(poster_of(event))
    for part in ("18:00 bis 20:00 Uhr", "Rathaus Stuttgart", "barrierefrei", "mit Anmeldung"):
        assert part in text
    text = text_of(poster_of(factories.make_event(place="", part_of=Entry.objects.get(pk=room.pk))))
    for part in ("Willkommensraum Feuerbach", "Altes Rathaus", "Marktplatz 1", "ohne Anmeldung"):
        assert part in text


@pytest.mark.slow
def test_poster_says_whom_to_ask_and_when_the_telephone_is_answered():
    circle = factories.make_circle(
        "Freundeskreis West", phone="0711 216-0", phone_hours="Mo–Do 9–12 Uhr"
    )
    factories.make_member(circle)
    made = entry(organisation=circle, contact_role="Koordination Sprachcafé")
    for pdf in (poster_of(made), poster_of(factories.make_event(organisation=circle))):
        assert "Telefon: 0711 216-0" in text_of(pdf)
        assert "Mo–Do 9–12 Uhr" in text_of(pdf)
    text = text_of(poster_of(made))
    assert "Koordination Sprachcafé" in text
    assert "0711 216-0 (" not in text
    stranger = factories.make_organisation("Caritas", phone="0711 7050-0")
    other = factories.make_entry("Vorlesen", organisation=stranger)
    assert "0711 7050-0 (Caritas)" in text_of(poster_of(other)), (
        "the Sozialamt answers, Caritas rings"
    )


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_title_in_any_script_is_printed(script):
    text = text_of(poster_of(entry(SCRIPTS[script])))
    letters = {char for char in SCRIPTS[script] if char.isalpha()}
    assert letters <= set(text)


@pytest.mark.slow
def test_characters_without_a_font_are_left_out():
    pdf = poster_of(entry("Sprachcafé 𓀀 West \U0001f8ff", summary="Tee \U0001f8ff"))
    assert "Sprachcafé West" in text_of(pdf)
    assert faces_of(pdf)


@pytest.mark.slow
@pytest.mark.parametrize("title", [LONG[:160], "W" * 160, ("مقهى اللغة العربية " * 9)[:160]])
def test_the_longest_texts_stay_on_one_page(title):
    factories.make_clearing_office()
    event = factories.make_event(
        title,
        summary=LONG[:300],
        place=LONG[:200],
        access_note="x" * 300,
        childcare_note=LONG[:200],
        languages=["de", "ar", "fa", "uk"],
    )
    assert len(read(poster_of(event)).pages) == 1
    room = factories.make_room(
        title, summary=LONG[:300], place=LONG[:200], street=LONG[:120], hours_note=LONG[:200],
        time_note=LONG[:160], contact_role=LONG[:120], period_note=LONG[:120],
        districts=factories.make_districts().values(),
    )  # fmt: skip
    for weekday in range(7):
        for hour in (8, 12, 16):
            factories.make_opening_hours(
                room, weekday=weekday, opens=f"{hour:02}:00", closes=f"{hour + 3}:00"
            )
    assert len(read(poster_of(Entry.objects.get(pk=room.pk))).pages) == 1


@pytest.mark.parametrize(
    "state", [{"is_published": False}, {"status": "ended"}, {"status": "paused"}]
)
def test_what_cannot_be_visited_has_no_poster(client, state):
    made = entry()
    path = poster_path(made)
    Entry.objects.update(**state)
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND
    assert "Plakat" not in client.get(made.get_absolute_url()).content.decode()


def test_an_event_has_a_poster_until_it_is_over_or_cancelled(client):
    event = factories.make_event()
    path = poster_path(event)
    assert path in client.get(event.get_absolute_url()).content.decode()
    past = timezone.now() - datetime.timedelta(days=1)
    over = {"starts_at": past - datetime.timedelta(hours=2), "ends_at": past}
    for change in ({"is_cancelled": True}, {"is_cancelled": False, **over}):
        Event.objects.update(**change)
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND
        assert path not in client.get(event.get_absolute_url()).content.decode()


@pytest.mark.slow
def test_poster_is_on_the_page_of_the_entry_and_in_the_administration(client):
    circle = factories.make_circle()
    made = factories.make_entry(organisation=circle)
    event = factories.make_event(organisation=circle)
    client.force_login(factories.make_member(circle).user)
    for one, model in ((made, "opportunity"), (circle, "organisation"), (event, "event")):
        path = poster_path(one)
        assert path in client.get(one.get_absolute_url()).content.decode()
        change = reverse(f"admin:programs_{model}_change", args=[one.pk])
        assert path in client.get(change).content.decode()


def test_one_network_gets_so_many_posters_an_hour(client, settings):
    settings.RATE_LIMITS = {"poster": {"address": (2, 3600)}}
    path = poster_path(entry())
    statuses = [client.get(path).status_code for _time in range(3)]
    assert statuses == [HTTPStatus.OK, HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS]


ARABIC = {"title": "مقهى اللغة", "summary": "نتحدث الألمانية ونشرب الشاي."}
UKRAINIAN = {"title": "Мовне кафе", "summary": "Говоримо німецькою та п’ємо чай."}


def translated(language, texts, **fields):
    made = entry(summary="Deutsch sprechen und Tee trinken.", weekdays=[5], **fields)
    keep(made, language, {name: translation_of(made, name, texts[name]) for name in texts})
    return Entry.objects.get(pk=made.pk)


def words_of(pdf):
    return text_of(pdf).replace("\u200b", "").replace(" ", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "texts", "day"),
    [("ar", ARABIC, "السبت"), ("fa", ARABIC, "شنبه"), ("uk", UKRAINIAN, "субота")],
)
def test_a_second_language_stands_beside_the_first_on_one_tagged_page(
    client, settings, language, texts, day
):
    settings.SITE_URL = "https://engagement.example.org"
    made = translated(language, texts)
    response = client.get(poster_path(made), {"mit": language})
    assert f"plakat-{made.slug}-{language}.pdf" in response["Content-Disposition"]
    (page,) = read(response.content).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [297, 210]
    text = text_of(response.content)
    for part in ("Sprachcafé West", "Deutsch sprechen", "Samstag"):
        assert part in text
    letters = {char for word in (*texts.values(), day) for char in word if char.isalpha()}
    assert letters <= set(text)
    root = read(response.content).trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    tags = tags_of(root["/StructTreeRoot"]["/K"])
    assert (tags.count("/H1"), tags.count("/Figure")) == (2, 2), "a title and a QR code for each"
    words = words_of(response.content)
    assert f"engagement.example.org/e/{made.pk}" in words
    assert f"engagement.example.org/{language}/e/{made.pk}" in words


@pytest.mark.slow
def test_on_a_page_in_another_language_the_poster_speaks_it():
    made = translated("uk", UKRAINIAN)
    with override("uk"):
        pdf = poster_of(made)
        both = poster_of(made, "de")
    assert read(pdf).trailer["/Root"]["/Lang"] == "uk-DE"
    assert read(pdf).metadata.title == UKRAINIAN["title"]
    assert "Sprachcafé" not in text_of(pdf)
    assert "Sprachcafé" in text_of(both)
    assert UKRAINIAN["summary"] in text_of(both)


@pytest.mark.slow
def test_what_is_not_translated_stands_in_german_but_not_twice():
    pdf = poster_of(entry(summary="Tee trinken"), "en")
    assert text_of(pdf).count("Sprachcafé West") == 2, "a notice without a name would be none"
    assert text_of(pdf).count("Tee trinken") == 1


@pytest.mark.slow
@pytest.mark.parametrize("second", ["xx", "", "de", "\0", "ar&mit=uk", "../../etc"])
def test_a_language_that_the_portal_does_not_speak_gives_the_poster_in_one(client, second):
    made = entry()
    response = client.get(poster_path(made), {"mit": second})
    assert response.status_code == HTTPStatus.OK
    (page,) = read(response.content).pages
    assert float(page.mediabox[2]) < float(page.mediabox[3])


@pytest.mark.slow
@pytest.mark.parametrize("second", [code for code, _name in django_settings.LANGUAGES[1:]])
def test_long_texts_in_two_languages_stay_on_one_page(second):
    factories.make_clearing_office()
    event = factories.make_event(
        LONG[:160], summary=LONG[:300], place=LONG[:200], childcare_note=LONG[:200]
    )
    assert len(read(poster_of(event, second)).pages) == 1


def test_the_page_offers_every_other_language_beside_its_own(client):
    made = entry()
    for language in ("", "/ar"):
        page = client.get(language + made.get_absolute_url()).content.decode()
        offered = [code for code, _name in django_settings.LANGUAGES if f".pdf?mit={code}" in page]
        here = language.strip("/") or "de"
        assert offered == [code for code, _name in django_settings.LANGUAGES if code != here]

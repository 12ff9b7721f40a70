"""Pictures and voices: uploaded with a consent, made by a worker, shown, and gone in the moment they are removed."""

import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from programs import pictures
from programs.history import table_of
from programs.models import Entry, Picture, PictureFile, Voice
from tests import factories
from tests.clients import client_of
from tests.shown import make_picture, make_voice, photo, upload

pytestmark = pytest.mark.django_db

ADD = "admin:programs_picture_add"


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle()


@pytest.fixture
def entry(circle):
    return factories.make_entry("Kochen für alle", organisation=circle)


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


def answers(entry, data=None, **changes):
    file = SimpleUploadedFile("IMG_0001.JPG", photo() if data is None else data)
    return {
        "entry": entry.pk,
        "file": file,
        "alt": "Zwei Frauen kochen",
        "photographer": "Ida Linse",
        "people": "agreed",
        "agreed_on": timezone.localdate().isoformat(),
        "agreed_how": "schriftlich, bei der Koordination",
        **changes,
    }


def send(user, entry, data=None, **changes):
    return client_of(user).post(reverse(ADD), answers(entry, data, **changes))


def work():
    for number in Picture.objects.values_list("pk", flat=True):
        pictures.make(number, attempt=0)


def text_of(response):
    return " ".join(response.content.decode().split())


# --- Uploading ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_coordinator_uploads_and_the_worker_makes_the_sizes(katrin, entry, client, run_jobs):
    assert send(katrin, entry).status_code == 302
    picture = Picture.objects.get()
    assert (picture.entry_id, picture.recorded_by) == (entry.pk, katrin)
    assert ProcrastinateJob.objects.get(task_name=pictures.TASK).args == {"picture": picture.pk}
    assert b"<picture>" not in client.get(entry.get_absolute_url()).content
    run_jobs()
    picture.refresh_from_db()
    assert (picture.state, picture.width, picture.height) == ("ready", 1200, 800)
    files = picture.files.values_list("form", "width").order_by("width", "form")
    assert list(files) == [(f, w) for w in (480, 960, 1200) for f in ("avif", "jpg")]
    assert b"<picture>" in client.get(entry.get_absolute_url()).content


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("alt", "", "Dieses Feld ist zwingend erforderlich"),
        ("photographer", " ", "Dieses Feld ist zwingend erforderlich"),
        ("agreed_on", "", "seit wann die abgebildeten Personen einverstanden sind"),
        ("agreed_how", "", "seit wann die abgebildeten Personen einverstanden sind"),
        ("agreed_on", "2999-01-01", "Dieser Tag liegt in der Zukunft"),
        ("file", "", "Dieses Feld ist zwingend erforderlich"),
        ("file", SimpleUploadedFile("a.jpg", b""), "ist leer"),
        ("file", SimpleUploadedFile("a.jpg", b"<svg/>"), "kein Foto, das wir lesen können"),
        ("file", SimpleUploadedFile("a.jpg", b"x" * (10 * 1024 * 1024 + 1)), "größer als 10 MB"),
    ],
)
def test_what_is_missing_or_wrong_gets_a_sentence_and_keeps_what_was_typed(
    name, value, sentence, katrin, entry
):
    response = send(katrin, entry, **{name: value})
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert "Zwei Frauen kochen" in text_of(response) or name == "alt"
    assert not Picture.objects.exists()


def test_nobody_to_be_recognised_needs_no_consent(katrin, entry):
    assert send(katrin, entry, people="nobody", agreed_on="", agreed_how="").status_code == 302
    assert Picture.objects.get().agreed_on is None


def test_damaged_picture_is_never_shown_and_its_page_says_what_to_do(katrin, entry, client):
    send(katrin, entry, data=photo()[:3000])
    work()
    picture = Picture.objects.get()
    assert picture.state == "failed"
    assert not picture.files.exists()
    page = client_of(katrin).get(reverse("admin:programs_picture_change", args=[picture.pk]))
    assert "Diese Datei ist beschädigt" in text_of(page)
    assert b"<picture>" not in client.get(entry.get_absolute_url()).content


def test_worker_that_is_killed_again_and_again_gives_up(entry):
    picture = upload(entry=Entry.objects.get(pk=entry.pk))
    pictures.make(picture.pk, attempt=pictures.TRIES)
    picture.refresh_from_db()
    assert picture.state == "failed"
    assert not picture.files.exists()


@pytest.mark.parametrize("url", [ADD, "admin:programs_voice_add"])
def test_nobody_adds_to_an_entry_of_others(url, katrin):
    others = factories.make_entry("Anderswo")
    response = client_of(katrin).post(reverse(url), answers(others, text="Hallo", said_by="Amina"))
    assert response.status_code == 200
    assert "Bitte eine gültige Auswahl treffen" in text_of(response)
    assert not Picture.objects.exists()
    assert not Voice.objects.exists()


@pytest.mark.slow
def test_deputy_of_one_and_reporting_of_another_adds_only_to_the_first(katrin, entry):
    others = factories.make_entry("Anderswo")
    factories.make_member(others.organisation, katrin, role="reporting")
    assert send(katrin, others).status_code == 200
    assert send(katrin, entry).status_code == 302


@pytest.mark.slow
def test_entry_has_three_pictures_and_voices_at_most(katrin, entry, circle):
    for _ in range(3):
        make_picture(entry)
        make_voice(entry)
    assert "hat schon 3 Bilder" in text_of(send(katrin, entry))
    said = answers(entry, text="Hallo", said_by="Amina")
    voice = client_of(katrin).post(reverse("admin:programs_voice_add"), said)
    assert "hat schon 3 Stimmen" in text_of(voice)
    assert send(katrin, circle).status_code == 302


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_both_add_the_last_picture(katrin, entry):
    make_picture(entry)
    make_picture(entry)
    statuses = []

    def add():
        statuses.append(send(katrin, entry).status_code)
        connections.close_all()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 200, 200, 302]
    assert Picture.objects.count() == 3


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"agreed_on": None}, "picture_consent_is_recorded"),
        ({"agreed_how": ""}, "picture_consent_is_recorded"),
        ({"entry": None}, "picture_of_one_thing"),
    ],
)
def test_database_keeps_no_picture_without_consent_or_place(fields, name, entry):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        upload(**({"entry": Entry.objects.get(pk=entry.pk)} | fields))


# --- The page ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_page_offers_sizes_formats_and_words_and_moves_nothing(entry, client):
    first, second = make_picture(entry), make_picture(entry, data=photo((640, 900)))
    page = text_of(client.get(entry.get_absolute_url()))
    for picture in (first, second):
        for form in ("avif", "jpg"):
            for width in picture.widths:
                assert f"/bilder/{picture.key}/{width}.{form} {width}w" in page
        assert f'width="{picture.width}" height="{picture.height}"' in page
    assert page.count('alt="Zwei Frauen kochen"') == page.count("Foto: Ida Linse") == 2
    assert page.count('loading="lazy"') == 1, "the first one is above the fold"
    assert page.count('class="tall"') == 1


def test_page_without_pictures_and_voices_is_as_it_was(entry, client):
    page = text_of(client.get(entry.get_absolute_url()))
    for trace in ("pictures", "voice", "<picture", "<figure", "figcaption"):
        assert trace not in page


def test_voice_is_text_and_never_markup(entry, client):
    make_voice(entry, text="<b>Hallo</b> مرحبا", said_by="<i>A</i>")
    page = text_of(client.get(entry.get_absolute_url()))
    assert "„&lt;b&gt;Hallo&lt;/b&gt; مرحبا“" in page
    assert "&lt;i&gt;A&lt;/i&gt;" in page


def test_voice_is_400_characters_long_at_most(katrin, entry):
    url = reverse("admin:programs_voice_add")
    said = answers(entry, text="ä" * 401, said_by="Amina")
    assert "höchstens 400 Zeichen" in text_of(client_of(katrin).post(url, said))
    assert client_of(katrin).post(url, said | {"text": "ä" * 400}).status_code == 302
    assert Voice.objects.get().recorded_by == katrin


@pytest.mark.slow
def test_page_costs_the_same_with_one_and_with_three(entry, client):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(entry.get_absolute_url()).status_code == 200
        return len(found)

    make_picture(entry)
    make_voice(entry)
    with_one = queries()
    for _ in range(2):
        make_picture(entry)
        make_voice(entry)
    assert queries() == with_one


# --- The address of a picture -------------------------------------------------------------------


def test_picture_is_kept_by_browsers_and_sets_no_cookie(entry, client):
    picture = make_picture(entry)
    for form, kind in (("avif", "image/avif"), ("jpg", "image/jpeg")):
        response = client.get(picture.address(480, form))
        assert response.status_code == 200
        assert response["Content-Type"] == kind
        assert response["X-Content-Type-Options"] == "nosniff"
        kept = set(response["Cache-Control"].split(", "))
        assert kept == {"public", "max-age=86400", "immutable"}
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert response.content == bytes(picture.files.get(form=form, width=480).data)
    assert client.post(picture.address(480, "jpg")).status_code == 405


@pytest.mark.parametrize(
    "tail", ["481.jpg", "0.uploaded", "0.jpg", "480.png", "480.svg", "99999999999999999999.jpg"]
)
def test_other_sizes_and_formats_are_not_there(tail, entry, client):
    picture = upload(entry=Entry.objects.get(pk=entry.pk))
    assert client.get(f"/bilder/{picture.key}/{tail}").status_code == 404
    pictures.make(picture.pk, attempt=0)
    assert client.get(f"/bilder/{picture.key}/{tail}").status_code == 404
    assert client.get(f"/bilder/{picture.key}/480.jpg").status_code == 200


def test_picture_of_an_unpublished_entry_is_not_public(entry, client, katrin):
    picture = make_picture(entry)
    Entry.objects.update(is_published=False)
    assert client.get(picture.address(480, "jpg")).status_code == 404
    page = client_of(katrin).get(reverse("admin:programs_picture_change", args=[picture.pk]))
    assert 'src="data:image/jpeg;base64,' in text_of(page)


# --- Removing -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_removed_picture_is_gone_from_page_address_and_database_at_once(katrin, entry, client):
    picture = make_picture(entry)
    address = picture.address(480, "avif")
    assert client.get(entry.get_absolute_url()).content.count(b"<picture>") == 1
    editing = client_of(katrin)
    change = reverse("admin:programs_picture_change", args=[picture.pk])
    assert "Sofort entfernen" in text_of(editing.get(change))
    delete = reverse("admin:programs_picture_delete", args=[picture.pk])
    assert editing.post(delete, {"post": "yes"}).status_code == 302
    assert client.get(address).status_code == 410
    assert b"<picture>" not in client.get(entry.get_absolute_url()).content
    assert not PictureFile.objects.exists()


@pytest.mark.slow
def test_history_says_who_removed_it_and_nothing_that_was_to_be_seen(katrin, entry):
    send(katrin, entry)
    work()
    picture = Picture.objects.get()
    client_of(katrin).post(
        reverse("admin:programs_picture_delete", args=[picture.pk]), {"post": "yes"}
    )
    rows = table_of(Picture).objects.filter(pgh_obj_id=picture.pk)
    last = rows.latest("pgh_id")
    assert (last.pgh_label, last.pgh_context) == ("delete", {"user": katrin.pk})
    columns = {f.name for f in rows.model._meta.fields if not f.name.startswith("pgh_")}
    assert columns == {"id", "key", "entry", "story", "state", "people"}
    page = client_of(katrin).get(reverse("admin:programs_opportunity_history", args=[entry.pk]))
    assert "Bild" in text_of(page)
    logged = LogEntry.objects.values_list("object_repr", flat=True)
    assert not any("kochen" in one or "Linse" in one for one in logged)


def test_picture_removed_while_it_is_made_does_not_come_back(entry):
    picture = upload(entry=Entry.objects.get(pk=entry.pk))
    sizes = list(pictures.sizes_of(photo()))
    Picture.objects.all().delete()
    pictures._finish(picture.pk, sizes)
    assert not PictureFile.objects.exists()


def test_deleted_entry_takes_its_pictures_and_voices_along(entry, client):
    picture = make_picture(entry)
    make_voice(entry)
    entry.delete()
    assert not Voice.objects.exists()
    assert client.get(picture.address(480, "jpg")).status_code == 410


@pytest.mark.slow
def test_others_do_not_remove(entry):
    picture = make_picture(entry)
    stranger = factories.make_member(factories.make_circle("Freundeskreis West")).user
    for view in ("change", "delete", "history"):
        url = reverse(f"admin:programs_picture_{view}", args=[picture.pk])
        assert client_of(stranger).get(url).status_code == 404
    assert Client().get(reverse(ADD)).status_code == 302

"""The picture that other sites show of a page: always what the page says, never a broken link."""

import datetime
import io
import re
from http import HTTPStatus

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal import tasks
from portal.sharing import drawing, keeping
from portal.sharing.models import SharePicture
from portal.sharing.shown import Shown, shown_by
from programs.models import District, Entry, Event
from tests import factories
from tests.portal.test_public_pages import addresses, small_city
from tests.volunteers.applications.test_races import at_once
from tests.volunteers.papers.test_papers import SCRIPTS

pytestmark = pytest.mark.slow
META = re.compile(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">')
FIELD_LENGTH = 160
SUN = (247, 194, 47)


def meta(client: Client, path: str) -> dict[str, str]:
    response = client.get(path)
    assert response.status_code == HTTPStatus.OK, path
    return dict(META.findall(response.content.decode()))


def picture_path(client: Client, path: str) -> str:
    return meta(client, path)["og:image"].removeprefix(django_settings.SITE_URL)


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def sunny(png: bytes) -> int:
    """How many pixels are as yellow as a district that stands out."""
    colours = opened(png).convert("RGB").getcolors(1200 * 630) or []
    return sum(
        n for n, rgb in colours if max(abs(a - b) for a, b in zip(rgb, SUN, strict=True)) < 12
    )


@pytest.fixture
def entry(db) -> Entry:
    factories.make_clearing_office()
    return factories.make_entry("Sprachcafé West", districts=[factories.make_district("west")])


# --- What pages say -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db
def test_every_public_page_names_a_picture_that_is_there():
    small_city()
    keeping.keep()
    client, seen = Client(), set()
    pages = [path for path in addresses() if path.endswith("/")]
    for path in pages:
        found = meta(client, path)
        assert found["og:url"] == django_settings.SITE_URL + path
        assert found["og:title"]
        assert found["og:image:alt"]
        assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
        assert found["twitter:card"] == "summary_large_image"
        assert found["og:image"].startswith(django_settings.SITE_URL)
        seen.add(found["og:image"])
    assert len(pages) > 15
    own = {url for url in seen if "/bild/" in url}
    assert len(own) == Entry.objects.count() + Event.objects.count()
    assert seen - own == {f"{django_settings.SITE_URL}/static/teilen.png"}
    for url in own:
        assert client.get(url.removeprefix(django_settings.SITE_URL)).status_code == HTTPStatus.OK


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["volunteers:sign_up", "volunteers:companion"])
def test_forms_that_people_pass_on_show_the_picture_of_the_portal(client, name):
    factories.make_clearing_office()
    assert picture_path(client, reverse(name)) == "/static/teilen.png"


@pytest.mark.slow
def test_until_the_job_has_run_the_picture_of_the_portal_is_named(client, entry):
    page = entry.get_absolute_url()
    assert picture_path(client, page) == "/static/teilen.png"
    tasks.draw_pictures(timestamp=1)
    assert picture_path(client, page).startswith("/bild/eintrag/")


@pytest.mark.slow
def test_a_change_of_the_entry_is_another_picture_at_another_address(client, entry):
    page = entry.get_absolute_url()
    keeping.keep()
    before = picture_path(client, page)
    Entry.objects.filter(pk=entry.pk).update(title="Sprachcafé Nord")  # as an import would
    assert picture_path(client, page) == "/static/teilen.png"
    assert client.get(before).url.endswith("/static/teilen.png")
    assert keeping.keep() > 0
    after = picture_path(client, page)
    assert after != before
    assert client.get(before).url == django_settings.SITE_URL + after
    assert opened(client.get(after).content).size == (1200, 630)


@pytest.mark.slow
def test_only_what_the_picture_shows_makes_a_new_one(entry):
    assert keeping.keep() > 0
    Entry.objects.filter(pk=entry.pk).update(summary="Neu", website="https://example.org")
    assert keeping.keep() == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.districts.add(factories.make_district("mitte")),
        lambda entry: entry.districts.clear(),
        lambda entry: District.objects.update(short_name="Wilder Westen"),
    ],
    ids=["another district", "whole city", "name of the district"],
)
def test_a_change_of_districts_is_another_picture(entry, change):
    keeping.keep()
    before = set(SharePicture.objects.values_list("pk", flat=True))
    change(entry)
    assert keeping.keep() == 1
    assert len(before - set(SharePicture.objects.values_list("pk", flat=True))) == 1


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "field",
    [{"title": "Neu"}, {"is_cancelled": True}, {"place": "Treffpunkt"}, {"district": "west"}],
)
def test_a_change_of_the_event_is_another_picture(client, field):
    event = factories.make_event()
    keeping.keep()
    before = picture_path(client, event.get_absolute_url())
    if "district" in field:
        field = {"district": factories.make_district("west")}
    Event.objects.filter(pk=event.pk).update(**field)
    assert keeping.keep() == 1
    assert picture_path(client, event.get_absolute_url()) not in (before, "/static/teilen.png")


@pytest.mark.slow
@pytest.mark.django_db
def test_an_event_that_is_over_shows_the_picture_of_the_portal_and_its_own_is_deleted(client):
    event = factories.make_event()
    keeping.keep()
    page, pictures = event.get_absolute_url(), SharePicture.objects.count()
    path = picture_path(client, page)
    over = timezone.now() - datetime.timedelta(hours=1)
    Event.objects.update(starts_at=over - datetime.timedelta(hours=2), ends_at=over)
    keeping.keep()
    assert SharePicture.objects.count() == pictures - 1
    assert picture_path(client, page) == "/static/teilen.png"
    assert client.get(path).url.endswith("/static/teilen.png")


# --- Pictures that are kept -----------------------------------------------------------------------


@pytest.mark.slow
def test_a_picture_is_kept_by_browsers_for_a_year_and_sets_no_cookie(client, entry):
    keeping.keep()
    response = client.get(picture_path(client, entry.get_absolute_url()))
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


@pytest.mark.slow
@pytest.mark.parametrize(
    "end", [lambda e: Entry.objects.update(is_published=False), lambda e: e.delete()]
)
def test_what_is_not_public_has_no_picture_at_once_and_its_bytes_go_with_the_next_run(
    client, entry, end
):
    keeping.keep()
    path = picture_path(client, entry.get_absolute_url())
    digest = path.split("/")[-1].removesuffix(".png")
    end(entry)
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND
    keeping.keep()
    assert not SharePicture.objects.filter(pk=digest).exists()


@pytest.mark.slow
def test_the_address_of_another_entry_shows_no_foreign_picture(client, entry):
    hidden = factories.make_entry("Geheim", is_published=False)
    keeping.keep()
    digest = picture_path(client, entry.get_absolute_url()).split("/")[-1].removesuffix(".png")
    path = reverse("portal:entry_picture", args=[hidden.slug, digest])
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_run_asks_the_database_as_often_for_thirty_entries_as_for_one():
    factories.make_clearing_office()
    entry = factories.make_entry("Sprachcafé West", districts=[factories.make_district("west")])
    keeping.keep()
    with CaptureQueriesContext(connection) as few:
        assert keeping.keep() == 0
    for number in range(29):
        factories.make_entry(f"Sprachcafé {number}", organisation=entry.organisation)
    keeping.keep()
    with CaptureQueriesContext(connection) as many:
        assert keeping.keep() == 0
    assert len(few) == len(many)


@pytest.mark.slow
def test_a_run_draws_so_many_and_the_next_one_goes_on(entry, monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    wanted = Entry.objects.published().count()
    assert wanted > 1
    assert [keeping.keep() for _run in range(wanted + 1)] == [1] * wanted + [0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_store_each_picture_once():
    factories.make_clearing_office()
    factories.make_entry("Sprachcafé West")
    assert max(at_once(keeping.keep, keeping.keep)) > 0
    assert SharePicture.objects.count() == Entry.objects.published().count()


# --- The drawing ----------------------------------------------------------------------------------

WEST = Shown("Einsatzmöglichkeit", "Sprachcafé West", "West", ("05",))


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_title_in_any_script_is_drawn(script):
    png = drawing.draw(WEST._replace(title=SCRIPTS[script]))
    assert png != drawing.draw(WEST._replace(title=""))
    assert opened(png).size == (1200, 630)


@pytest.mark.slow
@pytest.mark.parametrize(
    "title",
    [
        "W" * FIELD_LENGTH,
        ("Gemeinschaftsunterkunftsbewohnerinnenbetreuung " * 4)[:FIELD_LENGTH],
        ("مقهى اللغة العربية " * 9)[:FIELD_LENGTH],
        "😀" * FIELD_LENGTH,
        "王" * FIELD_LENGTH,
    ],
    ids=["one word", "long words", "Arabic", "emoji", "Chinese"],
)
def test_the_longest_title_stays_beside_the_city_and_the_file_small(title):
    where = "Bad Cannstatt, Obertürkheim, Untertürkheim"
    shown = Shown(
        "Gemeinschaftsgespräch: abgesagt",
        title,
        where,
        (),
        "Mittwoch, 30. September 2026, 18:00 Uhr",
    )
    png = drawing.draw(shown)
    assert len(png) < drawing.LARGEST
    city = (670, 0, 1200, 630)
    bare = opened(drawing.draw(shown._replace(title=""))).convert("RGB").crop(city)
    drawn = opened(png).convert("RGB").crop(city)
    pairs = zip(bare.tobytes(), drawn.tobytes(), strict=True)
    assert max(abs(one - other) for one, other in pairs) < 24, "only shades differ"


@pytest.mark.slow
def test_characters_without_a_font_are_left_out():
    assert drawing.draw(WEST._replace(title="Sprachcafé 𓀀 West")) == drawing.draw(WEST)
    many = "".join(chr(0x13000 + number) for number in range(FIELD_LENGTH - 5))
    assert drawing.draw(WEST._replace(title=f"Hallo{many}")) == drawing.draw(
        WEST._replace(title="Hallo")
    )


@pytest.mark.slow
def test_districts_stand_out():
    none, one, all_of_them = (
        sunny(drawing.draw(WEST._replace(districts=numbers)))
        for numbers in ((), ("05",), tuple(f"{n:02}" for n in range(1, 24)))
    )
    assert none < one < all_of_them / 5


@pytest.mark.django_db
def test_many_districts_are_counted_and_a_circle_says_its_area():
    factories.make_districts()
    entry = factories.make_entry("Überall ein wenig", districts=District.objects.all()[:5])
    assert shown_by(Entry.objects.get(pk=entry.pk)).where == "in 5 Stadtbezirken"
    circle = factories.make_circle(area="Hallschlag")
    shown = shown_by(circle)
    assert (shown.where, shown.districts) == ("Hallschlag", ())


def test_the_picture_of_the_portal_is_as_the_code_draws_it():
    """``make picture`` draws it again."""
    kept = (django_settings.BASE_DIR / "static" / drawing.DEFAULT).read_bytes()
    assert len(kept) < drawing.LARGEST
    assert kept == drawing.draw_default()

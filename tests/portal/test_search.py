"""German search, and the columns that the database keeps for it."""

from collections.abc import Collection
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from portal.catalogue.values import MAX_QUERY, MAX_SHOWN
from portal.search.kept import Search
from programs.models import Entry, Opportunity
from tests.factories import (
    make_clearing_office,
    make_district,
    make_entry,
    make_field,
    make_organisation,
    make_programme,
    make_target_group,
)

pytestmark = pytest.mark.django_db


def titles(text: str, literally: Collection[str] = ()) -> list[str]:
    """The titles of what is found, best first."""
    names = dict(Entry.objects.values_list("pk", "title"))
    return [names[hit.key] for hit in Search(text, literally).hits]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Behördengang", "Begleitung zu Behördengängen"),
        ("behördengänge", "Begleitung zu Behördengängen"),
        ("Fahrrad werkstatt", "Fahrradwerkstatt im Hof"),
        ("fahrradwerkstatt", "Fahrradwerkstatt im Hof"),
        ("Werkstatt", "Fahrradwerkstatt im Hof"),
        ("Hilfe für Fahrrad", "Fahrradwerkstatt im Hof"),
        ("Paten", "WillkommensPaten"),
    ],
)
def test_words_are_found_in_any_german_form(typed: str, title: str) -> None:
    make_entry("Begleitung zu Behördengängen")
    make_entry("Fahrradwerkstatt im Hof", summary="Hilfe beim Flicken")
    make_programme("WillkommensPaten")
    make_entry("Chor im Stadtteil")
    assert titles(typed) == [title]


def test_umlauts_and_their_spellings_find_the_same() -> None:
    entry = make_entry("Begleitung zur Behörde")
    make_entry("Chor im Stadtteil")
    for typed in ("Behörde", "behoerde", "behorde", "BEHÖRDE"):
        assert titles(typed) == [entry.title], typed


def test_typing_error_finds_the_similar_name() -> None:
    make_programme("WillkommensPaten")
    make_entry("Chor im Stadtteil")
    assert titles("Wilkommenspaten") == ["WillkommensPaten"]


def test_name_ranks_above_description() -> None:
    make_entry("Lesen mit Kindern", description="Manchmal auch in der Fahrradwerkstatt.")
    make_entry("Fahrradwerkstatt")
    assert titles("Fahrradwerkstatt")[0] == "Fahrradwerkstatt"


@pytest.mark.parametrize(
    "typed", ["'", '"', "a'b\"(", "&|!():*", "%", "_", "\\", "<script>", "or", "-", "٣", "🙂"]
)
def test_signs_of_query_languages_do_no_harm(typed: str) -> None:
    make_entry("Chor im Stadtteil")
    assert titles(typed) in ([], ["Chor im Stadtteil"])


def test_owner_fields_groups_and_districts_are_searched() -> None:
    make_entry(
        "Mitsingen",
        organisation=make_organisation("Kulturinsel Stuttgart"),
        fields=[make_field("Begegnung")],
        target_groups=[make_target_group("Jugendliche")],
        districts=[make_district("obertuerkheim")],
    )
    for typed in ("Kulturinsel", "Begegnung", "Jugendliche", "Obertürkheim", "obertuerkheim"):
        assert titles(typed) == ["Mitsingen"], typed


def test_bulk_update_keeps_search_and_facets_right() -> None:
    make_entry("Chor im Stadtteil")
    Opportunity.objects.update(title="Gartengruppe", weekdays=[5], without_german=True)
    assert titles("Chor") == []
    assert titles("Gartengruppe") == ["Gartengruppe"]
    assert set(Entry.objects.get(title="Gartengruppe").facets) == {
        "kind:opportunity",
        "district:all",
        "day:5",
        "without-german",
    }


def test_bulk_update_of_objects_keeps_search_right() -> None:
    entry = make_entry("Chor im Stadtteil")
    entry.summary = "Näherei"
    Entry.objects.bulk_update([entry], ["summary"])
    assert titles("naeherei") == ["Chor im Stadtteil"]


def test_changed_lists_change_facets_and_search() -> None:
    field, district = make_field("Sport"), make_district("feuerbach")
    entry = make_entry("Mitsingen")
    entry.fields.add(field)
    entry.districts.set([district])
    assert {"field:sport", "district:10"} <= set(Entry.objects.get(pk=entry.pk).facets)
    assert titles("Sport") == titles("Feuerbach") == ["Mitsingen"]
    entry.fields.clear()
    entry.districts.remove(district)
    assert Entry.objects.get(pk=entry.pk).facets == ["kind:opportunity", "district:all"]
    assert titles("Sport") == []
    assert titles("Feuerbach") == ["Mitsingen"], "open to the whole city, so to Feuerbach, too"


def test_what_the_field_keeps_fits_into_the_line_of_a_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server answers a longer line in English, without a page. An emoji takes twelve characters of it."""
    monkeypatch.setenv("PORTAL_PROCESS", "web")  # else it would set this itself, for all tests
    from portal import gunicorn

    assert len(quote("😀" * MAX_SHOWN)) < gunicorn.limit_request_line - 1000


CUT = "Das ist zu lang für die Suche"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "is_cut"),
    [
        ("Chor", False),
        ("Chor " + "x" * (MAX_QUERY - 5), False),
        ("Chor " + "x" * MAX_QUERY, True),
        (" ".join(f"wort{n}" for n in range(13)), True),
        ("a " * 25, True),
        ("Chor " + "<b>" * 60, True),
    ],
)
def test_nothing_typed_is_cut_without_a_word(client: Client, typed: str, is_cut: bool) -> None:
    """The field takes what is pasted and keeps it; the page says when only a part is looked for."""
    make_clearing_office()
    make_entry("Chor")
    page = client.get(reverse("portal:catalogue"), {"q": typed})
    assert (CUT in page.text) == is_cut
    assert f'value="{escape(" ".join(typed.split()))}"' in page.text
    assert ('aria-describedby="q-cut"' in page.text) == is_cut
    assert len(page.context["found"].chips[0].label) <= 42, "a chip is short"


def test_no_field_of_a_public_page_cuts_in_the_browser() -> None:
    files = [
        file
        for file in (settings.BASE_DIR / "templates").rglob("*.html")
        if "admin" not in file.parts
    ]
    assert files
    assert [file.name for file in files if "maxlength=" in file.read_text()] == []


def test_deleted_field_leaves_facets() -> None:
    field = make_field("Sport")
    entry = make_entry("Mitsingen", fields=[field])
    field.delete()
    assert Entry.objects.get(pk=entry.pk).facets == ["kind:opportunity", "district:all"]


@pytest.mark.slow
def test_renamed_words_and_organisations_are_found_by_their_new_name() -> None:
    field = make_field("Behördenbegleitung")
    group = make_target_group("Senioren")
    district = make_district("feuerbach")
    owner = make_organisation("Verein Alt")
    make_entry(
        "Mitsingen", organisation=owner, fields=[field], target_groups=[group], districts=[district]
    )
    for record, column, name in (
        (field, "name", "Amtsgänge"),
        (group, "name", "Ältere"),
        (district, "name", "Neubezirk"),
        (owner, "title", "Nachbarschaftsverein"),
    ):
        setattr(record, column, name)
        record.save()
        assert titles(name) == ["Mitsingen"] or titles(name)[0] == "Mitsingen", name
    assert titles("Behördenbegleitung") == titles("Senioren") == []


def test_renamed_slug_changes_the_token() -> None:
    field = make_field("Sport")
    entry = make_entry("Mitsingen", fields=[field])
    field.slug = "bewegung"
    field.save()
    assert "field:bewegung" in Entry.objects.get(pk=entry.pk).facets

"""Everything in ``WANTED`` is asked, stored, revised, shown, listed and deleted with the request."""

import json

import pytest
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.test import Client
from django.urls import reverse

from programs.history import PERSON_CHANGED, table_of
from tests import everything, factories
from tests.answers import EMAIL, FIRST, MARK, SECOND, answer, in_words, kept, posted
from tests.people import person_at
from volunteers.admin.requests import CompanionRequestAdmin
from volunteers.forms.companions import key_of
from volunteers.links import tandems as tandem_links
from volunteers.lists.tandems import RequestResource
from volunteers.models import CompanionRequest
from volunteers.models.companions import WANTED
from volunteers.privacy import packing
from volunteers.privacy.erasing import erase_person
from volunteers.privacy.of_companions import REQUESTS
from volunteers.privacy.traces import TEXTS

pytestmark = pytest.mark.django_db

COLUMNS = {name: CompanionRequest._meta.get_field(name) for name in WANTED}
STAYS_HERE = {"note"}
"""Fields that are in no list."""


@pytest.fixture
def programme():
    factories.make_clearing_office()
    for slug in ("west", "feuerbach"):
        factories.make_district(slug)
    for name in ("Begleitung", "Sprache"):
        factories.make_field(name)
    return factories.make_programme(makes_tandems=True)


@pytest.fixture
def samira(programme):
    """A request that was sent with the form and confirmed."""
    data = data_of(WANTED, FIRST) | {"consent": "on"}
    assert Client().post(reverse("volunteers:companion"), data).status_code == 302
    request = CompanionRequest.objects.get()
    confirm = "/" + tandem_links.confirm_url(request).split("/", 3)[3]
    assert Client().post(confirm).status_code == 302
    return CompanionRequest.objects.get()


def data_of(names, which):
    return posted({key_of(name): COLUMNS[name] for name in names}, which)


def check(request, names, which):
    for name in names:
        assert kept(request, COLUMNS[name]) == answer(COLUMNS[name], which), name


def test_everything_is_asked_kept_and_shown(samira):
    assert len(WANTED) > 10
    pages = [Client().post(reverse("volunteers:companion"), {"go": n}).text for n in "123"]
    typed = data_of(WANTED, FIRST) | {"go": "4"}
    form = "".join([*pages, Client().post(reverse("volunteers:companion"), typed).text])
    page = Client().get(tandem_links.status_path(samira)).content.decode()
    check(samira, WANTED, FIRST)
    for name in WANTED:
        assert f'name="{key_of(name)}"' in form, name
        assert in_words(COLUMNS[name], FIRST) in page, name


def test_everything_but_the_address_is_revised(samira):
    path = reverse("volunteers:companion_revise", args=[tandem_links.status_token(samira)])
    again = [name for name in WANTED if name != "email"]
    form = Client().get(path).content.decode()
    assert [name for name in WANTED if f'name="{key_of(name)}"' in form] == again
    assert Client().post(path, data_of(again, SECOND)).status_code == 302
    check(CompanionRequest.objects.get(), again, SECOND)


def test_changes_are_in_the_history_without_the_answer(samira):
    history = table_of(CompanionRequest)
    columns = [name for name in WANTED if name not in {"email", "fields"}]
    for name in columns:
        before = history.objects.filter(pgh_label=PERSON_CHANGED).count()
        CompanionRequest.objects.update(**{name: answer(COLUMNS[name], SECOND)})
        after = history.objects.filter(pgh_label=PERSON_CHANGED).count()
        assert after == before + 1, name
    assert not {*WANTED} & {field.name for field in history._meta.get_fields()}


def test_everything_is_in_the_register_the_download_and_the_administration(samira, rf, admin_user):
    assert {*WANTED} <= {*REQUESTS.fields["volunteers.CompanionRequest"]}
    data = json.loads("".join(packing.json_pieces(person_at(EMAIL))))
    page = "".join(packing.html_pieces(person_at(EMAIL)))
    [row] = [
        row
        for activity in data["activities"]
        for row in activity["records"].get("volunteers.CompanionRequest", [])
    ]
    request = rf.get("/")
    request.user = admin_user
    model_admin = CompanionRequestAdmin(CompanionRequest, None)
    enters = flatten_fieldsets(model_admin.get_fieldsets(request))
    changes = flatten_fieldsets(model_admin.get_fieldsets(request, samira))
    for name in WANTED:
        assert name in row, name
        assert in_words(COLUMNS[name], FIRST) in page, name
        assert name in enters, name
        assert {"email": "mail_link"}.get(name, name) in changes, name


def test_list_carries_the_answers_that_may_leave(samira, admin_user):
    headings, line = RequestResource(admin_user).rows(CompanionRequest.objects.all())
    for name in WANTED:
        assert (in_words(COLUMNS[name], FIRST) in line) == (name not in STAYS_HERE), name
    assert len(headings) == len(line)


def test_every_answer_goes_with_the_person(samira):
    links = CompanionRequest.fields.through.objects
    assert links.exists()
    erase_person(person=person_at(EMAIL))
    assert not CompanionRequest.objects.exists()
    assert not links.exists()
    texts = [text for table in everything.tables() for text in everything.texts_of(table)]
    assert texts
    assert not any(MARK in text or EMAIL in text for text in texts)


def test_what_somebody_types_freely_is_searched_for_the_names_of_others():
    typed = {name for name in WANTED if isinstance(COLUMNS[name], models.TextField)}
    assert typed == {"note"} == {*TEXTS[CompanionRequest]}

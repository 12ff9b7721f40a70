"""Everything in ``WANTED`` is asked, stored, revised, shown, listed and deleted with the request."""

import json
from copy import copy

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
from volunteers.forms import asked_for
from volunteers.forms.companions import key_of
from volunteers.links import tandems as tandem_links
from volunteers.lists.tandems import RequestResource
from volunteers.models import CompanionRequest
from volunteers.models.companions import WANTED
from volunteers.models.families import For
from volunteers.privacy import packing
from volunteers.privacy.erasing import erase_person
from volunteers.privacy.of_companions import REQUESTS
from volunteers.privacy.traces import TEXTS

pytestmark = pytest.mark.django_db

STAYS_HERE = {"note"}
"""Fields that are in no list."""
NOT_ASKED = {For.SELF: {"child_name", "child_age"}, For.CHILD: {"age_group", "people"}}
"""Who asks for a child answers the question of age with the child's."""


@pytest.fixture
def programme():
    factories.make_clearing_office()
    for slug in ("west", "feuerbach"):
        factories.make_district(slug)
    for name in ("Begleitung", "Sprache"):
        factories.make_field(name)
    return factories.make_programme(makes_tandems=True)


@pytest.fixture(params=[For.SELF, For.CHILD])
def columns(request):
    """The model fields of what is asked for oneself, or for one's child, with the choices that are offered."""
    whom = request.param
    names = [name for name in WANTED if name not in NOT_ASKED[whom]]
    found = {name: copy(CompanionRequest._meta.get_field(name)) for name in names}
    found["asked_for"].choices = [(whom.value, whom.label)] * 2
    if whom == For.SELF:
        found["age_group"].choices = asked_for.GROWN_UP
    return found


@pytest.fixture
def samira(programme, columns):
    """A request that was sent with the form and confirmed; for a child, the guardian agreed."""
    data = data_of(columns, FIRST) | {"consent": "on"}
    assert Client().post(reverse("volunteers:companion"), data).status_code == 302
    request = CompanionRequest.objects.get()
    confirm = "/" + tandem_links.confirm_url(request).split("/", 3)[3]
    agreed = {"agreed_name": f"{MARK} Mutter", "agrees": "on"} if request.is_for_child else {}
    assert Client().post(confirm, agreed).status_code == 302
    return CompanionRequest.objects.get()


def asked_as(name):
    """The form's name of a model field."""
    return "age_group" if name == "child_age" else key_of(name)


def data_of(columns, which):
    return posted({asked_as(name): column for name, column in columns.items()}, which)


def check(request, columns, which):
    for name, column in columns.items():
        assert kept(request, column) == answer(column, which), name


def test_everything_is_asked_in_one_form_or_the_other():
    assert len(WANTED) > 10
    assert not set.intersection(*NOT_ASKED.values())


def test_everything_is_asked_kept_and_shown(samira, columns):
    typed = data_of(columns, FIRST)
    url, whom = reverse("volunteers:companion"), {"asked_for": typed["asked_for"]}
    pages = [Client().post(url, whom | {"go": n}).text for n in "123"]
    form = "".join([*pages, Client().post(url, typed | {"go": "4"}).text])
    page = Client().get(tandem_links.status_path(samira)).content.decode()
    check(samira, columns, FIRST)
    for name, column in columns.items():
        assert f'name="{asked_as(name)}"' in form, name
        assert name == "asked_for" or in_words(column, FIRST) in page, name


def test_what_may_change_is_revised(samira, columns):
    """Not the address, which the link proves, for whom it is, and the age of a child."""
    path = reverse("volunteers:companion_revise", args=[tandem_links.status_token(samira)])
    stays = {"email", "asked_for", "child_age"}
    again = {name: column for name, column in columns.items() if name not in stays}
    form = Client().get(path).content.decode()
    assert [name for name in columns if f'name="{asked_as(name)}"' in form] == [*again]
    assert Client().post(path, data_of(again, SECOND)).status_code == 302
    check(CompanionRequest.objects.get(), again, SECOND)


def test_changes_are_in_the_history_without_the_answer(samira, columns):
    history = table_of(CompanionRequest)
    changed = {
        name: answer(column, SECOND)
        for name, column in columns.items()
        if name not in {"email", "fields"}
    } | {"asked_for": For.CARED}
    for name, value in changed.items():
        before = history.objects.filter(pgh_label=PERSON_CHANGED).count()
        CompanionRequest.objects.update(**{name: value})
        after = history.objects.filter(pgh_label=PERSON_CHANGED).count()
        assert after == before + 1, name
    assert not {*WANTED} & {field.name for field in history._meta.get_fields()}


@pytest.mark.slow
def test_everything_is_in_the_register_the_download_and_the_administration(
    samira, columns, rf, admin_user
):
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
        assert name not in columns or in_words(columns[name], FIRST) in page, name
        assert name in enters or name == "asked_for", name  # follows from the age
        assert {"email": "mail_link"}.get(name, name) in changes, name


def test_list_carries_the_answers_that_may_leave(samira, columns, admin_user):
    headings, line = RequestResource(admin_user).rows(CompanionRequest.objects.all())
    for name, column in columns.items():
        expected = "1" if name == "companions" else in_words(column, FIRST)
        assert (expected in line) == (name not in STAYS_HERE), name
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
    """Also what a child says, which is asked when the guardian agrees."""
    fields = CompanionRequest._meta.get_fields()
    typed = {field.name for field in fields if isinstance(field, models.TextField)}
    assert typed == {"note", "child_words"} == {*TEXTS[CompanionRequest]}

"""Every question in ``ASKED`` is in the form, stored, revised, corrected, shown, listed and deleted."""

import json

import pytest
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.test import Client
from django.urls import reverse

from programs.history import PERSON_CHANGED, table_of
from tests import everything, factories
from tests.answers import EMAIL, FIRST, MARK, SECOND, answer, in_words, kept, posted
from tests.people import mailbox, person_at
from tests.programs.test_imports import VOLUNTEERS, csv_file, take_over
from volunteers.admin.applications import ApplicationAdmin
from volunteers.admin.people import VolunteerAdmin
from volunteers.links import applications as application_links
from volunteers.links import my_data as my_data_links
from volunteers.lists.people import VolunteerResource
from volunteers.lists.resources import ApplicationResource
from volunteers.models import Application, Volunteer
from volunteers.models.profile import (
    ASKED,
    AT_SIGN_UP,
    asked_again,
    asked_at_sign_up,
    asked_of,
)
from volunteers.models.questions import APPLICATION, EVERYBODY, VOLUNTEER, Section
from volunteers.privacy import packing
from volunteers.privacy.erasing import erase_person
from volunteers.privacy.of_people import PROFILE, SIGN_UP
from volunteers.privacy.register import PROCESSINGS
from volunteers.privacy.traces import TEXTS
from volunteers.reads.answers import answers_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    """A programme that makes tandems and welcomes groups, so that all questions are asked."""
    for slug in ("west", "feuerbach"):
        factories.make_district(slug)
    for name in ("Begleitung", "Sprache"):
        factories.make_field(name)
    return factories.make_programme(makes_tandems=True, for_groups=True)


@pytest.fixture
def katrin(programme):
    return factories.make_member(programme.organisation).user


# --- The way of an answer -----------------------------------------------------------------------


def check(record, questions, which):
    assert questions
    for one in questions:
        assert kept(record, one.column) == answer(one.column, which), one.name


def data_of(questions, which):
    return posted({one.key: one.column for one in questions}, which)


def at_sign_up():
    return asked_at_sign_up(more=True, in_groups=True)


def again_of(record):
    return asked_again(record, in_tandems=True, in_groups=True)


def signed_up(programme):
    """Somebody who sent and confirmed the form."""
    path = reverse("volunteers:sign_up_entry", args=[programme.slug])
    data = data_of(at_sign_up(), FIRST) | {"consent": "on"}
    assert Client().post(path, data).status_code == 302
    application = Application.objects.get()
    confirm = "/" + application_links.confirm_url(application).split("/", 3)[3]
    assert Client().post(confirm).status_code == 302
    return Application.objects.get()


def revise_path(application):
    return reverse("volunteers:revise", args=[application_links.status_token(application)])


def correct_path():
    return reverse("volunteers:my_data_correct", args=[my_data_links.token_for(mailbox(EMAIL))])


def fully_answered(programme):
    """An application and a profile with an answer to every question."""
    application = signed_up(programme)
    for path, record in ((revise_path(application), APPLICATION), (correct_path(), VOLUNTEER)):
        data = data_of(again_of(record), FIRST)
        assert Client().post(path, data).status_code == 302
    return Application.objects.get()


def test_names_and_keys_are_unique_and_lead_to_model_fields():
    assert len({one.name for one in ASKED}) == len({one.key for one in ASKED}) == len(ASKED) > 10
    for one in ASKED:
        for model in (Application, Volunteer):
            names = {field.name for field in model._meta.get_fields()}
            assert (one.name in names) == (model.__name__ in one.kept_by), one.name


def asked_on(path):
    """The keys of the questions on a page."""
    html = Client().get(path).content.decode()
    return {one.key for one in ASKED if f'name="{one.key}"' in html}


def keys(questions):
    return {one.key for one in questions}


@pytest.mark.slow
def test_every_question_is_asked_where_it_belongs(programme):
    path = reverse("volunteers:sign_up_entry", args=[programme.slug])
    assert asked_on(path) == keys(at_sign_up())
    application = signed_up(programme)
    again = again_of(APPLICATION)
    assert asked_on(revise_path(application)) == keys(again)
    corrected = again_of(VOLUNTEER)
    assert asked_on(correct_path()) == keys(corrected)
    assert keys([*at_sign_up(), *again, *corrected]) == keys(ASKED)


@pytest.mark.slow
def test_answers_of_the_sign_up_are_kept_and_shown(programme):
    application = signed_up(programme)
    check(application, at_sign_up(), FIRST)
    both = [one for one in at_sign_up() if VOLUNTEER in one.kept_by]
    check(Volunteer.objects.get(), both, FIRST)
    page = Client().get(application_links.status_path(application)).content.decode()
    for one in at_sign_up():
        assert in_words(one.column, FIRST) in page, one.name


def test_box_that_is_not_ticked_is_not_listed_as_a_no():
    """Perhaps it stood in a folded part and nobody saw it."""
    application = factories.make_application(factories.make_circle("Freundeskreis West"))
    boxes = [one for one in AT_SIGN_UP if isinstance(one.column, models.BooleanField)]
    assert "single_dates" in {one.name for one in boxes}
    for ticked in (False, True):
        for one in boxes:
            setattr(application, one.name, ticked)
        listed = dict(answers_of(application))
        assert [str(one.column.verbose_name) in listed for one in boxes] == [ticked] * len(boxes)
        assert "nein" not in listed.values()


@pytest.mark.slow
def test_revising_writes_application_and_profile(programme):
    application = signed_up(programme)
    asked = again_of(APPLICATION)
    assert Client().post(revise_path(application), data_of(asked, SECOND)).status_code == 302
    check(Application.objects.get(), asked, SECOND)
    both = [one for one in asked if VOLUNTEER in one.kept_by]
    check(Volunteer.objects.get(), both, SECOND)
    page = Client().get(application_links.status_path(application)).content.decode()
    for one in at_sign_up():
        words = in_words(one.column, SECOND if one in asked else FIRST)
        if words == "nein":
            assert str(one.column.verbose_name) not in page, one.name
        else:
            assert words in page, one.name


@pytest.mark.slow
def test_correcting_writes_profile_and_application(programme):
    signed_up(programme)
    asked = again_of(VOLUNTEER)
    assert Client().post(correct_path(), data_of(asked, SECOND)).status_code == 302
    check(Volunteer.objects.get(), asked, SECOND)
    both = [one for one in asked if APPLICATION in one.kept_by]
    check(Application.objects.get(), both, SECOND)


@pytest.mark.slow
def test_what_was_not_asked_stays(programme):
    """A second sign-up does not ask about tandems, and keeps the earlier answers."""
    first = fully_answered(programme)
    factories.make_clearing_office()
    data = data_of(at_sign_up(), SECOND) | {"consent": "on", "name": first.name}
    Client().post(reverse("volunteers:sign_up"), data)
    second = Application.objects.get(entry=None)
    Client().post("/" + application_links.confirm_url(second).split("/", 3)[3])
    volunteer = Volunteer.objects.get()
    check(volunteer, asked_of(VOLUNTEER, Section.TANDEM), FIRST)
    check(volunteer, asked_of(VOLUNTEER, Section.MORE), SECOND)


@pytest.mark.slow
def test_changes_are_in_the_history_without_the_answer(programme):
    application = fully_answered(programme)
    history = table_of(Application)
    asked = asked_of(APPLICATION)
    columns = [one for one in asked if not one.column.many_to_many and one.name != "email"]
    check(application, columns, FIRST)
    for one in columns:
        before = history.objects.filter(pgh_label=PERSON_CHANGED).count()
        Application.objects.update(**{one.name: answer(one.column, SECOND)})
        after = history.objects.filter(pgh_label=PERSON_CHANGED).count()
        assert after == before + 1, one.name
    assert not {one.name for one in asked} & {f.name for f in history._meta.get_fields()}


# --- Whoever may see it -------------------------------------------------------------------------


@pytest.mark.slow
def test_every_answer_is_in_the_register_and_in_the_download(programme):
    fully_answered(programme)
    for processing, record in ((SIGN_UP, APPLICATION), (PROFILE, VOLUNTEER)):
        assert processing in PROCESSINGS
        assert {one.name for one in asked_of(record)} <= {
            *processing.fields[f"volunteers.{record}"]
        }
    person = person_at(EMAIL)
    page = "".join(packing.html_pieces(person))
    data = json.loads("".join(packing.json_pieces(person)))
    records = {key: rows for one in data["activities"] for key, rows in one["records"].items()}
    for record in (APPLICATION, VOLUNTEER):
        [row] = records[f"volunteers.{record}"]
        for one in asked_of(record):
            expected = answer(one.column, FIRST)
            if one.column.many_to_many:
                expected = [str(linked) for linked in expected]
            assert row[one.name] == expected, one.name
            assert in_words(one.column, FIRST) in page, one.name


def shown_in(model_admin):
    return set(flatten_fieldsets(model_admin.fieldsets))


def test_every_answer_stands_in_the_administration():
    """The address as a link; answers about tandems with the application that has them."""
    as_link = {"email": "mail_link"}
    for one in asked_of(APPLICATION):
        assert as_link.get(one.name, one.name) in shown_in(ApplicationAdmin), one.name
    for one in asked_of(VOLUNTEER, *EVERYBODY):
        assert one.name in shown_in(VolunteerAdmin), one.name


def exported(resource, queryset):
    """The only row under its headings, as in a file."""
    headings, line = list(resource.rows(queryset))
    return dict(zip(headings, line, strict=True))


@pytest.mark.slow
def test_lists_hold_the_answers_that_may_leave_and_no_others(programme, katrin):
    fully_answered(programme)
    applications = exported(ApplicationResource(katrin), Application.objects.all())
    people = exported(VolunteerResource(katrin), Volunteer.objects.all())
    for one in ASKED:
        heading, text = str(one.column.verbose_name), in_words(one.column, FIRST)
        both = {APPLICATION, VOLUNTEER} <= set(one.kept_by)
        for line, may in ((applications, one.in_lists), (people, one.in_lists and both)):
            assert (heading in line) == may, one.name
            assert line.get(heading, text) == text, one.name


@pytest.mark.slow
def test_lists_bring_in_every_answer_that_both_records_keep(programme):
    """First a new person, then the same one, by name and address, with all other answers changed."""
    circle = factories.make_circle("Freundeskreis Feuerbach")
    user = factories.make_member(circle).user
    asked = [one for one in ASKED if one.in_lists and VOLUNTEER in one.kept_by]
    headings = [str(one.column.verbose_name) for one in asked]
    for which in (FIRST, SECOND):
        said = {one.key: FIRST if one.name == "name" else which for one in asked}
        file = csv_file(headings, [in_words(one.column, said[one.key]) for one in asked])
        assert "Import fertig" in take_over(user, VOLUNTEERS, file)
        for one in asked:
            check(Application.objects.get(), [one], said[one.key])
            check(Volunteer.objects.get(), [one], said[one.key])


# --- The end ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_answer_goes_with_the_person(programme):
    fully_answered(programme)
    links = [
        getattr(model, one.name).through
        for model in (Application, Volunteer)
        for one in asked_of(model.__name__)
        if one.column.many_to_many
    ]
    assert len(links) >= 4
    assert all(link.objects.exists() for link in links)
    erase_person(person=person_at(EMAIL))
    assert not Application.objects.exists()
    assert not Volunteer.objects.exists()
    assert not any(link.objects.exists() for link in links)
    texts = [text for table in everything.tables() for text in everything.texts_of(table)]
    assert texts
    assert not any(MARK in text or EMAIL in text for text in texts)


def test_what_somebody_types_freely_is_searched_for_the_names_of_others():
    for one in asked_of(APPLICATION):
        if isinstance(one.column, models.TextField):
            assert one.name in TEXTS[Application]
    assert "message" in TEXTS[Application]

"""A programme with a protection concept gets only companions who have done all its steps there."""

import pytest
from django.core import mail
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from volunteers.matching import suggestions
from volunteers.models import StepRecord, Tandem
from volunteers.models.companions import Side
from volunteers.services import steps, tandems

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    return factories.make_circle(department=factories.make_clearing_office())


@pytest.fixture
def staff(circle):
    return factories.make_member(circle).user


@pytest.fixture
def programme(circle):
    """An interview and an evening before the start; whoever reads „prepared“ has done both."""
    programme = factories.make_programme("Lernpaten", organisation=circle, makes_tandems=True)
    factories.make_step(programme, "Erstgespräch")
    factories.make_step(programme, "Abend zum Kinderschutz", kind="training")
    return programme


@pytest.fixture
def request_(circle, programme):
    return factories.make_request(organisation=circle, programme=programme)


def take(application, step, by):
    on, how = timezone.localdate(), StepRecord.How.TALK
    steps.record_step(application=application, step=step, on=on, how=how, by=by)


def prepare(application, programme, staff, *, but=""):
    for step in programme.steps.exclude(title=but):
        take(application, step, staff)
    return application


@pytest.fixture
def prepared(circle, programme, staff):
    one = factories.make_ready(circle, "Bereit Berta", entry=programme)
    return prepare(one, programme, staff)


def names(found):
    return {pair.application.name for pair in found}


@pytest.mark.slow
def test_suggestions_hold_only_who_is_prepared_in_this_programme(
    circle, programme, request_, prepared, staff
):
    other = factories.make_programme("WillkommensPaten", organisation=circle, makes_tandems=True)
    entry = factories.make_entry("Lesen", organisation=circle, part_of=programme)
    factories.make_ready(circle, "Anderswo Anna", entry=other)
    factories.make_ready(circle, "Allgemein Alma")
    prepare(
        factories.make_ready(circle, "Offen Olga", entry=programme),
        programme,
        staff,
        but="Erstgespräch",
    )
    prepare(factories.make_ready(circle, "Einsatz Eva", entry=entry), programme, staff)
    everybody = {"Anderswo Anna", "Allgemein Alma", "Offen Olga", "Einsatz Eva", "Bereit Berta"}
    assert names(suggestions.for_request(request_, staff).fitting) == everybody
    factories.make_protection(programme)
    found = suggestions.for_request(request_, staff)
    assert names(found.fitting) == {"Bereit Berta", "Einsatz Eva"}
    said = {pair.application.name: pair.verdict.obstacles[0] for pair in found.excluded}
    assert said.keys() == everybody - {"Bereit Berta", "Einsatz Eva"}
    assert "Es fehlen Schritte aus dem Schutzkonzept" in said["Offen Olga"].text
    assert said["Offen Olga"].can_be_mended
    for name in ("Anderswo Anna", "Allgemein Alma"):
        assert "wer sich für dieses Programm anmeldet" in said[name].text


def test_certificate_that_the_concept_asks_for_counts_as_a_step(
    circle, programme, request_, prepared, staff
):
    factories.make_protection(programme)
    factories.make_step(programme, "Führungszeugnis", kind="conduct_check")
    assert not suggestions.for_request(request_, staff).fitting
    factories.make_conduct_check(prepared, staff)
    assert names(suggestions.for_request(request_, staff).fitting) == {"Bereit Berta"}


def test_proposal_is_refused_and_why_is_told_on_the_page(
    client, circle, programme, request_, staff
):
    factories.make_protection(programme)
    open_step = factories.make_ready(circle, "Offen Olga", entry=programme)
    with pytest.raises(tandems.NoMatch, match="Schutzkonzept"):
        tandems.propose(request=request_, application=open_step, by=staff)
    assert not Tandem.objects.exists()
    client.force_login(staff)
    page = client.get(admin_path(request_, "why", open_step.pk)).text
    assert "Es fehlen Schritte aus dem Schutzkonzept" in page


def test_step_that_is_asked_meanwhile_keeps_the_tandem_from_starting(
    programme, request_, prepared, staff
):
    factories.make_protection(programme)
    tandem = tandems.propose(request=request_, application=prepared, by=staff)
    factories.make_step(programme, "Hospitation", kind="other")
    mail.outbox.clear()
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    assert tandem.status == "proposed"
    assert [message.to for message in mail.outbox] == [[staff.email]]
    take(prepared, programme.steps.get(title="Hospitation"), staff)
    assert tandems.start(tandem=tandem, by=staff).status == "running"


def test_concept_that_comes_after_the_proposal_holds_at_the_start(
    circle, programme, request_, staff
):
    elsewhere = factories.make_ready(circle, "Anderswo Anna")
    tandem = tandems.propose(request=request_, application=elsewhere, by=staff)
    factories.make_protection(programme)
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    assert tandem.status == "proposed"
    with pytest.raises(tandems.NoMatch, match="gilt ein Schutzkonzept"):
        tandems.start(tandem=tandem, by=staff)

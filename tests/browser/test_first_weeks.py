"""The first meeting on a phone: from the mail to „passt“ or „passt nicht“, in a real browser."""

import datetime
import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browsers import OpenPage, width_of
from tests.mailserver import MailServer, text_of
from volunteers import chores
from volunteers.models import Tandem
from volunteers.models.companions import Side
from volunteers.periods import reminder_day
from volunteers.services import tandems

pytestmark = pytest.mark.django_db(transaction=True)

AMIRA, SAMIRA, KATRIN = "amira@example.org", "samira@example.org", "katrin@example.org"
RunJobs = Callable[[], None]


@pytest.fixture
def tandem(smtp_server: MailServer) -> Tandem:
    """Of Amira and Samira, looked after by Katrin; begun eleven days ago."""
    circle = factories.make_circle(department=factories.make_clearing_office())
    factories.make_member(circle, factories.make_user(KATRIN))
    request = factories.make_request("Samira", organisation=circle, email=SAMIRA)
    application = factories.make_ready(circle, email=AMIRA)
    tandem = tandems.propose(request=request, application=application)
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    began = reminder_day() - datetime.timedelta(days=11)
    Tandem.objects.filter(pk=tandem.pk).update(started_on=began)
    return tandem


def newest(smtp_server: MailServer, run_jobs: RunJobs, to: str) -> EmailMessage:
    run_jobs()
    return [mail for mail in smtp_server.messages if mail["To"] == to][-1]


def links(mail: EmailMessage) -> list[str]:
    return re.findall(r"https?://\S+", text_of(mail))


def fits_the_phone(page: Page) -> None:
    assert width_of(page) <= 360


@pytest.mark.slow
def test_met_fits_and_does_not_fit_on_a_phone(
    open_page: OpenPage, smtp_server: MailServer, run_jobs: RunJobs, tandem: Tandem
):
    volunteer, newcomer = open_page(width=360, height=740), open_page(width=360, javascript=False)
    chores.run_all()

    asked = newest(smtp_server, run_jobs, AMIRA)
    assert asked["Subject"] == "Haben Sie sich schon getroffen?"
    volunteer.goto(links(asked)[0])
    fits_the_phone(volunteer)
    volunteer.get_by_role("button", name="Ja, wir haben uns getroffen").click()
    expect(volunteer.get_by_role("heading", name="Passt es mit Samira?")).to_be_visible()
    fits_the_phone(volunteer)
    volunteer.get_by_role("button", name="Ja, es passt").click()
    expect(volunteer.get_by_text("Samira").first).to_be_visible()

    Tandem.objects.update(met_on=reminder_day() - datetime.timedelta(days=1))
    chores.run_all()
    asked = newest(smtp_server, run_jobs, SAMIRA)
    assert asked["Subject"] == "Passt es?"
    newcomer.goto(links(asked)[2])
    fits_the_phone(newcomer)
    newcomer.get_by_role("button", name="Es passt nicht").click()
    expect(newcomer.get_by_role("heading", level=1)).to_be_visible()
    newcomer.go_back()
    expect(newcomer.get_by_text("Dieses Tandem ist beendet.")).to_be_visible()

    tandem.refresh_from_db()
    assert (tandem.status, tandem.end_reason) == ("ended", "change")
    assert (tandem.request.status, tandem.application.status) == ("open", "ready")
    for address in (AMIRA, SAMIRA):
        mail = newest(smtp_server, run_jobs, address)
        assert mail["Subject"] == "Wir suchen weiter für Sie"
    assert newest(smtp_server, run_jobs, KATRIN)["Subject"] == "Ein Tandem wechselt"

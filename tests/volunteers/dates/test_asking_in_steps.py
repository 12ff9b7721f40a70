"""„Begleitung zu einem Termin“ asks in steps, like „Ich suche eine Begleitung“."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from tests.crawling import Page
from tests.volunteers.dates.test_asking import NOW, answers
from volunteers.forms.dates import STEPS, DateForm
from volunteers.guard.forms import NOT_TYPED
from volunteers.models import DateRequest

pytestmark = pytest.mark.django_db

PATH = reverse("volunteers:date_ask")


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


class Walk:
    """Somebody with a browser that runs no JavaScript."""

    def __init__(self, client, path=PATH):
        self.client = client
        self.path = path
        self.answer = client.get(path)

    @property
    def step(self):
        return self.answer.context["step"].number

    def press(self, go=None, **typed):
        """Answer the step that is shown."""
        [form] = [one for one in Page(self.answer.text).forms if one.method == "post"]
        said = {name: value for name, value in answers(**typed).items() if self._asks(name)}
        if go is not None:
            assert ("go", str(go)) in form.buttons
            said["go"] = str(go)
        self.answer = self.client.post(self.path, form.data() | said)
        return self

    def _asks(self, name):
        return name in STEPS[self.step - 1].names


def test_every_field_stands_in_one_step():
    fields = DateForm.base_fields.keys() - {*NOT_TYPED}
    assert sorted(fields) == sorted(name for one in STEPS for name in one.names)


def test_four_steps_lead_to_the_date(client):
    walk = Walk(client)
    for number in (1, 2, 3):
        assert walk.step == number
        assert f"Schritt {number} von 4" in walk.answer.text
        walk.press()
        assert not DateRequest.objects.exists()
    for text in (
        "24. November 2026",
        "10:00",
        "eine Stunde",
        "Amt oder Behörde",
        "nord@example.org",
    ):
        assert text in walk.answer.text
    assert "In welche Sprache soll jemand übersetzen" not in walk.answer.text
    assert walk.press().answer.url == reverse("volunteers:date_done")
    date = DateRequest.objects.get()
    assert (date.place, date.email) == ("Eberhardstraße 39", "nord@example.org")
    assert date.starts_at == datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)


def test_mails_come_in_the_language_of_the_page_unless_another_is_chosen(client):
    for page, chosen, language in (("ar", {}, "ar"), ("tr", {"preferred_language": "en"}, "en")):
        walk = Walk(client, f"/{page}{PATH}").press().press()
        walk.press(email=f"{page}@example.org", **chosen)
        assert walk.press().answer.status_code == 302
        date = DateRequest.objects.get(email=f"{page}@example.org")
        assert date.preferred_language == language


def test_an_error_stands_in_its_step_and_nothing_is_lost(client):
    walk = Walk(client).press().press(place="")
    assert (walk.step, walk.answer.status_code) == (2, 422)
    assert "wohin die Begleitung kommen soll" in walk.answer.text
    walk.press().press(email="keine")
    assert (walk.step, walk.answer.status_code) == (3, 422)
    assert "Eberhardstraße 39" in walk.answer.text
    walk.press(go=2)
    assert walk.step == 2
    assert "2026-11-24" in walk.answer.text


def test_the_last_step_leads_back_to_each_and_then_to_the_end(client):
    walk = Walk(client).press(kind="interpreting", to_language="fr").press().press()
    assert "Français" in walk.answer.text
    walk.press(go=2).press(time="11:30")
    assert walk.step == 4
    assert "11:30" in walk.answer.text
    walk.press()
    assert DateRequest.objects.get().to_language == "fr"


def test_what_is_too_late_at_the_last_press_leads_to_the_day(client):
    walk = Walk(client).press().press().press()
    with time_machine.travel(datetime.datetime(2026, 11, 24, 12, 0, tzinfo=datetime.UTC)):
        walk.press()
    assert (walk.step, walk.answer.status_code) == (2, 422)
    assert "Dieser Termin ist schon vorbei." in walk.answer.text
    assert not DateRequest.objects.exists()

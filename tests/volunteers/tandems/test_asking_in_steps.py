"""„Ich suche eine Begleitung“ asks in four steps; what was typed goes along, and only the last one stores it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from programs.models import Language
from programs.models.choices import LANGUAGES_IN_OWN_SCRIPT, OWN_NAMES
from tests import factories
from tests.crawling import Page
from volunteers.forms.companions import STEPS, RequestForm
from volunteers.guard.forms import NOT_TYPED
from volunteers.models import CompanionRequest

pytestmark = pytest.mark.django_db

PATH = reverse("volunteers:companion")
NAME = "Samira O'Neill سميرة"
ANSWERS = {
    1: {"languages": ["ar", "kmr"]},
    2: {"wish": "woman", "weekdays": ["1", "5"], "dayparts": ["evening"]},
    3: {"name": NAME, "age_group": "adult", "email": "samira@example.org", "phone": ""},
    4: {"note": "Zwei\nZeilen", "consent": "on"},
}


@pytest.fixture(autouse=True)
def programme():
    return factories.make_programme(makes_tandems=True)


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True, HTTP_ORIGIN="http://testserver")


class Walk:
    """Somebody with a browser that runs no JavaScript: presses buttons of the page that is shown."""

    def __init__(self, client):
        self.client = client
        self.answer = client.get(PATH)

    @property
    def step(self):
        return self.answer.context["step"].number

    def form(self):
        [form] = [one for one in Page(self.answer.text).forms if one.method == "post"]
        return form

    def press(self, number, go=None, **typed):
        """Answer step ``number``, which has to be the one that is shown."""
        assert self.step == number
        data = self.form().data() | ANSWERS[number] | typed
        if go is not None:
            assert ("go", str(go)) in self.form().buttons
            data["go"] = str(go)
        self.answer = self.client.post(PATH, data)
        return self


def walked(client, until=4):
    walk = Walk(client)
    for number in range(1, until):
        walk.press(number)
    return walk


def sent(walk):
    assert walk.answer.status_code == 302
    [request] = CompanionRequest.objects.all()
    return request


def test_every_field_stands_in_one_step():
    fields = RequestForm.base_fields
    assert sorted(fields.keys() - {*NOT_TYPED}) == sorted(n for one in STEPS for n in one.names)


def test_four_steps_lead_to_the_request(client):
    walk = Walk(client)
    for number in (1, 2, 3):
        assert f"Schritt {number} von 4" in walk.answer.text
        walk.press(number)
        assert walk.answer.status_code == 200
    assert not CompanionRequest.objects.exists()
    request = sent(walk.press(4))
    assert (request.name, request.note) == (NAME, "Zwei\nZeilen")
    assert (request.languages, request.weekdays) == (["ar", "kmr"], [1, 5])
    assert request.wish == "woman"


def test_last_step_shows_all_answers_and_leads_to_each_of_them(client):
    walk = walked(client)
    for text in (
        "العربية",
        "Kurmancî",
        "Frau",
        "Dienstag, Samstag",
        "abends",
        "samira@example.org",
    ):
        assert text in walk.answer.text
    assert "Samira O&#x27;Neill سميرة" in walk.answer.text
    walk.press(4, go=1)
    walk.press(1, languages=["ti"])
    assert walk.step == 4  # not all steps again
    assert "ትግርኛ" in walk.answer.text
    assert sent(walk.press(4)).languages == ["ti"]


def test_errors_stand_in_their_step(client):
    walk = Walk(client).press(1, languages=[])
    assert (walk.step, walk.answer.status_code) == (1, 422)
    assert "<title>Fehler: " in walk.answer.text
    assert "mindestens eine Sprache" in walk.answer.text
    assert "Ohne Ihr Ja" not in walk.answer.text
    walk.press(1).press(2).press(3, email="samira@")
    assert (walk.step, walk.answer.status_code) == (3, 422)
    walk.press(3)
    walk.press(4, consent=[])
    assert (walk.step, walk.answer.status_code) == (4, 422)
    assert "Zwei\nZeilen" in walk.answer.text
    sent(walk.press(4))


@pytest.mark.slow
def test_way_back_keeps_what_was_typed_even_if_it_is_wrong(client):
    walk = walked(client, until=3)
    walk.press(3, go=2, email="samira@")
    walk.press(2, go=1).press(1).press(2)
    assert walk.answer.context["form"]["email"].value() == "samira@"
    sent(walk.press(3).press(4))


@pytest.mark.slow
def test_two_tabs_and_reload_do_not_disturb_each_other(client):
    one, other = Walk(client), Walk(client)
    one.press(1)
    other.press(1, languages=["so"])
    before = one.form().data()
    one.press(2).press(3)
    other.press(2).press(3, name="Hodan", email="hodan@example.org").press(4)
    reloaded = client.post(PATH, before | ANSWERS[2])  # the browser's reload sends the page again
    assert reloaded.context["step"].number == 3
    one.press(4)
    found = CompanionRequest.objects.order_by("pk").values_list("name", "languages")
    assert list(found) == [("Hodan", ["so"]), (NAME, ["ar", "kmr"])]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_expired_session_loses_nothing(client, number):
    walk = walked(client, until=number)
    client.cookies.clear()
    walk.press(number)
    assert walk.answer.status_code == 403
    [form] = [one for one in Page(walk.answer.text).forms if one.method == "post"]
    walk.answer = client.post(PATH, form.data())
    for later in range(number + 1, 5):
        walk.press(later)
    assert sent(walk).name == NAME


@pytest.mark.parametrize("step", ["0", "5", "-1", "x", "", "٣", "4"])
def test_tampered_steps_store_nothing_unchecked(client, step):
    walk = walked(client, until=2)
    data = walk.form().data() | {"step": step, "consent": "on", "weekdays": ["9"]}
    answer = client.post(PATH, data)
    assert answer.status_code == 422
    assert answer.context["step"].number == 2
    assert not CompanionRequest.objects.exists()


def test_whoever_jumps_to_the_end_is_led_to_the_first_gap(client):
    walk = walked(client, until=2)
    answer = client.post(PATH, walk.form().data() | {"go": "4"})
    assert (answer.status_code, answer.context["step"].number) == (422, 3)


def test_filled_trap_goes_along_and_stores_nothing(client):
    walk = Walk(client).press(1, website="https://spam.example")
    walk.press(2).press(3).press(4)
    assert walk.answer.status_code == 302
    assert not CompanionRequest.objects.exists()


def test_steps_on_the_way_are_not_counted(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"companion_request": {"address": (1, 60)}}
    walk = walked(client)
    walk.press(4, go=1).press(1)
    sent(walk.press(4))


def test_languages_are_named_in_their_own_script():
    labels = dict(LANGUAGES_IN_OWN_SCRIPT)
    assert set(OWN_NAMES) == set(Language)
    assert str(labels["ar"]) == '<span><span lang="ar" dir="rtl">العربية</span> · Arabisch</span>'
    assert str(labels["tr"]) == '<span><span lang="tr" dir="ltr">Türkçe</span> · Türkisch</span>'
    assert str(labels["de"]) == "Deutsch"
    html = Client().get(PATH).text
    assert html.count('dir="rtl">') == 3
    assert all(OWN_NAMES[one] in html for one in Language)


@pytest.mark.parametrize(
    ("language", "code"), [("en", "en"), ("uk", "uk"), ("ar", "ar"), ("fa", "fa"), ("tr", "tr")]
)
def test_language_of_the_page_is_not_named_twice(language, code):
    with translation.override(language):
        labels = {key: str(label) for key, label in LANGUAGES_IN_OWN_SCRIPT}
    assert "·" not in labels[code]
    assert "·" in labels["fr"]


@pytest.mark.slow
def test_fields_say_in_plain_words_what_people_look_for(client):
    """Who wants help with letters finds no „Behördenbegleitung“ without its plain words."""
    words = 'Briefe vom Amt, <b>"Formulare"</b>'
    field = factories.make_field("Behördenbegleitung", in_plain_words=words)
    factories.make_field("Sport")
    text = client.get(PATH).text
    safe = "Briefe vom Amt, &lt;b&gt;&quot;Formulare&quot;&lt;/b&gt;"
    assert f"<span>Behördenbegleitung<small>{safe}</small></span>" in text
    assert "Sport<small>" not in text
    walk = Walk(client)
    walk.press(1, fields_of_need=[str(field.pk)])
    walk.press(2)
    walk.press(3)
    assert "Behördenbegleitung" in walk.answer.text
    assert "Formulare" not in walk.answer.text, "the summary names the field only"
    walk.press(4)
    assert list(CompanionRequest.objects.get().fields.all()) == [field]

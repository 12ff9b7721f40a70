"""A text that is too long is never cut: the page tells the limit, and the error by how much."""

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from programs.addresses import admin_path
from programs.models import Opportunity
from tests import factories
from volunteers.forms.registrations import NoteForm
from volunteers.models import Application

pytestmark = pytest.mark.django_db

LONG = "ü" * 2040


class Form(forms.Form):
    short = forms.CharField(max_length=10)
    long = forms.CharField(max_length=10, widget=forms.Textarea, help_text="Hilfe")
    free = forms.CharField(widget=forms.Textarea)


def test_no_input_has_a_limit_that_browsers_enforce():
    html = str(Form())
    assert "maxlength" not in html
    assert html.count("Höchstens 10 Zeichen") == html.count('id="id_long_limit"') == 1
    assert 'aria-describedby="id_long_helptext id_long_limit"' in html
    assert "id_free_limit" not in html


@pytest.mark.parametrize(("typed", "over"), [("x" * 11, 1), ("x\r\ny" * 5, 10), ("  ü" * 4, 0)])
def test_error_says_by_how_much(typed, over):
    """A line break counts as the two characters that browsers send; blanks around do not count."""
    form = Form({"short": "a", "free": "a", "long": typed})
    assert form.is_valid() is (over == 0)
    if over:
        assert f"Bitte kürzen Sie um {over} Zeichen." in form.errors["long"][0]
        assert typed.replace("\r\n", "\n") in form["long"].as_widget().replace("\r\n", "\n")


def test_every_form_says_so_without_being_told():
    form = NoteForm({"note": "x" * 301})
    assert form.errors["note"] == [
        "Das ist zu lang: höchstens 300 Zeichen, es sind 301. Bitte kürzen Sie um 1 Zeichen."
    ]


def test_too_long_message_of_a_sign_up_comes_back_whole():
    factories.make_clearing_office()
    entry = factories.make_entry()
    data = {"name": "Amina", "email": "amina@example.org", "age": "adult", "consent": "on"}
    path = reverse("volunteers:sign_up_entry", args=[entry.slug])
    answer = Client().post(path, data | {"message": LONG})
    assert answer.status_code == 422
    assert "<title>Fehler: " in answer.text
    assert "Bitte kürzen Sie um 40 Zeichen." in answer.text
    assert LONG in answer.text
    assert not Application.objects.exists()


def test_administration_says_so_too():
    entry = factories.make_entry()
    client = Client()
    client.force_login(factories.make_user(is_superuser=True))
    path = admin_path("programs.opportunity", "change", entry.pk)
    limit = Opportunity._meta.get_field("summary").max_length
    assert f"Höchstens {limit} Zeichen" in client.get(path).text
    answer = client.post(path, {"summary": "x" * (limit + 7)})
    assert "<title>Fehler: " in answer.text
    assert "Bitte kürzen Sie um 7 Zeichen." in answer.text

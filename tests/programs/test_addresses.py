"""URLs of the admin are made in one place, from the record or its model."""

import re
from pathlib import Path

from django.conf import settings
from django.template import Context, Template

from programs.addresses import admin_path, admin_url
from programs.models import Entry, Organisation
from volunteers.models import Application

BY_HAND = re.compile(r"admin:(\{|(programs|volunteers|welcome_rooms|portal)_)|admin_urlname")


def test_a_record_has_its_page_and_a_model_its_list():
    record = Application(pk=7)
    assert admin_path(record) == "/verwaltung/volunteers/application/7/change/"
    assert admin_path(record, "status", "ready").endswith("/application/7/status/ready/")
    assert admin_path(Application, "change", 7) == admin_path(record)
    assert admin_path(Application) == "/verwaltung/volunteers/application/"
    assert admin_path(Entry, bestaetigen="ja") == "/verwaltung/programs/entry/?bestaetigen=ja"
    assert admin_url(Organisation, "add") == f"{settings.SITE_URL}{admin_path(Organisation, 'add')}"


def test_templates_say_it_with_the_same_words():
    text = (
        "{% load addresses %}{% admin_path record %} {% admin_path opts %} "
        "{% admin_path 'volunteers.application' art='offen' %}"
    )
    made = Template(text).render(Context({"record": Application(pk=7), "opts": Application._meta}))
    listed = admin_path(Application)
    assert made.split() == [admin_path(Application(pk=7)), listed, f"{listed}?art=offen"]


def test_no_address_of_a_record_or_a_list_is_made_by_hand():
    folders = ("portal", "volunteers", "welcome_rooms", "programs", "templates")
    files = [
        path
        for folder in folders
        for path in (Path(settings.BASE_DIR) / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt"} and path.name != "addresses.py"
    ]
    assert len(files) > 400
    assert [str(path) for path in files if BY_HAND.search(path.read_text("utf-8"))] == []

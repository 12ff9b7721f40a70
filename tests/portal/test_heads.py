"""Each public page of the starting data has a description and a title of its own, in every language."""

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.urls import resolve, reverse

from portal.languages.addresses import ONLY_GERMAN, in_language
from programs.models import Entry
from tests.addresses import patterns
from tests.factories import make_event, make_sent_issue
from tests.portal.test_public_pages import addresses
from tests.portal.test_search_engines import LANGUAGES, NO_PAGES, forms, heads, shared

pytestmark = pytest.mark.django_db

DAY = "2026-06-10T12:00:00+02:00"


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    """The starting data, loaded once for this module; every test rolls back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(DAY, tick=False):
            call_command("load_reference", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@time_machine.travel(DAY, tick=False)
def test_every_page_has_a_description_and_a_title_of_its_own(client, language):
    make_event()
    make_sent_issue()
    plain = [
        reverse(name)
        for name, pattern in patterns()
        if not pattern.pattern.converters
        and name not in NO_PAGES
        and not name.startswith(("admin:", "open_data:", "city_", "socialaccount_"))
    ]
    plain += [
        reverse("volunteers:sign_up_entry", args=[one.slug]) for one in Entry.objects.open()[:15]
    ]
    html = [
        one
        for one in dict.fromkeys([*addresses(), *forms(), *plain])
        if one.endswith("/") and "/demo/" not in one
    ]
    names = {one: resolve(one).view_name for one in html}
    pages = {
        in_language(one, language): name
        for one, name in names.items()
        if language == "de" or name not in ONLY_GERMAN
    }
    descriptions, titles = heads(client, pages)
    assert sum(map(len, titles.values())) > 150
    assert shared(titles) == {}
    assert shared(descriptions) == {}

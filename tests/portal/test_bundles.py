"""Pages of the administration load few files, and nothing twice."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.forms import Media

from portal import bundles
from programs.addresses import admin_path
from programs.models import Opportunity, Organisation
from tests.clients import client_of
from tests.factories import make_circle

pytestmark = pytest.mark.django_db

LOADED = re.compile(r'(?:<script src|<link rel="stylesheet" href)="/static/([^"]+)"')


@pytest.fixture
def loaded(admin_user):
    def by(path):
        return LOADED.findall(client_of(admin_user).get(path).content.decode())

    return by


def content(path):
    return Path(finders.find(path)).read_text("utf-8")


@pytest.mark.parametrize("bundle", bundles.BUNDLES)
def test_a_bundle_has_all_its_parts_in_their_order(bundle):
    text = content(bundle)
    places = [text.index(content(part)) for part in bundles.BUNDLES[bundle]]
    assert places == sorted(places)


def test_a_bundle_follows_its_parts(tmp_path, monkeypatch, settings):
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
    finders.get_finder.cache_clear()
    monkeypatch.setitem(bundles.BUNDLES, "two.js", ("one.js",))
    for text in ("first", "second"):
        (tmp_path / "one.js").write_text(text)
        assert content("two.js") == text
    assert "two.js" in [path for path, _ in bundles.BundleFinder().list(None)]
    finders.get_finder.cache_clear()


def test_a_list_loads_no_scripts_of_forms(loaded):
    make_circle()
    found = loaded(admin_path(Organisation))
    assert "admin/css/frame.css" in found
    assert "admin/js/actions.js" in found
    assert not {*found} & {*bundles.SCRIPTS}
    assert not any("jquery" in path for path in found)
    assert len(found) <= 8


def test_a_list_that_gives_its_choice_to_a_form_can_do_so(loaded):
    make_circle()
    assert "admin/js/forms.js" in loaded(f"{admin_path(Organisation)}?_popup=1")


@pytest.mark.parametrize("model", [Opportunity, Organisation])
def test_a_form_loads_every_script_once(loaded, model):
    found = loaded(admin_path(model, "add"))
    assert len(found) == len({*found})
    parts = {part for several in bundles.BUNDLES.values() for part in several}
    assert not {*found} & parts
    assert found.index("admin/js/forms.js") < found.index("admin/js/dates.js")
    assert found.index("admin/js/forms.js") < found.index("js/searched.js")


def test_what_needs_none_of_it_stays_as_it_is():
    media = Media(js=["own.js"])
    assert bundles.bundled(media).render_js() == media.render_js()

"""Saved lists: who opens and changes them, what still fits, and that rights are asked anew each time."""

import datetime
import threading
from contextlib import closing
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.exchange.fitting import Kept, fit
from programs.models import Membership, SavedList
from tests import factories
from tests.clients import client_of
from tests.programs.test_exports import READ
from volunteers.models import Application, ExportRecord, User
from volunteers.privacy import retention
from welcome_rooms.models import VisitCount

pytestmark = pytest.mark.django_db

APPLICATIONS = "volunteers.application"


@pytest.fixture
def own():
    return factories.make_circle("Freundeskreis Nord")


@pytest.fixture
def katrin(own):
    return factories.make_member(own).user


@pytest.fixture
def colleague(own):
    return factories.make_member(own, factories.make_user("kollege@example.org", name="Kai")).user


@pytest.fixture
def stranger():
    return factories.make_member(
        factories.make_circle("Anderswo"), factories.make_user("fremd@example.org")
    ).user


def address(filters="", model=APPLICATIONS):
    query = urlencode({"liste": model, "filter": filters})
    return f"{reverse('admin:programs_savedlist_add')}?{query}"


def save(user, filters="", name="Verteiler Nord", model=APPLICATIONS, **data):
    return client_of(user).post(address(filters, model), {"name": name, **data})


def make(owner, **fields):
    given = {"name": "Verteiler Nord", "model": APPLICATIONS} | fields
    return SavedList.objects.create(owner=owner, **given)


def page(saved, name):
    return reverse(f"admin:programs_savedlist_{name}", args=[saved.pk])


def shown(response):
    return response.content.decode()


# --- Saving and opening -----------------------------------------------------------------------


def test_list_is_saved_as_it_stands_and_opens_so(katrin):
    response = save(katrin, "status__exact=new&q=Haddad&o=2.-6&p=3", columns=["name", "email"])
    saved = SavedList.objects.get()
    assert response.headers["Location"] == page(saved, "open")
    assert (saved.owner, saved.model, saved.search) == (katrin, APPLICATIONS, "Haddad")
    assert (saved.filters, saved.columns) == ("status__exact=new", ["name", "email"])
    assert saved.order == ["status_badge", "-since"]
    assert saved.words == "Suche: Haddad; Status: neu"
    opened = client_of(katrin).get(page(saved, "open"))
    assert opened.status_code == 302
    place, _, query = opened.headers["Location"].partition("?")
    assert place == reverse("admin:volunteers_application_changelist")
    assert query == "status__exact=new&q=Haddad&o=2.-6"


def test_list_says_what_is_saved_of_it_and_which_one_is_open(katrin, colleague, stranger, own):
    make(katrin, filters="status__exact=new")
    make(colleague, name="Für alle", shared_with=own)
    make(colleague, name="Kais Notiz")
    make(stranger, name="Fremde Liste")
    url = reverse("admin:volunteers_application_changelist")
    text = shown(client_of(katrin).get(url, {"status__exact": "new"}))
    assert "2 gespeicherte Listen" in text
    assert "Für alle" in text
    assert "Kais Notiz" not in text
    assert "Fremde Liste" not in text
    assert text.count('aria-current="true">Verteiler Nord') == 1
    assert "filter=status__exact%3Dnew" in text
    assert 'aria-current="true">Verteiler Nord' not in shown(client_of(katrin).get(url))


@pytest.mark.slow
def test_every_list_offers_to_be_saved():
    admin_user = factories.make_user("admin@example.org", is_superuser=True)
    client, asked = client_of(admin_user), 0
    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        response = client.get(url)
        if response.status_code != 200 or "cl" not in (response.context_data or {}):
            continue
        assert "Als Liste speichern" in shown(response), url
        saving = client.get(address(model=model._meta.label_lower))
        assert saving.status_code == 200, url
        asked += 1
    assert asked > 35


def test_menu_takes_one_query_however_many_lists_there_are(katrin, own):
    url = reverse("admin:volunteers_application_changelist")
    client = client_of(katrin)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    make(katrin)
    queries()
    one = queries()
    for number in range(30):
        make(katrin, name=f"Liste {number}", shared_with=own)
    assert queries() == one


def test_name_is_unique_for_its_owner_in_any_spelling(katrin, colleague):
    save(katrin)
    response = save(katrin, "status__exact=new", name="VERTEILER nord")
    assert "Sie haben schon eine Liste mit diesem Namen." in shown(response)
    assert 'value="VERTEILER nord"' in shown(response)
    assert save(colleague).status_code == 302
    assert SavedList.objects.count() == 2


def test_saving_twice_makes_one_and_replacing_changes_it(katrin):
    assert save(katrin).status_code == save(katrin).status_code == 302
    first = SavedList.objects.get()
    save(katrin, "status__exact=new", replace="on")
    saved = SavedList.objects.get()
    assert (saved.pk, saved.filters, saved.words) == (first.pk, "status__exact=new", "Status: neu")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_name_make_one_list(katrin):
    """The second one waits for the first and reads a sentence; neither gets an error page."""
    client = client_of(katrin)
    client.get("/")
    barrier, codes = threading.Barrier(2), []

    def click(filters):
        with closing(connection):
            barrier.wait()
            codes.append(save(katrin, filters).status_code)

    threads = [
        threading.Thread(target=click, args=[f"status__exact={s}"]) for s in ("new", "ready")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {200, 302}
    assert SavedList.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\u202eb", "a\x00b"])
def test_unfriendly_names_are_told_in_a_sentence(katrin, name):
    response = save(katrin, name=name)
    assert response.status_code == 200
    assert "errorlist" in shown(response)
    assert not SavedList.objects.exists()


def test_name_is_shown_as_text(katrin):
    save(katrin, name="<b>fett</b> & שלום")
    text = shown(client_of(katrin).get(reverse("admin:volunteers_application_changelist")))
    assert "&lt;b&gt;fett&lt;/b&gt; &amp; שלום" in text


@pytest.mark.parametrize(
    ("model", "filters", "status"),
    [
        ("", "", 403),  # without the name of a list
        ("volunteers.nothing", "", 404),
        ("x", "", 404),
        ("volunteers.securityevent", "", 404),  # a coordinator does not see it
        (APPLICATIONS, "status__exact=nonsense", 302),
        (APPLICATIONS, "organisation__entry_ptr__exact=abc", 302),
        ("programs.event", "starts_at__year=never", 404),
        (APPLICATIONS, "volunteer__email=a@example.org", 400),
    ],
)
def test_what_cannot_be_opened_is_not_saved(katrin, model, filters, status):
    url = address(filters, model) if model else reverse("admin:programs_savedlist_add")
    client = client_of(katrin)
    assert client.get(url).status_code == status
    assert client.post(url, {"name": "x y"}).status_code == status
    assert not SavedList.objects.exists()


def test_fixed_month_says_that_it_stays(katrin):
    fixed = "starts_at__year=2026&starts_at__month=11"
    client = client_of(katrin)
    assert "bleibt fest" in shown(client.get(address(fixed, "programs.event")))
    assert "bleibt fest" not in shown(client.get(address("zeit=woche", "programs.event")))


# --- Who may what -----------------------------------------------------------------------------


def test_private_list_is_nobody_elses(katrin, colleague, stranger):
    saved = make(katrin)
    for user in (colleague, stranger):
        for name in ("change", "open", "export", "delete"):
            assert client_of(user).get(page(saved, name)).status_code == 404


def test_colleagues_open_and_export_what_is_shared_and_only_the_owner_changes_it(
    katrin, colleague, stranger, own
):
    saved = make(katrin, shared_with=own)
    client = client_of(colleague)
    assert client.get(page(saved, "open")).status_code == 302
    assert client.get(page(saved, "export")).status_code == 200
    assert client.get(page(saved, "change")).status_code == 200
    assert client.post(page(saved, "change"), {"name": "Anders"}).status_code == 403
    assert client.post(page(saved, "delete"), {"post": "yes"}).status_code == 403
    assert client_of(stranger).get(page(saved, "open")).status_code == 404
    client_of(katrin).post(page(saved, "change"), {"name": "Anders"})
    saved.refresh_from_db()
    assert (saved.name, saved.shared_with) == ("Anders", None)
    client_of(katrin).post(page(saved, "delete"), {"post": "yes"})
    assert not SavedList.objects.exists()


def test_nobody_shares_with_an_organisation_of_others(katrin, stranger):
    other = stranger.memberships.get().organisation
    response = save(katrin, shared_with=other.pk)
    assert response.status_code == 200
    assert not SavedList.objects.exists()


def test_rights_are_those_of_whoever_exports_on_the_day(katrin, colleague, own):
    other = factories.make_circle("Anderswo")
    factories.make_member(other, katrin)
    factories.make_application(own, "Amira Nord")
    factories.make_application(other, "Ben Anderswo")
    saved = make(katrin, shared_with=own, columns=["name"])

    def names(user):
        sent = client_of(user).post(
            page(saved, "export"), {"purpose": "Rundmail", "format": "csv", "columns": ["name"]}
        )
        return READ["csv"](b"".join(sent.streaming_content))[1:]

    assert sorted(names(katrin)) == [["Amira Nord"], ["Ben Anderswo"]]
    assert names(colleague) == [["Amira Nord"]]
    Membership.objects.filter(user=katrin, organisation=other).delete()
    assert names(katrin) == [["Amira Nord"]]


def test_deputy_opens_a_shared_list_and_exports_nothing(katrin, own):
    user = factories.make_user("vertretung@example.org")
    until = timezone.localdate() + datetime.timedelta(days=30)
    deputy = factories.make_member(own, user, role="deputy", until=until).user
    saved = make(katrin, shared_with=own)
    client = client_of(deputy)
    assert client.get(page(saved, "open")).status_code == 302
    assert client.get(page(saved, "export")).status_code == 403
    assert "Exportieren" not in shown(client.get(page(saved, "change")))


def test_whoever_has_lost_the_role_reads_a_sentence(katrin, own):
    saved = make(katrin)
    Membership.objects.filter(user=katrin).update(role="room_staff")
    response = client_of(katrin).get(page(saved, "open"))
    assert response.status_code == 409
    assert "oder Sie dürfen sie nicht sehen" in shown(response)


def test_account_takes_private_lists_along_and_leaves_shared_ones(katrin, colleague, own):
    make(katrin)
    shared = make(katrin, name="Für alle", shared_with=own)
    User.objects.get(pk=katrin.pk).delete()
    assert SavedList.objects.get() == shared
    shared.refresh_from_db()
    assert shared.owner is None
    client = client_of(colleague)
    assert "niemand mehr" in shown(client.get(page(shared, "change")))
    changed = {"name": "Unser Verteiler", "shared_with": own.pk}
    assert client.post(page(shared, "change"), changed).status_code == 302
    shared.refresh_from_db()
    assert shared.name == "Unser Verteiler"
    kept_for_nobody = client.post(page(shared, "change"), {"name": "Unser", "shared_with": ""})
    assert "Eine Liste gehört jemandem oder einer Organisation." in shown(kept_for_nobody)


def test_list_of_nobody_is_refused_by_the_database(katrin):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(None)
    make(katrin)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(katrin, name="verteiler NORD")
    with pytest.raises(ValidationError):
        SavedList(owner=katrin, name="Verteiler Nord", model=APPLICATIONS).validate_constraints()


def test_history_tells_that_it_changed_without_its_words(katrin):
    saved = make(katrin, search="Haddad")
    saved.name = "Anders"
    saved.save()
    rows = SavedList.pgh_event_model.objects.filter(pgh_obj_id=saved.pk)
    assert [row.pgh_label for row in rows.order_by("pgh_id")] == ["insert", "person"]
    kept = {f.name for f in SavedList.pgh_event_model._meta.local_fields}
    assert not kept & {"name", "search", "filters", "words", "order", "owner"}


# --- What no longer fits ----------------------------------------------------------------------


def fitting(user, filters="", model=Application, **kept):
    return fit(user, admin.site.get_model_admin(model), Kept(filters=filters, **kept))


def test_what_fits_comes_back_as_it_was(katrin):
    factories.make_application(katrin.memberships.get().organisation)
    for filters in ("", "status__exact=new", "ueberfaellig=ja", "art=offen"):
        found = fitting(katrin, filters)
        assert (found.query, found.faults) == (filters, [])


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ("frueher=ja", "Einen Filter oder Wert dieser Liste gibt es nicht mehr."),
        ("status__exact=former", "Filter „Status“"),
        ("ueberfaellig=vielleicht", "Filter „überfällig“"),
        ("bezirk=99", "Filter „Stadtbezirk“"),
        ("feld=zusammengelegt", "Filter „Engagementfeld“"),
        ("organisation__entry_ptr__exact=999", "er gilt für Sie nicht"),
        ("organisation__entry_ptr__exact=x", "er gilt für Sie nicht"),
    ],
)
def test_filter_that_is_gone_is_a_sentence_and_never_the_whole_list(katrin, filters, sentence):
    factories.make_district("mitte")
    factories.make_field()
    saved = make(katrin, filters=f"{filters}&status__exact=new", words="Status: neu; Früher: ja")
    if "status__exact=former" in filters:
        saved.filters = filters
        saved.save()
    for name in ("open", "export"):
        response = client_of(katrin).get(page(saved, name))
        assert response.status_code == 409
        assert sentence in shown(response)
        assert "Gespeichert war: Status: neu; Früher: ja." in shown(response)
    rest = fitting(katrin, saved.filters).query
    assert rest == ("" if "former" in filters else "status__exact=new")
    assert client_of(katrin).get(page(saved, "change")).status_code == 200


def test_organisation_that_the_reader_does_not_see_is_a_sentence_without_its_name(
    katrin, colleague, own
):
    other = factories.make_circle("Geheimer Kreis")
    factories.make_member(other, katrin)
    factories.make_application(other)
    factories.make_application(own)
    filters = f"organisation__entry_ptr__exact={other.pk}"
    assert save(katrin, filters, shared_with=own.pk).status_code == 302
    saved = SavedList.objects.get()
    assert client_of(katrin).get(page(saved, "open")).status_code == 302
    for name in ("open", "change", "export"):
        response = client_of(colleague).get(page(saved, name))
        assert response.status_code == (200 if name == "change" else 409)
        assert "Geheimer Kreis" not in shown(response)
        assert "gilt für Sie nicht" in shown(response)


@pytest.mark.parametrize(
    "filters", ["starts_at__year=2026&starts_at__month=13", "starts_at__year=x"]
)
def test_day_that_does_not_exist_is_a_sentence(katrin, filters):
    saved = make(katrin, model="programs.event", filters=filters)
    assert client_of(katrin).get(page(saved, "open")).status_code == 409


def test_list_that_is_gone_is_a_sentence(katrin):
    for model in ("volunteers.former", "nonsense"):
        saved = make(katrin, name=model, model=model)
        assert client_of(katrin).get(page(saved, "open")).status_code == 409
        assert client_of(katrin).get(page(saved, "change")).status_code == 200
    assert client_of(katrin).get(reverse("admin:programs_savedlist_changelist")).status_code == 200


def test_order_follows_its_columns_wherever_they_stand(katrin):
    found = fitting(katrin, order=("-since", "who"))
    assert (found.query, found.faults) == ("o=-6.1", [])
    lost = fitting(katrin, order=("-former", "who"))
    assert lost.query == "o=1"
    assert lost.faults == ["Eine Spalte, nach der die Liste sortiert war, gibt es nicht mehr."]


def test_search_in_a_list_that_has_none_is_a_sentence(katrin):
    assert fitting(katrin, search="Nord").query == "q=Nord"
    gone = fitting(katrin, search="Nord", model=VisitCount)
    assert (gone.query, gone.faults) == ("", ["In dieser Liste lässt sich nicht mehr suchen."])


# --- Columns and the log ----------------------------------------------------------------------


@pytest.mark.parametrize("key", ["csv", "xlsx", "ods"])
def test_export_has_the_chosen_columns_in_the_order_of_the_list(katrin, own, key):
    factories.make_application(own, "Amira", email="amira@example.org")
    saved = make(katrin, columns=["email", "name"], filters="status__exact=new")
    client = client_of(katrin)
    form = client.get(page(saved, "export")).context_data["form"]
    assert form["columns"].value() == ["email", "name"]
    data = {"purpose": "Rundmail", "format": key, "columns": ["email", "name"]}
    sent = client.post(page(saved, "export"), data)
    assert READ[key](b"".join(sent.streaming_content)) == [
        ["Name", "E-Mail"],
        ["Amira", "amira@example.org"],
    ]
    record = ExportRecord.objects.get()
    assert (record.by, record.rows) == (katrin, 1)
    assert record.filter == "Status: neu; Spalten: Name, E-Mail"


def test_without_a_tick_all_columns_come_and_the_log_names_none(katrin, own):
    factories.make_application(own)
    url = reverse("admin:volunteers_application_export")
    sent = client_of(katrin).post(url, {"purpose": "Rundmail", "format": "csv"})
    headings, _row = READ["csv"](b"".join(sent.streaming_content))
    assert len(headings) > 10
    assert ExportRecord.objects.get().filter == ""


def test_column_that_is_gone_is_told_and_never_exported(katrin, own):
    saved = make(katrin, columns=["name", "former"])
    client = client_of(katrin)
    assert "gibt es nicht mehr" in shown(client.get(page(saved, "export")))
    data = {"purpose": "Rundmail", "format": "csv", "columns": ["former"]}
    assert client.post(page(saved, "export"), data).status_code == 200
    assert not ExportRecord.objects.exists()


def test_used_lists_stay_and_others_go(katrin, time_machine):
    time_machine.move_to("2026-03-15 04:00+01:00", tick=False)
    unused, used = make(katrin, name="Alt"), make(katrin, name="Neu")
    time_machine.move_to("2026-03-20 12:00+01:00", tick=False)
    client_of(katrin).get(page(used, "open"))
    time_machine.move_to("2028-03-14 04:00+01:00", tick=False)
    retention.run()
    assert SavedList.objects.count() == 2
    time_machine.move_to("2028-03-15 04:00+01:00", tick=False)
    retention.run()
    assert SavedList.objects.get() == used
    assert unused.pk != used.pk

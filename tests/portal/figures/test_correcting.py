"""Corrections are new rows with a reason; what was published stays beside them."""

import datetime

import pytest
from django.urls import reverse

from portal.figures import chain, recording
from portal.figures.correcting import recount
from portal.figures.models import Figure
from tests import factories
from tests.clients import client_of

pytestmark = pytest.mark.django_db

JUNE = datetime.date(2026, 6, 30)
REASON = "Anmeldungen auf Papier nachgetragen"


@pytest.fixture(autouse=True)
def _july(time_machine):
    time_machine.move_to(datetime.datetime(2026, 7, 20, 2, tzinfo=factories.BERLIN), tick=False)


@pytest.fixture
def circle():
    return factories.make_circle("Kreis Nord")


def sign_up(circle, number):
    june = datetime.datetime(2026, 6, 10, 12, tzinfo=factories.BERLIN)
    times = {"submitted_at": june, "confirmed_at": june}
    return [factories.make_application(circle, f"Person {n}", **times) for n in range(number)]


def of(split, row=""):
    rows = Figure.objects.filter(measure="applications", split=split, row=row, stand=JUNE)
    return list(rows.order_by("revision").values_list("value", "revision", "reason"))


def test_a_late_entry_is_a_new_row_beside_the_published_one(circle):
    sign_up(circle, 7)
    recording.record_due()
    head = chain.head()
    sign_up(circle, 2)
    assert recount(slug="applications", stand=JUNE, reason=REASON) == 5  # city and four splits
    assert of("total") == [(7, 0, ""), (9, 1, REASON)]
    assert of("organisation", str(circle.pk)) == [(7, 0, ""), (9, 1, REASON)]
    assert list(chain.check()) == []
    assert chain.knows(head.short)


def test_counting_again_without_a_difference_writes_nothing(circle):
    sign_up(circle, 7)
    recording.record_due()
    before = Figure.objects.count()
    assert recount(slug="applications", stand=JUNE, reason=REASON) == 0
    assert Figure.objects.count() == before


def test_a_row_that_is_gone_is_corrected_to_nothing(circle):
    [one] = sign_up(circle, 1)
    recording.record_due()
    one.organisation = factories.make_circle("Kreis Süd")
    one.entry = one.organisation
    one.save()
    recount(slug="applications", stand=JUNE, reason=REASON)
    assert of("organisation", str(circle.pk)) == [(1, 0, ""), (0, 1, REASON)]
    assert of("organisation", str(one.organisation.pk)) == [(1, 1, REASON)]
    assert of("total") == [(1, 0, "")]


def test_the_year_is_corrected_with_its_month(circle, time_machine):
    sign_up(circle, 7)
    time_machine.move_to(datetime.datetime(2027, 1, 20, 2, tzinfo=factories.BERLIN), tick=False)
    recording.record_due()
    sign_up(circle, 2)
    recount(slug="applications", stand=JUNE, reason=REASON)
    year = Figure.objects.filter(measure="applications", period="year", split="total")
    assert [one.value for one in year.order_by("revision")] == [7, 9]


def test_a_month_that_is_not_written_down_has_nothing_to_correct(circle):
    assert recount(slug="applications", stand=JUNE, reason=REASON) == 0
    assert not Figure.objects.exists()


def test_staff_correct_on_a_page_and_reports_say_why(circle):
    department = factories.make_organisation("Abteilung Integrationspolitik", type="office")
    staff = client_of(factories.make_member(department, role="staff").user)
    sign_up(circle, 7)
    recording.record_due()
    sign_up(circle, 5)
    data = {"groesse": "applications", "monat": "2026-06", "grund": REASON}
    response = staff.post(reverse("admin:correct_figures"), data, follow=True)
    assert response.redirect_chain == [(reverse("admin:reports"), 302)]
    assert "5 Werte sind berichtigt." in response.content.decode()
    report = staff.get(reverse("admin:reports", query={"groesse": "applications"}))
    assert f"ganze Stadt, 06/2026: berichtigt. {REASON}" in report.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"groesse": "applications", "monat": "2026-06", "grund": " "},
        {"groesse": "nichts", "monat": "2026-06", "grund": REASON},
        {"groesse": "applications", "monat": "1999-01", "grund": REASON},
        {"groesse": "applications", "monat": "2026-06", "grund": "a\x00bcdef"},
        {"groesse": "applications", "monat": "2026-06", "grund": "x" * 301},
    ],
)
def test_a_correction_needs_a_figure_a_month_and_a_reason(circle, data):
    admin = client_of(factories.make_user("adm@example.org", is_superuser=True))
    sign_up(circle, 7)
    recording.record_due()
    assert admin.post(reverse("admin:correct_figures"), data).status_code == 422
    assert not Figure.objects.filter(revision__gt=0).exists()


def test_what_the_city_states_is_in_the_chain_and_a_change_is_a_correction():
    figure = factories.make_key_figure()
    recording.record_due()
    recording.record_due()
    [stated] = Figure.objects.filter(measure="key:freundeskreise")
    assert (stated.value, stated.stand, stated.source) == (39, figure.as_of, figure.source)
    figure.value = 38
    figure.save()
    recording.record_due()
    values = Figure.objects.filter(measure="key:freundeskreise").order_by("revision")
    assert [one.value for one in values] == [39, 38]
    assert values[1].reason == "In den Kennzahlen geändert am 20.07.2026."
    assert list(chain.check()) == []


def test_a_correction_passes_the_same_guard(circle):
    """Two rows of at most four that make eight together say too much."""
    sign_up(circle, 2)
    sign_up(factories.make_circle("Kreis Süd"), 3)
    recording.record_due()
    sign_up(circle, 2)
    sign_up(factories.make_circle("Kreis West"), 4)
    recount(slug="applications", stand=JUNE, reason=REASON)
    rows = Figure.objects.filter(measure="applications", split="organisation").newest()
    lowest, highest = (sum(getattr(one, end) or 0 for one in rows) for end in ("low", "high"))
    total = Figure.objects.filter(measure="applications", split="total").newest().get()
    assert total.value == 11
    assert not lowest or (lowest + 3 <= total.high and highest - 3 >= total.low)

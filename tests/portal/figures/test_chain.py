"""What was published is chained: whoever changes or removes a row is found, and a report's head proves it."""

import datetime
import io

import pgtrigger
import pytest
from django.core.management import CommandError, call_command

from portal.figures import chain, recording
from portal.figures.models import Figure
from tests import factories
from volunteers.models import Volunteer
from volunteers.privacy import erasing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(time_machine):
    """Figures of two months, with a person in them."""
    june = datetime.datetime(2026, 6, 10, 12, tzinfo=factories.BERLIN)
    time_machine.move_to(datetime.datetime(2026, 8, 20, 2, tzinfo=factories.BERLIN), tick=False)
    circle = factories.make_circle()
    factories.make_application(circle, submitted_at=june, confirmed_at=june)
    recording.record_due()
    assert Figure.objects.count() > 10


def check(**options):
    out, err = io.StringIO(), io.StringIO()
    call_command("figures", check=True, stdout=out, stderr=err, **options)
    return out.getvalue()


def complaints(**options):
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="not as they were published"):
        call_command("figures", check=True, stdout=out, stderr=err, **options)
    return err.getvalue()


def test_an_untouched_chain_is_whole_and_says_its_head():
    assert chain.head().digest in check(head=chain.head().short)


CHANGES = {
    "value": 77,
    "people": 3,
    "shown": 1,
    "low": 0,
    "high": 99,
    "label": "Freundeskreis Süd",
    "row": "12345",
    "stand": datetime.date(2026, 5, 31),
    "source": "geraten",
    "measure": "visits",
    "split": "field",
    "period": "year",
    "salt": "0" * 32,
    "recorded_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_row_is_named(column):
    figure = Figure.objects.get(
        measure="applications", split="total", stand=datetime.date(2026, 6, 30)
    )
    with pgtrigger.ignore("portal.Figure:figures_are_final"):
        Figure.objects.filter(pk=figure.pk).update(**{column: CHANGES[column]})
    told = complaints()
    assert f"Figure {figure.number} was changed" in told
    assert len(told.splitlines()) == 1


def test_every_column_is_in_the_hash():
    columns = {field.name for field in Figure._meta.local_fields}
    assert columns - set(chain.HASHED) == {"id", "digest"}


def test_a_removed_row_is_named():
    with pgtrigger.ignore("portal.Figure:figures_are_final"):
        Figure.objects.filter(number=3).delete()
    assert "Figure 3 is missing" in complaints()


def test_removed_rows_at_the_end_are_found_by_the_head_of_a_report():
    printed = chain.head().short
    with pgtrigger.ignore("portal.Figure:figures_are_final"):
        Figure.objects.filter(number=chain.head().number).delete()
    check()
    assert f"No figure has the head {printed}" in complaints(head=printed)


def test_two_rows_with_the_same_content_have_different_hashes():
    digests = list(Figure.objects.values_list("digest", flat=True))
    assert len(set(digests)) == len(digests)


def test_deleting_a_person_and_merging_away_an_organisation_leave_the_chain_whole():
    before = chain.head()
    person = Volunteer.objects.get()
    assert erasing.erase_volunteer(volunteer=person.pk, due=Volunteer.objects.all())
    assert not Volunteer.objects.exists()
    assert list(chain.check()) == []
    assert chain.head() == before


def test_no_figure_points_at_anything():
    assert not [field for field in Figure._meta.get_fields() if field.is_relation]

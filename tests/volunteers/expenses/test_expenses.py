"""Expenses: entered by link with a photograph, decided by others, paid once; the receipt goes with the end."""

import datetime
import io
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from programs import images
from tests import factories
from tests.programs.test_images import from_a_phone, png_that_says
from tests.shown import photo
from volunteers import reminders
from volunteers.errors import TransitionNotAllowed
from volunteers.links import applications as application_links
from volunteers.models import Expense, Receipt
from volunteers.privacy import retention
from volunteers.services import expenses as services

pytestmark = pytest.mark.django_db


def page(application, name="expenses", *args):
    return reverse(f"volunteers:{name}", args=[application_links.status_token(application), *args])


def sent(data=None, name="beleg.jpg", **changes):
    file = SimpleUploadedFile(name, photo() if data is None else data)
    typed = {"kind": "ticket", "amount": "3,10", "on": timezone.localdate().isoformat()}
    return {"receipt": file, **typed, **changes}


def paid(amount="3.10", *, on=None, kind="ticket", uploaded=b"a"):
    on = on or timezone.localdate()
    amount = Decimal(amount)
    return services.Paid(kind=kind, on=on, amount=amount, uploaded=uploaded, receipt=photo())


def in_words(response):
    return response.content.decode()


# --- Who may, and how much ------------------------------------------------------------------------


@pytest.mark.slow
def test_expense_is_entered_on_the_phone_with_a_photograph(client, application):
    response = client.post(page(application), sent(), follow=True)
    assert "Danke, Ihre Auslage ist eingereicht" in response.text
    assert response.status_code == 200
    expense = Expense.objects.get()
    assert (expense.status, expense.kind, expense.amount) == (
        "submitted",
        "ticket",
        Decimal("3.10"),
    )
    assert "In diesem Jahr sind noch 46,90 € übrig." in in_words(response)
    assert "3,10 €" in in_words(response)


def test_programme_that_refunds_nothing_offers_nothing(client, application, programme):
    status = reverse("volunteers:status", args=[application_links.status_token(application)])
    assert page(application) in in_words(client.get(status))
    type(programme).objects.filter(pk=programme.pk).update(expenses_a_year=0)
    assert page(application) not in in_words(client.get(status))
    assert client.get(page(application)).headers["Location"] == status
    with pytest.raises(services.NothingRefunded):
        services.submit_expense(application=application, paid=paid())


def test_nobody_enters_expenses_before_they_have_begun(client, circle, programme):
    fresh = factories.make_application(circle, entry=programme)
    assert client.get(page(fresh)).status_code == 302
    with pytest.raises(services.NothingRefunded):
        services.submit_expense(application=fresh, paid=paid())


def test_opportunity_of_a_programme_counts_for_the_programme(circle, programme, application):
    """One limit for the person, whatever number of applications."""
    entry = factories.make_entry(organisation=circle, part_of=programme)
    second = factories.make_engaged(circle, entry=entry, volunteer=application.volunteer)
    services.submit_expense(application=application, paid=paid("30", uploaded=b"a"))
    with pytest.raises(services.ExpenseRefused, match="20,00 €") as refused:
        services.submit_expense(application=second, paid=paid("20.01", uploaded=b"b"))
    assert refused.value.field == "amount"
    services.submit_expense(application=second, paid=paid("20", uploaded=b"b"))


def test_what_is_declined_or_withdrawn_does_not_count(application, coordinator):
    for number in range(2):
        expense = services.submit_expense(
            application=application, paid=paid("50", uploaded=bytes([number]))
        )
        if number:
            services.withdraw_expense(expense=expense)
        else:
            services.decline_expense(expense=expense, reason="Nein", by=coordinator)
    services.submit_expense(application=application, paid=paid("50", uploaded=b"z"))


def test_limit_is_that_of_the_year_of_the_expense(circle, programme, time_machine):
    time_machine.move_to(datetime.datetime(2027, 1, 10, 12, tzinfo=datetime.UTC))
    application = factories.make_engaged(circle, entry=programme)
    last_year = datetime.date(2026, 12, 30)
    services.submit_expense(application=application, paid=paid("50", on=last_year, uploaded=b"a"))
    services.submit_expense(application=application, paid=paid("50", uploaded=b"b"))
    with pytest.raises(services.ExpenseRefused, match="2026"):
        services.submit_expense(
            application=application, paid=paid("1", on=last_year, uploaded=b"c")
        )


def test_lowered_limit_leaves_nothing_and_not_less(client, application, programme):
    services.submit_expense(application=application, paid=paid("50"))
    type(programme).objects.filter(pk=programme.pk).update(expenses_a_year=10)
    assert "noch 0,00 € übrig" in in_words(client.get(page(application)))


@pytest.mark.parametrize(
    ("days", "says"),
    [(1, "liegt in der Zukunft"), (-61, "liegt vor der Anmeldung")],
)
def test_day_lies_between_the_application_and_today(client, application, days, says):
    day = timezone.localdate() + datetime.timedelta(days=days)
    response = client.post(page(application), sent(on=day.isoformat()))
    assert (response.status_code, Expense.objects.count()) == (422, 0)
    assert says in in_words(response)


def test_what_is_long_ago_is_not_refunded(circle, programme):
    application = factories.make_engaged(circle, entry=programme, days=400)
    day = timezone.localdate() - datetime.timedelta(days=200)
    with pytest.raises(services.ExpenseRefused, match="6 Monate"):
        services.submit_expense(application=application, paid=paid(on=day))


@pytest.mark.parametrize("amount", ["", "0", "-1", "drei", "1,234", "99999999", "NaN", "3\x00"])
def test_odd_amounts_get_a_sentence_and_what_was_typed_stays(client, application, amount):
    response = client.post(page(application), sent(amount=amount))
    assert (response.status_code, Expense.objects.count()) == (422, 0)
    assert "error-summary" in in_words(response)
    assert 'value="ticket"' in in_words(response)
    assert "Bitte wählen Sie es noch einmal aus" in in_words(response)


def test_double_click_makes_one_expense(client, application):
    for _ in range(2):
        assert client.post(page(application), sent()).status_code == 302
    assert Expense.objects.count() == 1


def test_one_receipt_pays_for_one_thing(client, application):
    client.post(page(application), sent())
    response = client.post(page(application), sent(amount="4,10"))
    assert "Mit diesem Beleg haben Sie schon etwas eingereicht." in in_words(response)
    assert Expense.objects.count() == 1


# --- The receipt ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Diese Datei ist leer. Bitte fügen Sie ein Foto des Belegs hinzu."),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", images.IS_PDF),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", images.IS_HEIC),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", images.NO_IMAGE),
        (b"MZ\x90\0", images.NO_IMAGE),
        (photo(form="GIF"), images.NO_IMAGE),
        (photo()[:3000], images.NO_IMAGE),
        (png_that_says(60_000, 60_000), images.TOO_MANY),
        (photo(size=(100, 80)), images.TOO_NARROW),
        (photo(size=(4000, 100)), images.TOO_NARROW),
        (b"\xff\xd8\xff" + b"x" * images.MAX_BYTES, images.TOO_LARGE),
    ],
)
def test_what_is_no_photograph_is_refused_with_a_sentence(client, application, data, sentence):
    response = client.post(page(application), sent(data, name="beleg.jpg"))
    assert response.status_code == 422
    assert str(sentence) in in_words(response)
    assert not Receipt.objects.exists()


def test_stored_receipt_has_the_pixels_and_nothing_else(client, application):
    client.post(page(application), sent(from_a_phone()))
    data = bytes(Receipt.objects.get().data)
    stored = Image.open(io.BytesIO(data))
    assert (stored.format, stored.size) == ("JPEG", (800, 1200))
    assert not stored.getexif()
    assert b"Xanthippe" not in data


def test_long_receipt_of_a_till_is_taken(client, application):
    client.post(page(application), sent(photo(size=(400, 3000))))
    stored = Image.open(io.BytesIO(bytes(Receipt.objects.get().data)))
    assert stored.height == images.RECEIPT_SIDE


def test_receipt_is_seen_in_the_page_of_those_who_decide_only(client, application, coordinator):
    expense = factories.make_expense(application)
    path = reverse("admin:volunteers_expense_change", args=[expense.pk])
    client.force_login(coordinator)
    assert "data:image/jpeg;base64," in in_words(client.get(path))
    client.force_login(factories.make_member(factories.make_circle("Botnang")).user)
    assert client.get(path).status_code == 404


# --- Life -----------------------------------------------------------------------------------------


def test_person_withdraws_until_somebody_has_decided(client, application, coordinator):
    first, second = factories.make_expense(application), factories.make_expense(application)
    client.post(page(application, "withdraw_expense", first.pk))
    services.approve_expense(expense=second, by=coordinator)
    response = client.post(page(application, "withdraw_expense", second.pk))
    assert response.status_code == 410
    assert [e.status for e in Expense.objects.order_by("pk")] == ["withdrawn", "approved"]
    assert list(Receipt.objects.values_list("expense", flat=True)) == [second.pk]


def test_foreign_expense_is_not_withdrawn(client, circle, application, programme):
    other = factories.make_engaged(circle, "Ben Weber", entry=programme)
    expense = factories.make_expense(other)
    client.post(page(application, "withdraw_expense", expense.pk))
    expense.refresh_from_db()
    assert expense.status == "submitted"


def test_decision_reaches_the_person_with_its_reason(client, application, coordinator, run_jobs):
    client.force_login(coordinator)
    expense = factories.make_expense(application)
    step = reverse("admin:volunteers_expense_step", args=[expense.pk, "ablehnen"])
    assert client.post(step, {"reason": " "}).status_code == 422
    client.post(step, {"reason": "Der Beleg ist nicht zu lesen."})
    expense.refresh_from_db()
    assert (expense.status, expense.decided_by) == ("declined", coordinator)
    assert not Receipt.objects.exists()
    run_jobs()
    assert "Der Beleg ist nicht zu lesen." in mail.outbox[-1].body
    assert mail.outbox[-1].to == [application.email]


def test_nobody_decides_about_their_own(client, circle, programme):
    user = factories.make_user("selbst@example.org")
    factories.make_member(circle, user)
    own = factories.make_engaged(circle, "Sie Selbst", entry=programme, email="selbst@example.org")
    expense = factories.make_expense(own)
    with pytest.raises(services.OwnExpense):
        services.approve_expense(expense=expense, by=user)
    with pytest.raises(services.OwnExpense):
        services.decline_expense(expense=expense, reason="Nein", by=user)
    approved = factories.make_expense(own, status="approved")
    with pytest.raises(services.OwnExpense):
        services.mark_paid(expenses=[approved], by=user)
    client.force_login(user)
    path = reverse("admin:volunteers_expense_change", args=[expense.pk])
    assert "Das ist Ihre eigene Auslage." in in_words(client.get(path))


def test_own_is_also_known_by_the_account_of_the_person(circle, programme):
    user = factories.make_user("konto@example.org")
    volunteer = factories.make_volunteer("Vera", email="vera@example.org", user=user)
    own = factories.make_engaged(
        circle, "Vera", entry=programme, volunteer=volunteer, email="vera@example.org"
    )
    with pytest.raises(services.OwnExpense):
        services.approve_expense(expense=factories.make_expense(own), by=user)


def test_only_what_waits_is_decided(application, coordinator):
    expense = services.approve_expense(expense=factories.make_expense(application), by=coordinator)
    with pytest.raises(TransitionNotAllowed):
        services.decline_expense(expense=expense, reason="Doch nicht", by=coordinator)


def test_list_for_the_cash_office_changes_nothing_and_paid_is_marked_once(
    client, application, coordinator, run_jobs
):
    client.force_login(coordinator)
    approved = factories.make_expense(application, "7.25", status="approved")
    waiting = factories.make_expense(application)
    listed = reverse("admin:volunteers_expense_export") + "?status__exact=approved"
    response = client.post(listed, {"format": "xlsx", "purpose": "Kasse"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = next(row for row in rows if row[0] == approved.pk)
    assert found[2:5] == ["Fahrkarte", 7.25, "Amira Haddad"]
    assert not any(row[0] == waiting.pk for row in rows)
    assert set(Expense.objects.values_list("status", flat=True)) == {"approved", "submitted"}
    action = {
        "action": "mark_selected_as_paid",
        "_selected_action": [approved.pk, waiting.pk],
    }
    for _ in range(2):
        client.post(reverse("admin:volunteers_expense_changelist"), action)
    approved.refresh_from_db()
    assert (approved.status, approved.paid_by) == ("paid", coordinator)
    assert not Receipt.objects.filter(expense=approved).exists()
    assert Expense.objects.get(pk=waiting.pk).status == "submitted"
    run_jobs()
    assert [one.subject for one in mail.outbox] == ["Ihre Auslage ist ausgezahlt: WillkommensPaten"]


def test_what_no_page_showed_is_not_marked_as_paid(client, application, coordinator):
    client.force_login(coordinator)
    expense = factories.make_expense(application, status="approved")
    data = {
        "action": "mark_selected_as_paid",
        "_selected_action": [expense.pk],
        "select_across": "1",
    }
    client.post(reverse("admin:volunteers_expense_changelist"), data)
    expense.refresh_from_db()
    assert expense.status == "approved"


def test_several_are_approved_from_the_list(client, application, coordinator):
    client.force_login(coordinator)
    found = [factories.make_expense(application) for _ in range(3)]
    data = {"action": "approve_selected", "_selected_action": [one.pk for one in found[:2]]}
    client.post(reverse("admin:volunteers_expense_changelist"), data)
    assert [e.status for e in Expense.objects.order_by("pk")] == [
        "approved",
        "approved",
        "submitted",
    ]


@pytest.mark.slow
def test_list_takes_the_same_queries_for_1_and_20_rows(
    client, application, coordinator, django_assert_max_num_queries
):
    client.force_login(coordinator)
    for _ in range(20):
        factories.make_expense(application)
    url = reverse("admin:volunteers_expense_changelist")
    client.get(url)
    with django_assert_max_num_queries(10):
        client.get(url)


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 0}, {"status": "declined", "reason": ""}, {"status": "paid", "closed_at": None}],
)
def test_database_refuses_what_makes_no_sense(application, wrong):
    expense = factories.make_expense(application)
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=expense.pk).update(**wrong)


# --- Waiting and going ----------------------------------------------------------------------------


@pytest.mark.slow
def test_waiting_expenses_stand_on_the_worklist(client, application, coordinator):
    client.force_login(coordinator)
    for _ in range(3):
        factories.make_expense(application)
    start = in_words(client.get(reverse("admin:index")))
    assert "Auslagen warten" in start
    assert "volunteers/expense/?status__exact=submitted" in start


@pytest.mark.slow
def test_coordinators_are_reminded_once_a_week(application, coordinator, time_machine, run_jobs):
    begin = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
    time_machine.move_to(begin)
    factories.make_expense(application)
    counts = []
    for days in (6, 7, 8, 13, 14):
        time_machine.move_to(begin + datetime.timedelta(days=days))
        reminders.send_due()
        run_jobs()
        about = "Eine Auslage wartet auf Ihre Entscheidung"
        counts.append(sum(one.subject == about for one in mail.outbox))
    assert counts == [0, 1, 1, 1, 2]


@pytest.mark.slow
def test_closed_expenses_are_deleted_a_year_later(application, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC))
    kept = factories.make_expense(application)
    gone = factories.make_expense(application, status="paid")
    time_machine.move_to(datetime.datetime(2027, 11, 1, 9, tzinfo=datetime.UTC))
    retention.run()
    assert Expense.objects.filter(pk=gone.pk).exists()
    time_machine.move_to(datetime.datetime(2027, 11, 3, 9, tzinfo=datetime.UTC))
    retention.run()
    assert list(Expense.objects.values_list("pk", flat=True)) == [kept.pk]

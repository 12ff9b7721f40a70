"""Deleting a person: nothing of them is left, others hear what they have to, figures stay."""

import pytest

from tests import everything
from volunteers.models import OutgoingMail
from volunteers.privacy.erasing import erase_person
from volunteers.sections.parts import Person

pytestmark = pytest.mark.django_db(transaction=True)

STANDS_IN = {
    "account_emailaddress",
    "django_admin_log",
    "mfa_authenticator",
    "sessions, decoded",
    "volunteers_application",
    "volunteers_certificate",
    "volunteers_checkin",
    "volunteers_companionrequest",
    "volunteers_exportrecord",
    "volunteers_hoursentry",
    "volunteers_invitation",
    "volunteers_message",
    "volunteers_outgoingmail",
    "volunteers_registration",
    "volunteers_statuschange",
    "volunteers_steprecord",
    "volunteers_tandem",
    "volunteers_user",
    "volunteers_volunteer",
}
"""Where the search finds the person before; so it can find."""
PERSON = Person((everything.EMAIL,), "")


def test_nothing_is_left_of_a_deleted_person(run_jobs, smtp_server):
    """Every column of every table, and every file, is searched before and after."""
    built = everything.build()
    before = everything.where()
    assert {name.rpartition(".")[2] for name in before if "/" not in name} >= STANDS_IN
    assert any("/imports/" in name for name in before)
    erase_person(person=PERSON)
    assert built.client.get("/meine-seite/").status_code == 302
    [last] = OutgoingMail.objects.filter(recipients__contains=[everything.EMAIL])
    assert last.forget
    run_jobs()
    assert [one["Subject"] for one in smtp_server.messages if one["To"] == everything.EMAIL] == [
        "Ihre Daten sind gelöscht"
    ]
    assert everything.where() == {}

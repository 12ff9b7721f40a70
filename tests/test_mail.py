"""Mail leaves the portal once, and only after the commit that it speaks of."""

import pytest
from django.core.mail import send_mail

pytestmark = pytest.mark.django_db(transaction=True)


def test_queued_mail_is_delivered_by_the_worker(smtp_server, run_jobs):
    send_mail("Bestätigung für Jürgen", "Grüß Gott", None, ["juergen@example.org"])
    assert smtp_server.messages == []

    run_jobs()

    (message,) = smtp_server.messages
    assert message["Subject"] == "Bestätigung für Jürgen"
    assert message.get_content().strip() == "Grüß Gott"

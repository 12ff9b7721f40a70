"""Mails that wait for a mail server that is down go as soon as it is back, and lose no try by it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import send_mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from volunteers.models import OutgoingMail
from volunteers.notifications import waiting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def write(count=3):
    for number in range(count):
        send_mail(f"Mail {number}", "Grüß Gott", None, [f"a{number}@example.org"])


def query(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def due():
    """How many mails may be tried now."""
    ((count,),) = query(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at <= now()"
    )
    return count


def knock():
    """As a worker does it; in a thread, because a browser of tests before may keep a loop in this one."""

    async def knocked():
        connector = app.connector
        assert isinstance(connector, DjangoConnector)
        with app.replace_connector(connector.get_worker_connector()) as its_app:
            async with its_app.open_async():
                await waiting.knock(its_app.connector)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(knocked())).result()


def tries():
    return [attempts for (attempts,) in query("SELECT attempts FROM procrastinate_jobs")]


def test_one_knocks_and_the_others_follow(smtp_server, run_jobs):
    smtp_server.stop()
    write()
    run_jobs()
    assert (due(), tries()) == (0, [1, 1, 1])

    knock()
    assert (due(), sorted(tries())) == (1, [0, 1, 1])
    run_jobs()
    assert (due(), tries()) == (0, [1, 1, 1]), "still away: the try did not count"

    smtp_server.start()
    knock()
    run_jobs()
    assert len(smtp_server.messages) == 3
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


def test_each_mail_that_is_taken_draws_some_and_not_all(smtp_server, run_jobs, monkeypatch):
    monkeypatch.setattr(waiting, "FOLLOW", 2)
    smtp_server.stop()
    write(5)
    run_jobs()
    waiting.follow()
    assert due() == 2


def test_address_that_is_refused_for_now_waits_its_time(smtp_server, run_jobs):
    smtp_server.answers["a0@example.org"] = "450 later"
    write()
    run_jobs()
    knock()
    waiting.follow()
    assert due() == 0
    assert len(smtp_server.messages) == 2


def test_mail_that_cannot_be_written_down_is_not_sent(smtp_server, run_jobs):
    """As on a full disk: otherwise it would be sent again with every try."""
    write(1)
    query(
        "CREATE FUNCTION public.full_of_test() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
    )
    query(
        "CREATE TRIGGER full_of_test BEFORE UPDATE ON volunteers_outgoingmail"
        " FOR EACH ROW EXECUTE FUNCTION public.full_of_test()"
    )
    try:
        run_jobs()
    finally:
        query("DROP TRIGGER full_of_test ON volunteers_outgoingmail")
        query("DROP FUNCTION public.full_of_test()")
    assert smtp_server.messages == []
    query("UPDATE procrastinate_jobs SET scheduled_at = now()")
    run_jobs()
    assert len(smtp_server.messages) == 1

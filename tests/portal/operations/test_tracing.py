"""One number for a request, its log lines, its jobs and its mails."""

import io
import json
import logging
import re

import pytest
from django.core.mail import send_mail
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from portal.operations import logs
from portal.operations.requests import Handler
from programs import tracing
from tests import factories
from volunteers.models import GroupMessage, GroupRecipient, OutgoingMail
from volunteers.services.group_messages import SEND_TASK

GOOD = "3f2a9c1d-proxy_77"
BAD = [
    "short",
    "a" * 65,
    "with space in it",
    "<script>alert(1)",
    "böse-böse-böse",
    "x\r\nSet-Cookie: a=1",
]


@pytest.fixture(autouse=True)
def _nothing_runs():
    """Nothing of a test stays bound for the next one; the connection of the test stays open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
    tracing.begin(tracing.Trace())


def ask(path: str, method: str = "GET", **environ: str) -> tuple[str, dict[str, str], str]:
    """Status, headers and body, as a web server gets them."""
    answer: list[object] = []
    given = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "QUERY_STRING": "",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **environ,
    }
    body = Handler()(given, lambda *said: answer.extend(said))
    text = b"".join(body).decode()
    body.close()
    return answer[0], dict(answer[1]), text


def test_an_answer_bears_a_number_of_its_own():
    numbers = {ask("/livez")[1]["X-Request-ID"] for _ in range(20)}
    assert len(numbers) == 20
    assert all(tracing.is_well_formed(number) for number in numbers)


@pytest.mark.parametrize("given", [GOOD, *BAD])
def test_the_number_of_a_visitor_is_not_taken(settings, given):
    settings.BEHIND_PROXY = False
    assert ask("/livez", HTTP_X_REQUEST_ID=given)[1]["X-Request-ID"] != given


def test_the_number_of_the_proxy_is_taken(settings):
    settings.BEHIND_PROXY = True
    assert ask("/livez", HTTP_X_REQUEST_ID=GOOD)[1]["X-Request-ID"] == GOOD


@pytest.mark.parametrize("given", ["", *BAD])
def test_a_number_that_is_none_is_not_taken_from_the_proxy_either(settings, given):
    settings.BEHIND_PROXY = True
    number = ask("/livez", HTTP_X_REQUEST_ID=given)[1]["X-Request-ID"]
    assert number != given
    assert re.fullmatch("[0-9a-f]{16}", number)


@pytest.mark.django_db
def test_a_page_that_is_kept_does_not_repeat_a_number():
    answers = [ask("/woerter/") for _ in range(3)]
    again = ask("/woerter/", HTTP_IF_NONE_MATCH=answers[0][1]["ETag"])
    assert [status for status, _headers, _text in answers] == ["200 OK"] * 3
    assert len({headers["ETag"] for _status, headers, _text in answers}) == 1
    assert again[0] == "304 Not Modified"
    numbers = [headers["X-Request-ID"] for _status, headers, _text in (*answers, again)]
    assert len(set(numbers)) == 4


class Lines(logging.Handler):
    """Keeps each line as it goes into the log with ``LOG_FORMAT=json``."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.JsonFormatter())
        self.said: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(json.loads(self.format(record)))


@pytest.fixture
def said():
    """The lines of the portal and of procrastinate."""
    handler = Lines()
    loggers = [logging.getLogger(name) for name in ("portal", "procrastinate")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield handler.said
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/en/mitmachen/", "mitmachen/", 200),
        ("/", "/", 200),
        ("/einsatz/gibt-es-nicht/", "einsatz/<slug:slug>/", 404),
        ("/geheim@example.org/", "other", 404),
        ("/static/css/gibt-es-nicht.css", "static", 404),
    ],
)
def test_a_line_names_the_route_and_not_the_path(settings, said, path, route, status):
    settings.LOG_REQUESTS = True
    number = ask(path)[1]["X-Request-ID"]
    (line,) = said
    assert line["request_id"] == number
    assert (line["method"], line["route"], line["status"]) == ("GET", route, status)
    assert line["level"] == "INFO"
    assert "geheim" not in json.dumps(line)


@pytest.mark.django_db
def test_no_line_unless_it_is_asked_for(said):
    ask("/livez")
    assert said == []


def test_a_method_that_somebody_made_up_is_not_written_down(settings, said):
    settings.LOG_REQUESTS = True
    ask("/livez", method="ÜBERFALL")
    (line,) = said
    assert line["method"] == "other"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_mail_is_followed_from_the_request_to_its_delivery(smtp_server, run_jobs, said):
    tracing.begin(tracing.Trace(GOOD))
    send_mail("Betreff", "Text", None, ["xanthippe@example.org"])
    mail = OutgoingMail.objects.get()
    tracing.begin(tracing.Trace())
    run_jobs()
    (message,) = smtp_server.messages
    assert message["X-Request-ID"] == GOOD
    job = ProcrastinateJob.objects.get()
    its = [line for line in said if line.get("request_id") == GOOD]
    assert [line["message"] for line in its if line["logger"] == "portal.mail"] == [
        f"Mail {mail.pk} waits",
        f"Mail {mail.pk} is delivered",
    ]
    assert "ended with status: Success" in its[-1]["message"]
    assert (its[-1]["job"], its[-1]["task"]) == (job.pk, "deliver_mail")
    assert "xanthippe" not in json.dumps(said)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_goes_on_with_the_number_of_its_request_and_so_do_its_mails(
    queued_mail, run_jobs, said
):
    group = message_to_many()
    tracing.begin(tracing.Trace(GOOD))
    app.configure_task(SEND_TASK, queue="mail").defer(group_id=group, **tracing.carried())
    tracing.begin(tracing.Trace())
    run_jobs()
    assert b"X-Request-ID: " + GOOD.encode() in bytes(OutgoingMail.objects.get().content)
    assert {line["request_id"] for line in said if line.get("task") == SEND_TASK} == {GOOD}


def message_to_many() -> int:
    """The number of a message that the worker has not written yet."""
    circle = factories.make_circle()
    application = factories.make_application(circle, status="new")
    group = GroupMessage.objects.create(organisation=circle, text="Guten Tag")
    GroupRecipient.objects.create(group=group, application=application, outcome="waiting")
    return group.pk


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_without_a_request_begins_a_number_of_its_own(run_jobs, said):
    app.configure_task("sign_of_life", queue="jobs").defer(timestamp=0)
    run_jobs()
    job = ProcrastinateJob.objects.get()
    ended = [line for line in said if "ended with status" in line["message"]]
    assert [line["request_id"] for line in ended] == [f"job-{job.pk:06}"]


def test_a_number_in_a_mail_that_is_none_is_left_alone():
    tracing.begin(tracing.Trace("job-000012"))
    for head in (
        b"X-Request-ID: a b c d e f g h",
        b"X-Request-ID: kurz",
        b"Subject: X-Request-ID: " + b"a" * 20,
    ):
        tracing.go_on(head + b"\r\n\r\nX-Request-ID: in-the-text-of-it")
        assert tracing.current().number == "job-000012"

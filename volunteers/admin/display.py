"""How the admin shows people, addresses and statuses."""

import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from programs.addresses import admin_path
from programs.phones import dialled

from ..models import Application, CompanionRequest


def status_badge(status: str) -> SafeString:
    label = Application.Status(status).label
    return format_html('<span class="badge badge-{}">{}</span>', status, label)


def badge(status: str, label: str) -> SafeString:
    return format_html('<span class="badge badge-{}">{}</span>', status, label)


def mail_link(address: str) -> SafeString | str:
    """A link to write to the address; a dash for people without one."""
    if not address:
        return "–"
    return format_html('<a href="mailto:{0}">{0}</a>', address)


def phone_link(number: str) -> SafeString | str:
    """A number that a phone can dial."""
    if not number:
        return "–"
    return format_html('<a class="phone" href="tel:{}">{}</a>', dialled(number), number)


def reached(record: Application | CompanionRequest) -> SafeString:
    """The name, which leads to the record, and where the person is reached."""
    ways = [mail_link(record.email)] if record.email else []
    ways += [phone_link(record.phone)] if record.phone else []
    name = format_html('<a href="{}">{}</a>', admin_path(record), record.name)
    return format_html_join(" · ", "{}", ((part,) for part in (name, *ways)))


def answer_mark(application: Application) -> SafeString | str:
    """The day by which an answer is due; when overdue, in red with a sign and as text."""
    if application.status != Application.Status.NEW or application.answer_by is None:
        return "–"
    day = day_label(application.answer_by)
    said = [_("überfällig")] if application.is_overdue else []
    if application.contact_answer == Application.ContactAnswer.NO:
        said.append(_("die Person sagt: niemand hat sich gemeldet"))
    if not said:
        return day
    return format_html(
        '<span class="overdue"><span aria-hidden="true">⚠</span> {} <span>{}</span></span>',
        day,
        ", ".join(said),
    )


def day_label(day: datetime.date) -> str:
    return day.strftime("%d.%m.%Y")


def names(objects: Any) -> str:
    """Names of a prefetched list, separated by commas; a dash for none."""
    return ", ".join(str(item) for item in objects.all()) or "–"


def with_group(application: Application) -> SafeString | str:
    """The name of who signed up, and of the group that comes along."""
    if not application.is_group:
        return application.name
    return format_html("{}<br><bdi>{}</bdi>", application.name, application.group_label)


def rows(items: list[tuple[str, str]]) -> SafeString | str:
    """Links one below the other, from pairs of URL and text."""
    return format_html_join("", '<div><a href="{}">{}</a></div>', items) or "–"

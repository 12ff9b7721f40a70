"""Sending one mail from one template.

A mail to an unconfirmed address never contains text that strangers typed, so that nobody can use
the portal to write to others. Titles of offers, which coordinators choose, stand in it without
links. Its links lead only to the portal, and one mailbox gets only a few such mails an hour, from
all forms together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ..guard import stops
from ..guard.limits import may_mail
from ..links import stopping
from ..models import MailKind
from . import outbox
from .in_german import unmarked

Attachment = tuple[str, bytes, str]
"""File name, content, MIME type."""
LONGEST_SUBJECT = 100


class Mail(EmailMessage):
    forget = False
    """Whether the portal deletes the mail once it is delivered."""
    why = ""
    """The sentence that says why this mailbox gets it; there is one for all mails."""
    stop_url = ""
    """Where people stop mails of this kind; for those that they may stop."""
    written_in = ""
    """Language of what staff wrote by hand in it, and what nobody translates."""
    topic = ""
    was = ""
    """See :class:`News`."""


@dataclass(frozen=True)
class News:
    """A decision that may be taken back at once. Its mails leave ``SECOND_THOUGHTS_SECONDS`` later.

    :meth:`to_tell` comes before the mail, in the transaction of the decision.
    """

    topic: str
    """What was decided about, such as the status of one application."""
    was: str
    """What people know, as far as no mail about it is waiting."""
    now: str

    def to_tell(self) -> "News | None":
        """This piece of news as seen by the people, without mails that have not left; None if they know it."""
        known = outbox.take_back(self.topic, was=self.was)
        return None if known == self.now else replace(self, was=known)


def send(
    to: str,
    subject: str,
    template: str,
    attachments: Sequence[Attachment] = (),
    *,
    offer: str = "",
    why: str = "",
    reply_to: str = "",
    forget: bool = False,
    unasked: bool = False,
    news: News | None = None,
    kind: MailKind | None = None,
    written_in: str = "",
    leave_url: str = "",
    **context: Any,
) -> None:
    """Put ``templates/mail/<template>.txt`` into the outbox, in the caller's transaction.

    People without an address get none; their pages in the administration say so.
    ``offer`` is the title of what the mail is about; it stands in the subject. An answer goes to
    ``reply_to``. With ``forget`` the portal deletes the mail once it is delivered. With ``unasked``
    somebody else may have typed the address: then links to other sites are removed, and above the
    limit of the mailbox the mail is silently dropped, because whoever typed the address must learn
    nothing. With ``news`` it leaves a little later, unless it is taken back until then. Mails with a
    ``kind`` may be stopped. ``leave_url`` ends what the person has ordered.
    """
    if not to or (kind and stops.holds_back(kind, to)):
        return
    body = str(render_to_string(f"mail/{template}.txt", context))
    if unasked:
        if not may_mail(to):
            return
        offer, body = without_foreign_links(offer), without_foreign_links(body)
        why = why or _(
            "Sie bekommen diese Mail, weil jemand diese Adresse im Freiwilligenportal angegeben hat."
        )
    message = Mail(unmarked(subject_of(subject, offer)), body.strip() + "\n", to=[to])
    message.reply_to = [reply_to] if reply_to else []
    for name, content, mimetype in attachments:
        message.attach(name, content, mimetype)
    message.forget, message.why, message.written_in = forget, why, written_in
    if kind is not None:
        leave_url = stopping.stop_url(kind, to)
    if leave_url:
        message.stop_url = leave_url
        message.extra_headers |= stopping.one_click(leave_url)
    if news is not None:
        message.topic, message.was = news.topic, news.was
    message.send()


def subject_of(text: str, offer: str) -> str:
    """„Ein Platz ist frei: Sprachcafé West“, on one line; a long title is cut.

    Where ``text`` has a colon or a question mark, the title stands in brackets.
    """
    offer = " ".join(offer.split())
    if not offer:
        return text
    form = "%s („%s“)" if {":", "?"} & set(text) else "%s: %s"
    room = LONGEST_SUBJECT - len(form % (text, ""))
    return form % (text, Truncator(offer).chars(max(room, 20)))


LINK = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/\S*)?", re.IGNORECASE
)
"""What mail programs turn into a link, with or without a scheme."""


def without_foreign_links(text: str) -> str:
    """``text`` with „…“ in place of every link that leads to another site."""
    own = settings.SITE_URL + settings.SITE_PATH
    return LINK.sub(lambda found: found[0] if found[0].startswith(own) else "…", text)

"""An issue as a mail: HTML and plain text that say the same, load nothing and count nobody.

Every recipient gets the same mail but for two links in its last lines, so it is rendered once
(:func:`render`) and finished for each (:meth:`Rendered.message`). All other links are those that the
office wrote or that lead to the portal's pages; no address leads through a counter.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from volunteers.notifications.blocks import SIGNATURE, Block, Kind, blocks_of
from volunteers.notifications.finishing import COLOURS, as_sent

from .content import Content, Part
from .own_text import html_of, plain_of

LARGEST = 60_000
"""Bytes of the finished mail with all its headers; some mailboxes cut what is longer than 100 kB."""
LEAVE, CHOOSE = "/-leave-/", "/-choose-/"
"""Stand for the links of the recipient, behind ``SITE_URL``, until the mail is finished."""


@dataclass(frozen=True)
class Links:
    """Where one recipient leaves, and changes what the newsletter is about."""

    leave: str
    choose: str


@dataclass(frozen=True)
class Rendered:
    subject: str
    html: str
    text: str

    def finished(self, links: Links) -> "Rendered":
        site = settings.SITE_URL
        html, text = (
            source.replace(site + LEAVE, links.leave).replace(site + CHOOSE, links.choose)
            for source in (self.html, self.text)
        )
        return Rendered(self.subject, html, text)

    def message(
        self, to: str, links: Links, headers: dict[str, str] | None = None
    ) -> EmailMultiAlternatives:
        mail = self.finished(links)
        message = EmailMultiAlternatives(mail.subject, mail.text, to=[to], headers=headers or {})
        message.attach_alternative(mail.html, "text/html")
        return message

    def size(self) -> int:
        """Bytes of the mail as it is sent, with links as long as they may get."""
        links = Links(leave=LONG_LINK, choose=LONG_LINK)
        headers = {"List-Unsubscribe": f"<{LONG_LINK}>", "Message-ID": LONG_LINK}
        message = self.message(f"{'a' * 64}@{'b' * 60}.example.org", links, headers)
        return len(as_sent(message))


LONG_LINK = "https://" + "x" * 392


@dataclass(frozen=True)
class Shown:
    """A part as the template shows it."""

    title: str
    kind: str
    said: str
    html: SafeString
    blocks: tuple[Block, ...] = field(default=())


def render(content: Content, *, web_url: str) -> Rendered:
    """The mail in the language of the issue; ``web_url`` is its public page."""
    with translation.override(content.language):
        sender = _sender(web_url)
        context = {
            "subject": content.title,
            "language": content.language,
            "direction": "rtl" if get_language_bidi() else "ltr",
            "content": content,
            "parts": [_shown(part) for part in content.parts],
            "sender": blocks_of(sender),
            "home": f"{settings.SITE_URL}{settings.SITE_PATH}/",
            "colours": COLOURS,
        }
        html = render_to_string("mail/newsletter/issue.html", context)
        text = f"{_text_of(content)}\n{SIGNATURE}{sender}\n"
    return Rendered(content.title, str(html), text)


def _shown(part: Part) -> Shown:
    blocks = []
    if part.facts:
        blocks.append(Block(Kind.FACTS, facts=part.facts))
    if part.url:
        blocks.append(Block(Kind.LINK, label=part.label, url=part.url))
    return Shown(part.title, part.kind, part.said, html_of(part.text, styled=True), tuple(blocks))


def _text_of(content: Content) -> str:
    title = content.title
    return "\n\n".join(
        [f"{title}\n{'=' * min(len(title), 70)}", *map(_text_of_part, content.parts)]
    )


def _text_of_part(part: Part) -> str:
    title = f"{part.title}\n{'-' * min(len(part.title), 70)}" if part.title else ""
    facts = "\n".join(f"{label}: {text}" for label, text in part.facts)
    link = f"{part.label}:\n{part.url}" if part.url else ""
    said = [title, plain_of(part.text), part.said, facts, link]
    return "\n\n".join(filter(None, said))


def _sender(web_url: str) -> str:
    """Who sends it, why, and the ways out; as every mail says it (``notifications/finishing.py``)."""
    links = [
        (_("Im Browser lesen"), web_url),
        (_("Themen ändern"), f"{settings.SITE_URL}{CHOOSE}"),
        (_("Newsletter abbestellen"), f"{settings.SITE_URL}{LEAVE}"),
        (_("Impressum"), settings.SITE_URL + reverse("portal:page", args=["impressum"])),
    ]
    return "\n".join(
        [
            _("Landeshauptstadt Stuttgart, Freiwilligenportal"),
            _("Sie bekommen diesen Newsletter, weil Sie ihn bestellt und das bestätigt haben."),
            *(f"{label}:\n{url}" for label, url in links),
        ]
    )

"""The page after a public form: a mail with a link went to the address that was typed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from .. import periods
from ..guard import sent
from .outcomes import Link, Outcome


def page(
    request: HttpRequest,
    purpose: str,
    *,
    text: str,
    period: str,
    heading: str = "",
    waits: bool = True,
    aside: Link | None = None,
) -> HttpResponse:
    """``text`` says what the link is for. With ``waits`` a second form makes no mail for some minutes."""
    found = sent.kept(request, purpose)
    return Outcome(
        title=_("Bitte schauen Sie in Ihr Postfach"),
        heading=heading,
        about=Link(found.about, found.about_url) if found and found.about else None,
        address=found.address if found else "",
        change=Link(_("Adresse falsch? Ändern"), found.again) if found else None,
        text=text,
        points=[period, *_nothing_came(waits=waits)],
        is_mailed=True,
        links=[_more(found)] if found and found.is_short else [],
        aside=aside,
    ).page(request)


def almost_done(
    request: HttpRequest, purpose: str, *, text: str, aside: Link | None = None
) -> HttpResponse:
    """After a form whose sender confirms the address; ``text`` says what the link is for."""
    period = periods.days(settings.SIGN_UP_CONFIRMATION_DAYS)
    return page(
        request,
        purpose,
        heading=_("Fast fertig: Bitte schauen Sie in Ihr Postfach"),
        text=text,
        period=_("Der Link gilt %(period)s.") % {"period": period},
        aside=aside,
    )


def _more(found: sent.Sent) -> Link:
    return Link(_("Mehr über Sie (freiwillig)"), found.with_more, is_strong=False)


def _nothing_came(*, waits: bool) -> list[str]:
    """What to do, true for those who get a mail now and for those who have one already."""
    often, _seconds = settings.RATE_LIMITS["mailbox"]["target"]
    points = [_("Keine Mail da? Sehen Sie bitte auch im Spam-Ordner nach.")]
    if waits:
        minutes = periods.after_minutes_in_words(settings.CONFIRMATION_AGAIN_MINUTES)
        points += [
            _("Haben Sie das Formular gerade schon einmal abgeschickt? Dann gilt die erste Mail."),
            _("Nach %(period)s können Sie das Formular noch einmal abschicken.")
            % {"period": minutes},
        ]
    return [
        *points,
        _("Ein Postfach bekommt höchstens %(number)d solche Mails in einer Stunde.")
        % {"number": often},
    ]

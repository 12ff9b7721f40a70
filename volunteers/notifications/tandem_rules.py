"""Mails about tandems that need attention: numbers only, never who."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.addresses import admin_path, admin_url
from programs.models import Organisation

from ..models import Tandem, TandemRule
from ..periods import after_days
from .people import send_to_members
from .speaking import to_staff

Counts = list[tuple[TandemRule, int]]


@to_staff
def need_attention(organisation: Organisation | None, counts: Counts) -> None:
    """To those who look after the tandems; without an organisation, to the Sozialamt."""
    url = settings.SITE_URL + admin_path(Tandem, achten="ja")
    subject = _("Tandems, um die Sie sich bitte kümmern")
    send_to_members(organisation, subject, "tandems/need_attention", url=url, lines=_lines(counts))


@to_staff
def need_attention_below(organisation: Organisation, counts: Counts) -> None:
    """To the department in charge of ``organisation``; it sees no people there, so the mail counts only."""
    if organisation.department is None:
        return
    send_to_members(
        organisation.department,
        _("Tandems warten bei einer Organisation"),
        "tandems/need_attention_below",
        url=admin_url(organisation),
        below=organisation.title,
        lines=_lines(counts),
    )


def _lines(counts: Counts) -> list[str]:
    """„2 Tandems: lange nichts gehört (seit 60 Tagen)“."""
    return [
        ngettext(
            "%(count)d Tandem: %(event)s (seit %(period)s)",
            "%(count)d Tandems: %(event)s (seit %(period)s)",
            count,
        )
        % {"count": count, "event": rule.get_event_display(), "period": after_days(rule.days)}
        for rule, count in counts
    ]

"""A single date for who was asked: coming, not coming after all, the calendar, and how it was."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.calendar import Moment, moment_file

from ..errors import DomainError
from ..forms.messages import MessageForm
from ..links import dates as links
from ..links import signing
from ..models import DateMessage, DateOffer, DateRequest
from ..models.dates import DateStatus
from ..notifications.dates import all_facts, facts
from ..services import date_offers as services
from .by_link import Elsewhere, by_link, only_posts
from .conversation import Conversation
from .outcomes import Link, Outcome


def by_token(token: str) -> DateOffer:
    offers = DateOffer.objects.select_related("date__district", "volunteer")
    return signing.find(offers, pk=links.read_offer_token(token))


def _comes(offer: DateOffer) -> bool:
    return offer.date.companion_id == offer.volunteer_id


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows, a POST accepts. Place and name are shown to who comes, until it is over."""
    found = by_token(token)
    if request.method == "POST":
        try:
            services.accept(offer=found, shares_phone="phone" in request.POST)
        except DomainError as refusal:
            return _refused(request, found, refusal)
        return redirect("volunteers:date_offer", token)
    return offer_page(request, token)


def offer_page(request: HttpRequest, token: str, form: MessageForm | None = None) -> HttpResponse:
    """The page, also with a message that was refused (422)."""
    found = by_token(token)
    comes = _comes(found)
    if not comes and (found.date.status != DateStatus.OPEN or found.date.has_begun):
        wrong: type[DomainError] = services.NotWantedAnyMore
        if found.date.status == DateStatus.TAKEN:
            wrong = services.SomebodyElseComes
        return _refused(request, found, wrong())
    sees_all = comes and not found.date.is_over
    name = found.date.name if sees_all else ""
    talk = Conversation(found.date, DateMessage.Sender.COMPANION, name, "date_offer_message", form)
    context = {
        "date": found.date,
        "offer": found,
        "token": token,
        "comes": comes and found.date.status == DateStatus.TAKEN,
        "facts": all_facts(found.date) if sees_all else facts(found.date),
        "is_confidential": sees_all,
        "outcomes": DateRequest.Outcome,
        "talk": talk if comes else None,
        "form": form,
    }
    return render(request, "volunteers/dates/offer.html", context, status=422 if form else 200)


def _refused(request: HttpRequest, found: DateOffer, refusal: DomainError) -> HttpResponse:
    return Outcome(
        title=_("Begleitung zu einem Termin"),
        heading=str(found.date),
        text=str(refusal),
        links=[Link(_("Andere offene Termine"), reverse("portal:date_board"))],
    ).page(request)


@by_link
@never_cache
@only_posts("date_offer")
def give_back(request: HttpRequest, token: str) -> HttpResponse:
    with suppress(DomainError):  # not theirs any more: the page says so
        services.give_back(offer=by_token(token))
    return redirect("volunteers:date_offer", token)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """For who comes; for others the page that says where it stands."""
    found = by_token(token)
    if not _comes(found) or found.date.status != DateStatus.TAKEN:
        raise Elsewhere(links.offer_path(found))
    date = found.date
    moment = Moment(
        uid=f"date-{date.public_id}",
        title=str(date.get_kind_display()),
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        place=f"{date.place}, {date.district.short_name}",
        url=links.offer_url(found),
    )
    response = HttpResponse(moment_file(moment), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="termin.ics"'
    return response


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, token: str, outcome: str) -> HttpResponse:
    """A GET asks, because mail programs follow links; the POST stores."""
    found = by_token(token)
    if outcome not in DateRequest.Outcome.values:
        raise Http404
    said = DateRequest.Outcome(outcome)
    page = links.offer_path(found)
    if not _comes(found) or not found.date.has_begun:
        return redirect(page)
    if request.method == "POST":
        with suppress(DomainError):
            noted = services.reply(offer=found, outcome=said)
            return _thanks(request, found, noted=noted)
        return redirect(page)
    if found.date.status == DateStatus.DONE:
        return _thanks(request, found, noted=False)
    return Outcome(
        title=_("Wie war der Termin?"),
        heading=str(found.date),
        text=_("Ihre Antwort: %(answer)s.") % {"answer": said.label},
        button=Link(_("Ja, so war es"), links.offer_path(found, "date_reply", outcome)),
        links=[
            Link(str(one.label), links.offer_path(found, "date_reply", one.value), is_strong=False)
            for one in DateRequest.Outcome
            if one != said
        ],
    ).page(request)


def _thanks(request: HttpRequest, found: DateOffer, *, noted: bool) -> HttpResponse:
    return Outcome(
        title=_("Danke für Ihre Antwort"),
        heading=_("Danke für Ihre Antwort"),
        about=Link(str(found.date), ""),
        text=_("Die Stunden sind für Sie eingetragen.") if noted else _("Ihre Antwort ist da."),
        links=[Link(_("Andere offene Termine"), reverse("portal:date_board"))],
    ).page(request)

"""Answers of both sides of a tandem, each by a link of its own; a GET never changes anything."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models.translated import filled_in

from ..errors import DomainError
from ..forms.tandems import AGAIN, ClosingForm, EndForm, NoteForm
from ..links import signing
from ..links import tandems as tandem_links
from ..models import CheckIn, Tandem
from ..models.companions import Answer, Side, TandemStatus
from ..reads.answering import looked_after
from ..reads.protection import concepts_of_tandems
from ..reads.tandems import answer_of, contact_for, facts_for
from ..services import check_ins, ending
from ..services import tandems as services
from .by_link import by_link
from .outcomes import Link, Outcome

METHODS = ["GET", "HEAD", "POST"]
END = "volunteers/tandems/end.html"
CHECK_IN = "volunteers/tandems/check_in.html"


def by_token(token: str) -> tuple[Tandem, Side]:
    public_id, side = tandem_links.read_side_token(token)
    found = Tandem.objects.select_related("organisation", "request__district", "application__entry")
    return signing.find(found, public_id=public_id), side


def _page(
    request: HttpRequest, template: str, tandem: Tandem, side: Side, **context: Any
) -> HttpResponse:
    form = context.get("form")
    context |= {
        "tandem": tandem,
        "is_newcomer": side == Side.NEWCOMER,
        "who": looked_after(tandem),
        "back": tandem_links.page_of(tandem, side),
        "concern_url": tandem_links.concern_path(tandem, side),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, template, context, status=status)


def too_late(request: HttpRequest, tandem: Tandem, side: Side) -> HttpResponse:
    """The present state, for a click that comes too late."""
    tandem.refresh_from_db()
    more = filled_in(_("Haben Sie eine Frage? Für Sie da ist: %(who)s."), who=looked_after(tandem))
    return Outcome(
        title=_("Hier ist schon alles gesagt"),
        text=_where_it_stands(tandem, side),
        more=more,
        links=[Link(_("Zu Ihrer Seite"), tandem_links.page_of(tandem, side))],
        aside=Link(_("Etwas stimmt nicht?"), tandem_links.concern_path(tandem, side)),
    ).page(request, status=410)


def _where_it_stands(tandem: Tandem, side: Side) -> str:
    if tandem.status == TandemStatus.PROPOSED and answer_of(tandem, side):
        return _(
            "Sie haben schon Ja gesagt. Danke! Jetzt warten wir auf die Antwort der anderen Person."
        )
    if tandem.search_reopened and not tandem.is_alive and tandem.started_on is None:
        return _("Aus diesem Vorschlag ist nichts geworden. Das ist in Ordnung.")
    texts = {
        TandemStatus.RUNNING: _("Ihr Tandem läuft, und Ihre Antwort ist angekommen. Danke!"),
        TandemStatus.DECLINED: _(
            "Aus diesem Vorschlag ist nichts geworden. Das ist in Ordnung; wir suchen weiter."
        ),
        TandemStatus.LAPSED: _(
            "Die Zeit für die Antwort ist vorbei. Das ist in Ordnung; wir suchen weiter."
        ),
    }
    return texts.get(TandemStatus(tandem.status), _("Dieses Tandem ist beendet."))


def _data(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@by_link
@never_cache
@require_http_methods(METHODS)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what is known about the other side; the button says yes or no."""
    tandem, side = by_token(token)
    if tandem.status != TandemStatus.PROPOSED or answer_of(tandem, side):
        return too_late(request, tandem, side)
    if request.method == "POST" and request.POST.get("answer") in Answer.values:
        try:
            services.answer(tandem=tandem, side=side, answer=request.POST["answer"])
        except services.TooLate:
            return too_late(request, tandem, side)
        return redirect(tandem_links.page_of(tandem, side))
    told = {
        "facts": facts_for(tandem, side),
        "protection": concepts_of_tandems([tandem]).get(tandem.pk),
    }
    return _page(request, "volunteers/tandems/answer.html", tandem, side, **told)


@by_link
@never_cache
@require_http_methods(METHODS)
def end(request: HttpRequest, token: str) -> HttpResponse:
    """One side ends the tandem, with a reason."""
    tandem, side = by_token(token)
    if tandem.status != TandemStatus.RUNNING:
        return too_late(request, tandem, side)
    form = EndForm(_data(request), side=side)
    if request.method == "POST" and form.is_valid():
        try:
            ending.end_tandem(tandem=tandem, side=side, **form.ending())
        except ending.NotRunning:
            return too_late(request, tandem, side)
        return redirect(tandem_links.page_of(tandem, side))
    return _page(request, END, tandem, side, form=form)


@by_link
@never_cache
@require_http_methods(METHODS)
def support(request: HttpRequest, token: str) -> HttpResponse:
    """One side asks for help before it was asked."""
    tandem, side = by_token(token)
    if tandem.status != TandemStatus.RUNNING:
        return too_late(request, tandem, side)
    form = NoteForm(_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            check_ins.ask_for_support(tandem=tandem, side=side, **form.cleaned_data)
        except ending.NotRunning:
            return too_late(request, tandem, side)
        return redirect(tandem_links.page_of(tandem, side))
    reply = CheckIn.Reply.SUPPORT.value
    return _page(request, CHECK_IN, tandem, side, form=form, reply=reply)


@by_link
@never_cache
@require_http_methods(METHODS)
def again(request: HttpRequest, token: str) -> HttpResponse:
    """„Wieder bereit?“, the question to the volunteer after the end."""
    tandem, side = by_token(token)
    if side != Side.VOLUNTEER:
        raise Http404
    if not ending.may_say_again(tandem):
        return too_late(request, tandem, side)
    form = ClosingForm(_data(request))
    if tandem.volunteer_closing:
        del form.fields["closing"]
    if request.method == "POST" and form.is_valid():
        ready, closing = AGAIN[form.cleaned_data["again"]], form.cleaned_data.get("closing", "")
        try:
            ending.say_again(tandem=tandem, again=ready, closing=closing)
        except ending.AlreadySaid:
            return too_late(request, tandem, side)
        return redirect(tandem_links.page_of(tandem, side))
    return _page(request, "volunteers/tandems/again.html", tandem, side, form=form)


@by_link
@never_cache
@require_http_methods(METHODS)
def check_in(request: HttpRequest, token: str, reply: str) -> HttpResponse:
    """The page behind one of the three links of „Wie läuft es?“."""
    found = _check_in(token, reply)
    tandem, side = found.tandem, Side(found.side)
    if found.reply or tandem.status != TandemStatus.RUNNING:
        return too_late(request, tandem, side)
    form = _check_in_form(request, reply, side)
    if request.method == "POST" and form.is_valid():
        try:
            _take_reply(found, reply, form)
        except DomainError:
            return too_late(request, tandem, side)
        return redirect(tandem_links.page_of(tandem, side))
    template = END if reply == CheckIn.Reply.OVER else CHECK_IN
    name = contact_for(tandem, side).name
    others = [
        (signing.path_of("check_in", token, other.value), other.label)
        for other in CheckIn.Reply
        if other != reply
    ]
    context = {"form": form, "reply": reply, "name": name, "others": others}
    return _page(request, template, tandem, side, **context)


def _check_in(token: str, reply: str) -> CheckIn:
    number = tandem_links.read_check_in_token(token)
    if reply not in CheckIn.Reply.values:
        raise Http404
    found = CheckIn.objects.select_related(
        "tandem__organisation", "tandem__request", "tandem__application"
    )
    return signing.find(found, pk=number)


def _check_in_form(request: HttpRequest, reply: str, side: Side) -> forms.Form:
    if reply == CheckIn.Reply.OVER:
        return EndForm(_data(request), side=side)
    return NoteForm(_data(request))


def _take_reply(found: CheckIn, reply: str, form: forms.Form) -> None:
    if isinstance(form, EndForm):
        check_ins.reply_over(check_in=found, **form.ending())
    else:
        check_ins.reply(check_in=found, reply=reply, note=form.cleaned_data["note"])

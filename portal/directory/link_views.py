"""The pages that a mailed link of an organisation opens. A GET shows, only a POST acts."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from programs.models import Entry
from volunteers.errors import DomainError
from volunteers.guard.limits import given, limited
from volunteers.links import organisations as links
from volunteers.links.organisations import Holder, Purpose
from volunteers.links.signing import WrongLink
from volunteers.notifications import link_answers
from volunteers.views.by_link import by_link
from volunteers.views.outcomes import Link, Outcome, about

from . import mails, proposing
from .change_form import ChangeForm
from .confirming import confirm_entries, entries_of
from .showing import shown_entries, shown_proposal

View = Callable[..., HttpResponseBase]
PURPOSES = {purpose.name.lower(): purpose for purpose in Purpose}


def by_entry_link(view: View) -> View:
    """Like ``by_link``; a wrong link leads to where organisations get a new one."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except WrongLink:
            return _wrong(request)

    return by_link(never_cache(opened))


@by_entry_link
@require_safe
def our_entries(request: HttpRequest, token: str) -> HttpResponse:
    """How the entries of an organisation stand, and what became of its proposals."""
    holder = links.read(Purpose.LOOK, token)
    return entries_page(request, "portal/directory/our_entries.html", holder, token=token)


@by_entry_link
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """„Stimmt noch“: a GET shows the entries, the POST confirms those that the page has shown."""
    holder = links.read(Purpose.CONFIRM, token)
    if request.method == "POST":
        shown = [
            int(number)
            for number in request.POST.getlist("entry")
            if number.isdecimal() and len(number) < 19
        ]
        confirm_entries(holder=holder, numbers=shown)
        return redirect("portal:entries_confirm", token)
    change = links.token_from(holder, Purpose.CHANGE)
    today = timezone.localdate()
    entries = entries_of(holder.organisation)
    is_done = entries.exists() and not entries.exclude(confirmed_on=today).exists()
    return entries_page(
        request, "portal/directory/confirm.html", holder, change_token=change, is_done=is_done
    )


@by_entry_link
@require_safe
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """„Ändern“: which entry. With only one its form is the page."""
    holder = links.read(Purpose.CHANGE, token)
    numbers = list(entries_of(holder.organisation).values_list("pk", flat=True)[:2])
    if len(numbers) == 1:
        return redirect("portal:entry_change", token, numbers[0])
    return entries_page(request, "portal/directory/choose.html", holder, change_token=token)


@by_entry_link
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The form of one entry; its POST proposes the change."""
    holder = links.read(Purpose.CHANGE, token)
    entry = _entry(holder, pk)
    data = request.POST if request.method == "POST" else None
    form = ChangeForm(data, instance=entry, waiting=proposing.waiting_for(entry))
    if data is not None and form.is_valid():
        note = form.cleaned_data["note"]
        try:
            proposing.propose(holder=holder, entry=entry, values=form.values(), note=note)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("portal:entry_change_done", token, pk)
    context = {"form": form, "entry": entry}
    status = 422 if form.errors else 200
    return render(request, "portal/directory/change.html", context, status=status)


@by_entry_link
@require_safe
def change_done(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """What holds now and what waits, by the newest proposal: true at every look."""
    holder = links.read(Purpose.CHANGE, token)
    entry = _entry(holder, pk)
    proposal = entry.change_proposals.first()
    context = {
        "entry": entry,
        "token": token,
        "proposal": shown_proposal(proposal) if proposal else None,
        "several": entries_of(holder.organisation).count() > 1,
    }
    return render(request, "portal/directory/change_done.html", context)


@by_entry_link
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """Mails a new link, to where links go now; the old one may have ended."""
    if purpose not in PURPOSES:
        raise Http404
    organisation = links.organisation_of(PURPOSES[purpose], token)
    if request.method == "POST":
        if PURPOSES[purpose] == Purpose.ANSWER:
            link_answers.again(organisation)
        else:
            mails.new_link(organisation)
        return _sent(request)
    path = reverse("portal:entries_new_link", args=[purpose, token])
    return _offer(request, path, answers=PURPOSES[purpose] == Purpose.ANSWER)


@never_cache
@limited("link", target=given("slug"))
@require_http_methods(["GET", "HEAD", "POST"])
def entry_link(request: HttpRequest, slug: str) -> HttpResponse:
    """From the public page: a link for whoever reads the organisation's known mailbox."""
    entry = get_object_or_404(
        Entry.objects.published().exclude(status=Entry.Status.ENDED), slug=slug
    )
    if request.method == "POST":
        mails.new_link(entry.owner)
        return _sent(request)
    return _offer(request, reverse("portal:entry_link", args=[slug]), entry)


def _entry(holder: Holder, pk: int) -> Entry:
    return get_object_or_404(entries_of(holder.organisation), pk=pk)


def entries_page(request: HttpRequest, template: str, holder: Holder, **more: Any) -> HttpResponse:
    """How the entries of the holder's organisation stand, in ``template``."""
    context = {
        "organisation": holder.organisation,
        "entries": shown_entries(entries_of(holder.organisation)),
        **more,
    }
    return render(request, template, context)


def _offer(
    request: HttpRequest, path: str, entry: Entry | None = None, *, answers: bool = False
) -> HttpResponse:
    """``answers``: the link is one for answering sign-ups."""
    title = _("Eintrag pflegen")
    text = _(
        "Sie gehören zu dieser Organisation? Wir schicken einen Link, mit dem Sie die Einträge ansehen, "
        "bestätigen und ändern. Ein Konto brauchen Sie dafür nicht."
    )
    if answers:
        title = _("Anmeldungen beantworten")
        text = _(
            "Sie gehören zu dieser Organisation? Wir schicken einen Link, mit dem Sie die Anmeldungen ansehen "
            "und beantworten. Ein Konto brauchen Sie dafür nicht."
        )
    return Outcome(
        title=title,
        about=about(entry) if entry else None,
        text=text,
        more=_(
            "Der Link geht nur an die Adresse, die wir von der Organisation kennen. Wer sonst auf den Knopf "
            "drückt, bekommt nichts."
        ),
        button=Link(_("Link schicken"), path),
    ).page(request)


def _sent(request: HttpRequest) -> HttpResponse:
    """The same whether or not an address is known."""
    return Outcome(
        title=_("Die Mail ist unterwegs"),
        text=_(
            "Wenn wir eine Adresse der Organisation kennen, kommt dort in wenigen Minuten eine Mail mit einem "
            "neuen Link an."
        ),
        more=_(
            "Kommt nichts an? Dann kennen wir noch keine Adresse, oder sie stimmt nicht mehr. Bitte rufen Sie "
            "uns an oder stellen Sie uns eine Frage: Beides steht auf der Seite des Eintrags."
        ),
        is_mailed=True,
        links=[Link(_("Zur Startseite"), reverse("portal:home"), is_strong=False)],
    ).page(request)


def _wrong(request: HttpRequest) -> HttpResponse:
    return Outcome(
        title=_("Dieser Link stimmt nicht"),
        text=_(
            "Vielleicht fehlt am Ende etwas: Manche Mailprogramme brechen lange Links um. Öffnen Sie ihn am "
            "besten noch einmal direkt aus der Mail."
        ),
        more=_(
            "Oder suchen Sie Ihren Eintrag: Unten auf seiner Seite steht „Eintrag pflegen“. Dort lassen Sie "
            "sich einen neuen Link schicken."
        ),
        links=[Link(_("Eintrag suchen"), reverse("portal:catalogue"))],
    ).page(request, status=404)

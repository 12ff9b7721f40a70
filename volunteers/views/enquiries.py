"""„Frage stellen“: the form on a page of its own, for an entry or an event."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Entry, Event

from .. import periods
from ..forms.enquiries import EnquiryForm
from ..guard import sent
from ..guard.forms import page
from ..guard.limits import counts
from ..guard.way_back import keeps_way_back
from ..reads.promising import promised
from ..reads.reach import Reach, reach, reach_for_event
from ..services import enquiries as services
from .outcomes import Link, Outcome

DAYS = "answer_days"
"""Key in the session, for the page that says thanks."""


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(EnquiryForm.limit)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """About an entry, whether or not it can be joined."""
    entries = Entry.objects.published().select_related("organisation", "department")
    entry = get_object_or_404(entries, slug=slug)
    return _form(request, entry, reach(entry))


@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@counts(EnquiryForm.limit)
def ask_about_event(request: HttpRequest, slug: str) -> HttpResponse:
    events = Event.objects.published().select_related("organisation", "part_of")
    event = get_object_or_404(events, slug=slug)
    return _form(request, event, reach_for_event(event))


def _form(request: HttpRequest, about: Entry | Event, reached: Reach) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = EnquiryForm(data, initial=_own(request), request=request)
    days = promised(reached.answers).days
    if request.method == "POST" and form.is_valid():
        form.keep(about=about)
        if form.is_from_a_person():
            services.ask(about=about, question=form.question())
        request.session[DAYS] = days
        return redirect("volunteers:ask_done")
    context = {"form": form, "about": about, "reach": reached, "days": days}
    return page(request, "volunteers/enquiries/ask.html", context)


def _own(request: HttpRequest) -> dict[str, str]:
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


@never_cache
@require_http_methods(["GET", "HEAD"])
def ask_done(request: HttpRequest) -> HttpResponse:
    """The question is stored by now; says until when an answer comes, and how."""
    found = sent.kept(request, EnquiryForm.limit)
    days = request.session.get(DAYS)
    period = periods.after_days_in_words(days) if found and days else ""
    text = _("Sie bekommen innerhalb von %(period)s eine Antwort.") % {"period": period}
    return Outcome(
        title=_("Danke für Ihre Frage"),
        about=Link(found.about, found.about_url) if found else None,
        text=text if period else _("Sie ist bei uns angekommen."),
        more=_how(found),
        aside=Link(_("Etwas stimmt nicht? Noch einmal schicken"), found.again) if found else None,
        links=[
            Link(_("Zurück zur Seite"), found.about_url)
            if found
            else Link(_("Zur Startseite"), reverse("portal:home"))
        ],
    ).page(request)


def _how(found: sent.Sent | None) -> str:
    """By which way the answer comes, with the address and the number to check."""
    typed = {name: found.data.get(name, [""])[0] if found else "" for name in EnquiryForm.one_of}
    if typed["email"] and typed["phone"]:
        text = _("Es antwortet ein Mensch, per E-Mail an %(email)s oder am Telefon: %(phone)s.")
    elif typed["phone"]:
        text = _("Ein Mensch ruft Sie an: %(phone)s.")
    elif typed["email"]:
        text = _("Ein Mensch antwortet per E-Mail an %(email)s.")
    else:
        text = _("Es antwortet ein Mensch, per E-Mail oder am Telefon, wie Sie es angegeben haben.")
    return text % typed

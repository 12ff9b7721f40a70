"""A new e-mail address: asked for on „Meine Daten“, confirmed from the new mailbox."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..errors import DomainError
from ..forms.my_data import NewAddressForm
from ..guard.limits import limited, posted
from ..guard.way_back import keeps_way_back
from ..links import my_data as my_data_links
from ..links import signing
from ..periods import hours
from ..privacy import readdressing
from ..reads import persons
from ..reads.persons import Person
from .by_link import by_link
from .my_data import of_person
from .outcomes import Link, Outcome


@by_link
@keeps_way_back
@require_http_methods(["GET", "HEAD", "POST"])
@limited("own_link", target=posted("email"))
@of_person
def ask(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask for it. Response and mail are the same whether or not the portal knows the new address."""
    data = request.POST if request.method == "POST" else None
    form = NewAddressForm(data, emails=person.emails)
    refusal = ""
    try:
        readdressing.require_login(person, request.user)
        if form.is_valid():
            new = form.cleaned_data["email"]
            readdressing.ask(person=person, new=new, by=request.user)
            path = signing.path_of("my_data_by_link", person.token)
            return redirect(f"{path}?adresse=verschickt")
    except DomainError as error:
        refusal = str(error)
    context = {"form": form, "person": person, "refusal": refusal}
    status = 422 if data is not None else 200
    return render(request, "volunteers/new_address/ask.html", context, status=status)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A GET asks; the POST changes. 410 when the link has expired or the address is changed already."""
    try:
        whose, new = my_data_links.read_new_address(token)
        person = persons.find(whose, everything=True)
        return _confirm(request, person, new) if person else _over(request)
    except signing.LinkExpired:
        return _over(request)


def _over(request: HttpRequest) -> HttpResponse:
    text = _(
        "Er gilt %(period)s und einmal. Vielleicht ist Ihre Adresse schon geändert: Dann führt Sie die "
        "neue zu „Meine Daten“. Sonst fragen Sie dort mit der bisherigen und ändern sie noch einmal."
    )
    return Outcome(
        title=_("Dieser Link gilt nicht mehr"),
        text=text % {"period": hours(settings.MY_DATA_LINK_HOURS)},
        links=[Link(_("Zu „Meine Daten“"), signing.path_of("my_data"))],
    ).page(request, status=410)


def _confirm(request: HttpRequest, person: Person, new: str) -> HttpResponse:
    refusal: DomainError | None = None
    try:
        readdressing.require_login(person, request.user)
        if request.method == "POST":
            readdressing.change(person=person, new=new, by=request.user)
            token = my_data_links.token_for(replace(person.whose, emails=(new,)))
            path = signing.path_of("my_data_by_link", token)
            return redirect(f"{path}?adresse=neu")
    except DomainError as error:
        refusal = error
    context = {
        "new": new,
        "refusal": refusal,
        "needs_login": isinstance(refusal, readdressing.LoginNeeded),
    }
    status = 422 if refusal and request.method == "POST" else 200
    return render(request, "volunteers/new_address/confirm.html", context, status=status)

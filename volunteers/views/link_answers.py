"""The pages on which an organisation without an account agrees to answer, and answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models.choices import Language, labels
from programs.phones import dialled

from ..errors import DomainError
from ..forms.link_answers import AnswerForm
from ..links import organisations as links
from ..links.organisations import Holder, Purpose
from ..models import Application
from ..services import link_answers as services
from .by_link import by_link
from .outcomes import Link, Outcome, about


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, token: str) -> HttpResponse:
    holder = links.read(Purpose.AGREE, token)
    if request.method == "POST":
        try:
            services.agree(holder=holder)
        except services.NotByLink as error:
            return _over(request, holder, str(error))
        return redirect("volunteers:agree_to_answer", token)
    if services.may_answer(holder):
        return Outcome(
            title=_("Danke, Sie antworten jetzt selbst"),
            about=about(holder.organisation),
            text=_("Zu jeder neuen Anmeldung bekommen Sie eine Mail mit einem Link."),
            more=_(
                "Möchten Sie das nicht mehr? Dann sagen Sie es der Stadt; sie antwortet wieder für Sie."
            ),
            links=[_home()],
        ).page(request)
    return Outcome(
        title=_("Anmeldungen selbst beantworten"),
        about=about(holder.organisation),
        text=_(
            "Zu jeder neuen Anmeldung kommt dann eine Mail an Ihre Adresse. Sie antworten mit einem Klick, ohne "
            "Konto."
        ),
        points=[
            _(
                "Antworten Sie bitte in der Zeit, die in der Mail steht. Sonst fragt die Stadt nach."
            ),
            _(
                "Nutzen Sie die Angaben der Menschen nur für die Antwort, und geben Sie sie nicht weiter."
            ),
        ],
        button=Link(_("Ja, wir antworten selbst"), request.path),
    ).page(request)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD"])
def sign_ups(request: HttpRequest, token: str) -> HttpResponse:
    """All that wait for an answer of this organisation, with what is needed to answer."""
    holder = links.read(Purpose.ANSWER, token)
    if not services.may_answer(holder):
        return _over(request, holder, str(services.NotByLink()))
    return _page(request, holder, token)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """One of the buttons; a reload leads back to the list."""
    holder = links.read(Purpose.ANSWER, token)
    if request.method != "POST":
        return redirect("volunteers:sign_ups", token)
    found = Application.objects.filter(organisation=holder.organisation)
    application = get_object_or_404(found.select_related("entry", "organisation"), pk=pk)
    form = AnswerForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _page(request, holder, token, form)
    try:
        services.answer_by_link(holder=holder, application=application, **form.cleaned_data)
    except services.NotByLink as error:
        return _over(request, holder, str(error))
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, holder, token, form)
    return redirect(f"{reverse('volunteers:sign_ups', args=[token])}?danke")


def _page(
    request: HttpRequest, holder: Holder, token: str, wrong: AnswerForm | None = None
) -> HttpResponse:
    rows = Application.objects.filter(
        organisation=holder.organisation, status__in=services.ANSWERABLE
    )
    rows = rows.select_related("entry").order_by("answer_by", "pk")[:MOST]
    forms = [
        wrong if wrong and wrong.prefix == str(one.pk) else AnswerForm(prefix=str(one.pk))
        for one in rows
    ]
    context = {
        "organisation": holder.organisation,
        "token": token,
        "rows": [
            (one, form, dialled(one.phone), labels(Language, one.languages))
            for one, form in zip(rows, forms, strict=True)
        ],
        "thanks": "danke" in request.GET and wrong is None,
        "wrong": wrong,
    }
    status = 422 if wrong else 200
    return render(request, "volunteers/link_answers/sign_ups.html", context, status=status)


MOST = 50
"""Sign-ups on one page; those that wait longest come first."""


def _home() -> Link:
    return Link(_("Zur Startseite"), reverse("portal:home"), is_strong=False)


def _over(request: HttpRequest, holder: Holder, why: str) -> HttpResponse:
    return Outcome(
        title=_("Hier gibt es nichts mehr zu beantworten"),
        about=about(holder.organisation),
        text=why,
        more=_("Fragen dazu beantwortet die Stelle, die auf der Seite des Eintrags steht."),
        links=[_home()],
    ).page(request, status=410)

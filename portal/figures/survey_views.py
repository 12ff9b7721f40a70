"""The page behind the link of a survey: one number, without an account."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Organisation
from volunteers.links import organisations as links
from volunteers.links.organisations import Purpose
from volunteers.views.by_link import by_link
from volunteers.views.outcomes import Link, Outcome, about

from .survey_models import MOST_VOLUNTEERS
from .surveying import SurveyOver, answer, newest_for


class NumberForm(forms.Form):
    """What an organisation says."""

    number = forms.IntegerField(
        label=_("Zahl der Engagierten"),
        min_value=0,
        max_value=MOST_VOLUNTEERS,
        help_text=_(
            "Alle, die an diesem Tag bei Ihnen mitgemacht haben, auch wer nur manchmal kommt."
        ),
        error_messages={"required": _("Bitte nennen Sie eine Zahl, auch wenn es 0 ist.")},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    is_estimate = forms.BooleanField(label=_("Die Zahl ist geschätzt"), required=False)


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer(request: HttpRequest, token: str) -> HttpResponse:
    """A GET shows the question and the answer so far; a POST keeps the number."""
    holder = links.read(Purpose.COUNT, token)
    asked = newest_for(holder.organisation)
    if asked is None or not asked.survey.is_open:
        return _over(request, holder.organisation)
    said = {"number": asked.number, "is_estimate": asked.is_estimate}
    form = NumberForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_bound and form.is_valid():
        try:
            answer(holder=holder, survey=asked.survey_id, **form.cleaned_data)
        except SurveyOver:
            return _over(request, holder.organisation)
        return Outcome(
            title=__("Danke für Ihre Zahl"),
            about=about(holder.organisation),
            text=__("Notiert: %(number)d.") % {"number": form.cleaned_data["number"]},
            more=__("Sie können sie bis zum %(day)s über denselben Link ändern.")
            % {"day": f"{asked.survey.deadline:%d.%m.%Y}"},
            links=[Link(__("Zahl ändern"), request.path, is_strong=False)],
        ).page(request)
    context = {"organisation": holder.organisation, "survey": asked.survey, "form": form}
    status = 422 if form.errors else 200
    return render(request, "portal/figures/survey.html", context, status=status)


def _over(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    return Outcome(
        title=__("Die Umfrage ist geschlossen"),
        about=about(organisation),
        text=__(
            "Für diesen Stichtag nehmen wir keine Zahlen mehr an. Danke, dass Sie antworten wollten."
        ),
    ).page(request)

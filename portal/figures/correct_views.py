"""„Berichtigen“: a month of one figure is counted again, with a reason."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.exchange.sending import ExportSite
from programs.requests import UserRequest
from volunteers.errors import TooBusy
from volunteers.validators import validate_single_line

from .correcting import recount
from .measures import MEASURES
from .values import stands

PERMISSION = "portal.change_keyfigure"


class CorrectForm(forms.Form):
    """What is counted again, and why."""

    groesse = forms.ChoiceField(
        label=_("Zahl"), choices=[(slug, one.label) for slug, one in MEASURES.items()]
    )
    monat = forms.ChoiceField(label=_("Monat"))
    grund = forms.CharField(
        label=_("Grund"),
        min_length=5,
        max_length=300,
        validators=[validate_single_line],
        help_text=_(
            "Steht in jedem Bericht bei der Zahl, bitte ohne Namen. Zum Beispiel „Stunden nachgetragen“."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on
        self.months = {f"{day:%Y-%m}": day for day in reversed(stands())}
        choices = [(key, date_format(day, "F Y")) for key, day in self.months.items()]
        month = self.fields["monat"]
        assert isinstance(month, forms.ChoiceField)  # noqa: S101
        month.choices = choices


def correct_view(request: UserRequest, site: ExportSite) -> HttpResponseBase:
    """A POST adds what differs beside what was published, and never changes that."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    form = CorrectForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _corrected(request, form)
        except TooBusy as error:
            form.add_error(None, str(error))
    context = {**site.each_context(request), "title": __("Zahlen berichtigen"), "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/reports/correct.html", context, status=status)


def _corrected(request: UserRequest, form: CorrectForm) -> HttpResponseBase:
    data = form.cleaned_data
    stand = form.months[data["monat"]]
    changed = recount(slug=data["groesse"], stand=stand, reason=data["grund"])
    text = ngettext("%(n)d Wert ist berichtigt.", "%(n)d Werte sind berichtigt.", changed)
    if not changed:
        text = __("Neu gezählt: Es hat sich nichts geändert.")
    messages.success(request, text % {"n": changed} if changed else text)
    return redirect("admin:reports")

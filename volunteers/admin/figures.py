"""„Auswertung“: figures without personal data, as a page and as a file."""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Min, QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.exchange.forms import ExportForm
from programs.exchange.sending import ExportSite, Sheet, send_file
from programs.models import Organisation
from programs.requests import UserRequest

from ..figures import small_groups
from ..figures.tables import Figures, as_lines, organisations_for, source
from ..models import Application, Tally


class FiguresFilter(forms.Form):
    """Year and organisation; invalid values fall back to this year and all organisations."""

    jahr = forms.TypedChoiceField(label=_("Jahr"), coerce=int, required=False)
    organisation: Any = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=None,
        required=False,
        empty_label=_("alle zusammen"),
    )

    def __init__(self, data: QueryDict, *, organisations: QuerySet[Organisation]) -> None:
        this_year = timezone.localdate().year
        super().__init__({"jahr": this_year} | data.dict())
        years = [(year, str(year)) for year in range(this_year, first_year() - 1, -1)]
        cast("forms.TypedChoiceField", self.fields["jahr"]).choices = years
        offered = organisations.order_by("title")
        cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"]).queryset = offered
        self.full_clean()

    @property
    def year(self) -> int:
        return self.cleaned_data.get("jahr") or timezone.localdate().year


def first_year() -> int:
    """The year of the oldest application, deleted ones included."""
    live = Application.objects.aggregate(at=Min("submitted_at"))["at"]
    gone = Tally.objects.aggregate(at=Min("month"))["at"]
    days = [day for day in (live and live.date(), gone) if day is not None]
    return min(days).year if days else timezone.localdate().year


def figures_view(request: UserRequest, site: ExportSite) -> HttpResponseBase:
    """The page. A POST returns exactly what it shows as a file, and needs a purpose."""
    if not request.user.has_perm("volunteers.view_figures"):
        raise PermissionDenied
    organisations, all_of_them = organisations_for(request.user)
    chosen = FiguresFilter(request.GET, organisations=organisations)
    names = dict(organisations.order_by("title").values_list("pk", "title"))
    one = chosen.cleaned_data.get("organisation")
    figures = Figures(
        {one.pk: one.title} if one else names, chosen.year, with_nobodys=all_of_them and not one
    )
    tables = figures.tables()
    form = ExportForm(request.POST if request.method == "POST" else None)
    may_export = request.user.has_perm("volunteers.export_figures")
    if form.is_bound and may_export and form.is_valid():
        words = f"{chosen.year}, {one.title if one else __('alle zusammen')}"
        lines = as_lines(tables, chosen.year)
        return send_file(request, site, form, Sheet(__("Auswertung"), words, lines))
    context = {
        **site.each_context(request),
        "title": __("Auswertung"),
        "filter": chosen,
        "tables": tables,
        "rule": small_groups.rule(),
        "form": form if may_export else None,
        "now": timezone.localtime(),
        "source": source(),
    }
    status = 422 if form.is_bound and may_export else 200
    return TemplateResponse(
        request, "admin/volunteers/figures/figures.html", context, status=status
    )

"""„Auswertung“: figures without personal data, as a page and as a file."""

from dataclasses import dataclass
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
from ..models import Application, Tally, User

EXACT = _(
    "Zahlen ohne Menschen. Hier stehen sie genau, weil Sie die Menschen dieser Organisation sehen."
)


class FiguresFilter(forms.Form):
    """Year and organisation; invalid values fall back to this year and all organisations."""

    jahr = forms.TypedChoiceField(label=_("Jahr"), coerce=int, required=False)
    organisation: Any = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=None,
        required=False,
        empty_label=_("alle zusammen"),
    )

    def __init__(
        self, data: QueryDict, *, organisations: QuerySet[Organisation], names: dict[int, str]
    ) -> None:
        this_year = timezone.localdate().year
        super().__init__({"jahr": this_year} | data.dict())
        years = [(year, str(year)) for year in range(this_year, first_year() - 1, -1)]
        cast("forms.TypedChoiceField", self.fields["jahr"]).choices = years
        chosen = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        chosen.queryset = organisations
        chosen.choices = [("", chosen.empty_label), *names.items()]
        self.full_clean()

    @property
    def year(self) -> int:
        return self.cleaned_data.get("jahr") or timezone.localdate().year


class StaysForm(ExportForm):
    """Exact figures may be in a file that stays in the house; all other files say what everybody may read."""

    inside = forms.BooleanField(
        label=_("Die Datei bleibt im Haus"),
        required=False,
        help_text=_(
            "Dann stehen Zahlen der eigenen Organisation genau da. Sonst steht überall, was alle lesen dürfen."
        ),
    )

    def __init__(self, *args: Any, reads_exact: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reads_exact:
            del self.fields["inside"]

    @property
    def is_inside(self) -> bool:
        return bool(self.cleaned_data.get("inside"))


def sees_all_people(user: User, names: dict[int, str]) -> bool:
    """Whether the user sees the people of each of these organisations, not only their figures."""
    own = {one.organisation for one in user.people_of()}
    return user.is_superuser or (bool(names) and names.keys() <= own)


def first_year() -> int:
    """The year of the oldest application, deleted ones included."""
    live = Application.objects.aggregate(at=Min("submitted_at"))["at"]
    gone = Tally.objects.aggregate(at=Min("month"))["at"]
    days = [day for day in (live and live.date(), gone) if day is not None]
    return min(days).year if days else timezone.localdate().year


@dataclass(frozen=True)
class Asked:
    """What the page is asked for: a year, organisations by number, and whether all is theirs to see exactly."""

    year: int
    names: dict[int, str]
    words: str
    with_nobodys: bool
    exact: bool

    def figures(self, *, exact: bool) -> Figures:
        return Figures(self.names, self.year, with_nobodys=self.with_nobodys, exact=exact)


def asked_for(
    user: User, chosen: FiguresFilter, names: dict[int, str], *, all_of_them: bool
) -> Asked:
    one = chosen.cleaned_data.get("organisation")
    names = {one.pk: one.title} if one else names
    whose = one.title if one else __("alle zusammen")
    words = f"{chosen.year}, {whose}"
    exact = sees_all_people(user, names)
    return Asked(chosen.year, names, words, with_nobodys=all_of_them and not one, exact=exact)


def figures_view(request: UserRequest, site: ExportSite) -> HttpResponseBase:
    """The page. A POST returns it as a file, as everybody may read it unless it stays in the house."""
    if not request.user.has_perm("volunteers.view_figures"):
        raise PermissionDenied
    organisations, all_of_them = organisations_for(request.user)
    names = dict(organisations.order_by("title").values_list("pk", "title"))
    chosen = FiguresFilter(request.GET, organisations=organisations, names=names)
    asked = asked_for(request.user, chosen, names, all_of_them=all_of_them)
    form = StaysForm(request.POST if request.method == "POST" else None, reads_exact=asked.exact)
    may_export = request.user.has_perm("volunteers.export_figures")
    if form.is_bound and may_export and form.is_valid():
        return _sent(request, site, form, asked)
    context = {
        **site.each_context(request),
        "title": __("Auswertung"),
        "filter": chosen,
        "tables": asked.figures(exact=asked.exact).tables(),
        "rule": EXACT if asked.exact else small_groups.rule(),
        "form": form if may_export else None,
        "now": timezone.localtime(),
        "source": source(),
    }
    status = 422 if form.is_bound and may_export else 200
    return TemplateResponse(
        request, "admin/volunteers/figures/figures.html", context, status=status
    )


def _sent(
    request: UserRequest, site: ExportSite, form: StaysForm, asked: Asked
) -> HttpResponseBase:
    inside = [__("nur für das Haus")] if form.is_inside else []
    words = ", ".join([asked.words, *inside])
    lines = as_lines(asked.figures(exact=form.is_inside).tables(), asked.year)
    return send_file(request, site, form, Sheet(__("Auswertung"), words, lines))

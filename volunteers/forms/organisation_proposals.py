"""The form with which somebody proposes an organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import District
from programs.widgets import OneLine

from ..models import OrganisationProposal
from ..validators import validate_single_line
from .access_requests import ASKED, AccessRequestForm

COLUMNS = ("title", "type", "district", "summary", *ASKED)


def website_field() -> forms.Field:
    """With the rules of the column; ``website`` is the name of the field that catches bots."""
    column: Any = OrganisationProposal._meta.get_field("website")
    field: forms.Field = column.formfield(label=_("Webseite"))
    return field


class ProposalForm(AccessRequestForm):
    """``answers()`` are columns of an ``OrganisationProposal``; who asks is asked as in „Das sind wir“."""

    limit = "organisation_proposal"
    required_words = AccessRequestForm.required_words | {
        "title": _("Bitte schreiben Sie, wie die Organisation heißt."),
        "type": _("Bitte wählen Sie aus, was für eine Organisation es ist."),
        "summary": _("Bitte schreiben Sie in ein bis zwei Sätzen, was die Organisation macht."),
    }

    title = forms.CharField(
        label=_("Wie heißt die Organisation?"),
        max_length=160,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    type = forms.ChoiceField(
        label=_("Was für eine Organisation ist es?"),
        choices=OrganisationProposal.Type.choices,
        widget=forms.RadioSelect,
    )
    summary = forms.CharField(
        label=_("Was macht sie?"),
        max_length=300,
        validators=[validate_single_line],
        help_text=_("Ein bis zwei Sätze, die alle verstehen. Mehr schreiben Sie später."),
        widget=OneLine(attrs={"dir": "auto"}),
    )
    district = forms.ModelChoiceField(
        label=_("In welchem Stadtbezirk?"),
        queryset=District.objects.none(),
        required=False,
        empty_label=_("in der ganzen Stadt oder anderswo"),
    )
    homepage = website_field()

    field_order = ("title", "type", "summary", "district", "homepage", *ASKED)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        district: Any = self.fields["district"]
        district.queryset = District.objects.all()

    def answers(self) -> dict[str, Any]:
        """The validated values for the service; call it on a valid form only."""
        found = {name: self.cleaned_data[name] for name in COLUMNS}
        return found | {"website": self.cleaned_data["homepage"]}

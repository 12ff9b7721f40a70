"""The set-up of an organisation that has just come in: its steps, their forms, and what each saves."""

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs import confirming
from programs.admin.forms import LongLine, OnlyChangedForm, array_formfield, is_long_line
from programs.admin.typed import ModelForm
from programs.models import Membership, Opportunity, OpportunityTemplate, Organisation
from programs.slugs import give_slug
from volunteers.models import User
from volunteers.services.locks import lock_organisation

Words = str | Promise
SAME_CLICK = datetime.timedelta(minutes=10)
"""The same title again within this time is a double click."""


class SetUpForm(OnlyChangedForm[Organisation]):
    """A few fields of the organisation."""


@dataclass(frozen=True)
class Step:
    slug: str
    title: Words
    text: Words
    asks: dict[str, tuple[Any, Any]]
    """Column → the question, and a hint."""

    def form(self, *args: Any, **kwargs: Any) -> SetUpForm:
        made: Any = forms.modelform_factory(
            Organisation,
            form=SetUpForm,
            fields=list(self.asks),
            formfield_callback=_field,
            labels={name: label for name, (label, _hint) in self.asks.items()},
            help_texts={name: hint for name, (_label, hint) in self.asks.items()},
        )
        form: SetUpForm = made(*args, **kwargs)
        return form


def _field(column: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    if isinstance(column, ArrayField):
        field: forms.Field | None = array_formfield(column)
        for name in ("label", "help_text"):
            setattr(field, name, kwargs.get(name, getattr(field, name)))
        return field
    if is_long_line(column):
        kwargs.setdefault("widget", LongLine)
    return column.formfield(**kwargs)


STEPS = (
    Step(
        "kontakt",
        _("Wer antwortet bei Ihnen?"),
        _(
            "Auf der Seite steht eine Aufgabe, kein Name. Eine private Nummer schreiben Sie bitte nicht."
        ),
        {
            "contact_role": (_("Wer ist für Engagierte da?"), _("Zum Beispiel „Koordination“.")),
            "phone": (_("Unter welcher Nummer?"), _("Sie steht auf der Seite.")),
            "phone_hours": (_("Wann erreicht man Sie dort?"), _("Zum Beispiel „Mo–Do 9–12 Uhr“.")),
            "website": (_("Ihre Webseite"), ""),
        },
    ),
    Step(
        "treffen",
        _("Wann und wo treffen Sie sich?"),
        "",
        {
            "weekdays": (_("An welchen Tagen?"), ""),
            "dayparts": (_("Zu welcher Zeit?"), ""),
            "time_note": (_("Genauer"), _("Zum Beispiel „jeden zweiten Dienstag, 18 Uhr“.")),
            "located_at": (_("Wo?"), _("Zum Beispiel „Gemeindehaus am Markt“.")),
        },
    ),
    Step(
        "wen",
        _("Wen brauchen Sie?"),
        "",
        {
            "summary": (_("Was machen Sie?"), _("Ein bis zwei Sätze, die alle verstehen.")),
            "requirements": (_("Was soll jemand mitbringen?"), _("Leer heißt: nichts Besonderes.")),
            "newcomers_welcome": (_("Mitgestalten: Neuzugewanderte machen selbst mit"), ""),
            "accepts_sign_ups": (_("Menschen können sich zum Mitmachen anmelden"), ""),
        },
    ),
    Step(
        "sprachen",
        _("Welche Sprachen helfen bei Ihnen?"),
        "",
        {
            "languages": (_("Diese Sprachen brauchen Sie"), _("Leer heißt: Deutsch genügt.")),
            "without_german": (_("Mitmachen geht auch ohne Deutsch"), ""),
        },
    ),
)
OFFER, READY = "angebot", "fertig"
SLUGS = (*(step.slug for step in STEPS), OFFER, READY)
"""The pages in their order; the number of a step in ``Membership.set_up_step`` begins at 1."""


def number_of(slug: str) -> int:
    return SLUGS.index(slug) + 1


def slug_of(number: int | None) -> str:
    """The page to go on with; the first for who has nothing to set up, and looks all the same."""
    return SLUGS[min(max(number or 1, 1), len(SLUGS)) - 1]


def where(user: User, organisation: Organisation) -> int | None:
    """The step that ``user`` comes to next; None when they have finished, or look after it from elsewhere."""
    own = Membership.objects.setting_up(user).filter(organisation=organisation)
    return own.values_list("set_up_step", flat=True).first()


def go_on(user: User, organisation: Organisation, slug: str) -> str:
    """This step is behind them; returns the next. Somebody who goes back and saves again loses no step."""
    later = number_of(slug) + 1
    own = Membership.objects.setting_up(user).filter(organisation=organisation)
    own.filter(set_up_step__lt=later).update(set_up_step=later)
    return slug_of(later)


def finish(user: User, organisation: Organisation) -> None:
    """The person says that all of it is right: the entry counts as confirmed today."""
    with transaction.atomic():
        organisation = lock_organisation(organisation.pk)
        confirming.confirm(organisation)
        Membership.objects.filter(user=user, organisation=organisation).update(set_up_step=None)


class OfferForm(ModelForm[Opportunity]):
    """The first opportunity, with the words of a template to change."""

    class Meta:
        model = Opportunity
        fields = (
            *("title", "summary", "description", "requirements", "weekdays", "dayparts"),
            *("time_note", "languages", "without_german"),
        )
        formfield_callback = _field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary"].required = True


def words_of(template: OpportunityTemplate, organisation: Organisation) -> dict[str, Any]:
    """What the form says first: the template's words, the organisation's days and languages."""
    names = ("title", "summary", "description", "requirements", "time_note")
    return {name: getattr(template, name) for name in names} | {
        "weekdays": template.weekdays or organisation.weekdays,
        "dayparts": template.dayparts or organisation.dayparts,
        "languages": organisation.languages,
        "without_german": organisation.without_german,
    }


def make_opportunity(
    *,
    organisation: Organisation,
    form: OfferForm,
    template: OpportunityTemplate,
    publish: bool,
) -> tuple[Opportunity, bool]:
    """Store what the form says; returns it and whether it is new. A double click makes one.

    Nothing is public unless ``publish`` says that the person clicked so. Locks the organisation.
    """
    with transaction.atomic():
        organisation = lock_organisation(organisation.pk)
        made = form.save(commit=False)
        since = timezone.now() - SAME_CLICK
        same = Q(organisation=organisation, title=made.title, created_at__gt=since)
        twin: Any = Opportunity.objects.filter(same).order_by("pk").first()
        if twin is not None:
            return twin, False
        made.organisation, made.department = organisation, organisation.department
        made.is_published = publish
        made.source = organisation.title
        made.confirm()
        give_slug(made)
        made.save()
        made.districts.set(organisation.districts.all())
        made.fields.set(template.fields.all())
        made.target_groups.set(template.target_groups.all())
    return made, True

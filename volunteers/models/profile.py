"""What volunteers are asked: the fields that applications and volunteers share, and the list of questions."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.choices import (
    ScheduleMixin,
    SpeaksMixin,
    dayparts_field,
    languages_field,
    weekdays_field,
)

from ..names import NameField
from ..validators import validate_single_line
from .questions import (
    APPLICATION,
    EVERYBODY,
    FOR_AN_OFFER,
    VOLUNTEER,
    Question,
    Section,
)


class Gender(models.TextChoices):
    """Asked only to respect a wish for a woman or a man."""

    WOMAN = "woman", _("Frau")
    MAN = "man", _("Mann")
    DIVERSE = "diverse", _("divers")


class Profile(SpeaksMixin, ScheduleMixin, models.Model):
    """What people say about themselves; only the name is required."""

    name = NameField(_("Name"), max_length=120)
    phone = models.CharField(
        _("Telefon"), max_length=40, blank=True, validators=[validate_single_line]
    )
    languages = languages_field(_("Sprachen"))
    weekdays = weekdays_field()
    dayparts = dayparts_field()
    gender = models.CharField(
        _("Geschlecht"),
        max_length=7,
        choices=Gender.choices,
        blank=True,
        help_text=_("Freiwillig; nur für Menschen, die sich eine Frau oder einen Mann wünschen."),
    )
    tandem_limit = models.PositiveSmallIntegerField(
        _("Tandems zur gleichen Zeit"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("Wie viele Menschen jemand zugleich begleiten möchte, 1 bis 5."),
    )
    single_dates = models.BooleanField(
        _("bereit für einzelne Termine"), default=False, db_default=False
    )
    districts = models.ManyToManyField(
        "programs.District", verbose_name=_("Stadtbezirke"), related_name="%(class)ss", blank=True
    )
    fields = models.ManyToManyField(
        "programs.Field", verbose_name=_("Engagementfelder"), related_name="%(class)ss", blank=True
    )

    class Meta:
        abstract = True


ASKED: tuple[Question, ...] = (
    Question(
        name="name",
        section=Section.FIRST,
        in_lists=True,
        label=_("Wie heißen Sie?"),
        errors={"required": _("Bitte sagen Sie uns, wie Sie heißen.")},
        attrs={"autocomplete": "name", "dir": "auto"},
    ),
    Question(
        name="email",
        section=Section.FIRST,
        in_lists=True,
        help_text=_(
            "Wir schicken Ihnen gleich eine Mail mit einem Link, der die Anmeldung bestätigt."
        ),
        errors={
            "required": _(
                "Bitte geben Sie Ihre E-Mail-Adresse an; dorthin schicken wir die Antwort."
            ),
            "invalid": _(
                "Diese E-Mail-Adresse ist nicht vollständig. Ein Beispiel: name@example.org"
            ),
        },
        attrs={"autocomplete": "email", "dir": "ltr"},
    ),
    Question(
        name="phone",
        section=Section.FIRST,
        in_lists=True,
        help_text=_("Wenn Sie lieber angerufen werden."),
        attrs={"autocomplete": "tel", "type": "tel"},
    ),
    Question(
        name="preferred_language",
        section=Section.FIRST,
        in_lists=True,
        label=_("In welcher Sprache sollen wir Ihnen schreiben?"),
    ),
    Question(
        name="age",
        section=Section.FIRST,
        kept_by=(APPLICATION,),
        in_lists=True,
        label=_("Wie alt sind Sie?"),
        help_text=_(
            "Mitmachen können alle ab 16 Jahren. Wenn Sie noch nicht 18 sind, brauchen wir vor dem "
            "Start das Einverständnis eines Elternteils."
        ),
        errors={"required": _("Bitte wählen Sie aus, wie alt Sie sind.")},
    ),
    Question(
        name="group_name",
        section=Section.GROUP,
        kept_by=(APPLICATION,),
        in_lists=True,
        label=_("Wer sind Sie zusammen?"),
        help_text=_("Zum Beispiel „Klasse 10b“, „Team aus dem Einkauf“ oder „Kochgruppe“."),
        attrs={"autocomplete": "off", "dir": "auto"},
    ),
    Question(
        name="group_size",
        section=Section.GROUP,
        kept_by=(APPLICATION,),
        label=_("Wie viele Menschen sind Sie?"),
        help_text=_(
            "Sie selbst mitgezählt. Sie sind die Ansprechperson; die Namen der anderen brauchen wir nicht."
        ),
        errors={
            "invalid": _("Bitte geben Sie eine ganze Zahl ein, zum Beispiel 12."),
            "min_value": _(
                "Eine Gruppe sind mindestens 2 Menschen. Kommen Sie allein? Dann lassen Sie beide Felder leer."
            ),
            "max_value": _(
                "Hier geht es bis 500 Menschen. Sind Sie mehr? Dann rufen Sie uns bitte an."
            ),
        },
        attrs={"inputmode": "numeric"},
    ),
    Question(
        name="languages",
        section=Section.MORE,
        in_lists=True,
        label=_("Welche Sprachen sprechen Sie?"),
        shown=8,
    ),
    Question(
        name="districts",
        section=Section.MORE,
        in_lists=True,
        label=_("In welchen Stadtbezirken?"),
        shown=0,
    ),
    Question(
        name="fields",
        own_key="fields_of_engagement",
        section=Section.MORE,
        in_lists=True,
        label=_("Was interessiert Sie?"),
        heading=_("Interessen"),
    ),
    Question(
        name="weekdays",
        in_register=_("Zeiten"),
        section=Section.MORE,
        in_lists=True,
        label=_("An welchen Tagen haben Sie Zeit?"),
        heading=_("Zeiten"),
    ),
    Question(
        name="dayparts",
        in_register=_("Zeiten"),
        section=Section.MORE,
        in_lists=True,
        label=_("Zu welcher Tageszeit?"),
        heading=_("Zeiten"),
    ),
    Question(
        name="single_dates",
        in_register=_("ob wir Sie für einzelne Termine fragen dürfen"),
        section=Section.MORE,
        label=_("Sie dürfen mich fragen, wenn jemand zu einem einzelnen Termin Begleitung sucht"),
        help_text=_(
            "Zum Beispiel am Dienstag um 10 Uhr zum Amt. Wir fragen per E-Mail, höchstens einige Male in "
            "der Woche. Sie entscheiden jedes Mal neu."
        ),
    ),
    Question(
        name="tandem_limit",
        in_register=_("wie viele Menschen Sie zugleich begleiten möchten"),
        section=Section.TANDEM,
        label=_("Wie viele Menschen möchten Sie zur gleichen Zeit begleiten?"),
        help_text=_("Eine Zahl von 1 bis 5. Die meisten begleiten einen Menschen."),
        errors=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Bitte geben Sie eine Zahl von 1 bis 5 ein."),
        ),
    ),
    Question(
        name="gender",
        section=Section.TANDEM,
        help_text=_(
            "Manche Menschen wünschen sich eine Frau oder einen Mann als Begleitung. Nur dafür "
            "fragen wir. Ohne Angabe schlagen wir Sie diesen Menschen nicht vor."
        ),
    ),
    Question(
        name="message",
        in_register=_("eine Nachricht"),
        section=Section.LAST,
        kept_by=(APPLICATION,),
        in_lists=True,
        label=_("Möchten Sie uns noch etwas sagen?"),
        help_text=_(
            "Bitte schreiben Sie nichts über Krankheiten, über Ihren Glauben oder darüber, ob "
            "jemand bleiben darf."
        ),
        attrs={"rows": 5, "dir": "auto"},
    ),
    Question(
        name="about",
        section=Section.LAST,
        kept_by=(VOLUNTEER,),
        help_text=_("Nur Sie und die Portalverwaltung sehen das."),
        attrs={"rows": 4, "dir": "auto"},
    ),
)
"""What volunteers are asked, in the order of the form.

Forms, records, „Meine Daten“, the register of personal fields, lists, the administration and the
change history all use this list; ``tests/volunteers/applications/test_asked.py`` checks each
question.
"""


def asked_of(record: str, *sections: Section) -> tuple[Question, ...]:
    """The questions whose answers ``record`` keeps; only those of ``sections``, if given."""
    chosen = sections or tuple(Section)
    return tuple(one for one in ASKED if record in one.kept_by and one.section in chosen)


def asked_again(record: str, *, in_tandems: bool, in_groups: bool = False) -> tuple[Question, ...]:
    """What somebody may correct later. Not the address, because the link proves it."""
    also = {Section.TANDEM: in_tandems, Section.GROUP: in_groups}
    sections = (one for one in Section if also.get(one, True))
    return tuple(one for one in asked_of(record, *sections) if one.name != "email")


def asked_about_more(*, in_tandems: bool) -> tuple[Question, ...]:
    """What is asked when somebody tells more about themselves later."""
    sections = (Section.MORE, Section.TANDEM) if in_tandems else (Section.MORE,)
    return asked_of(APPLICATION, *sections)


def asked_at_sign_up(*, more: bool, in_groups: bool) -> tuple[Question, ...]:
    """``more``: also „Mehr über Sie“."""
    sections = EVERYBODY if more else FOR_AN_OFFER
    return asked_of(APPLICATION, *sections, *((Section.GROUP,) if in_groups else ()))


AT_SIGN_UP = asked_at_sign_up(more=True, in_groups=True)
"""All that a sign-up may ask."""
GROUP = asked_of(APPLICATION, Section.GROUP)
MORE = asked_of(APPLICATION, Section.MORE)
"""„Mehr über Sie“: asked at sign-up where nothing is chosen yet, or where a tandem has to fit."""
PERSONAL = tuple(
    one.name
    for one in asked_of(APPLICATION)
    if one.name not in {link.name for link in Profile._meta.local_many_to_many}
)
"""The columns of an application that hold an answer."""

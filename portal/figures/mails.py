"""The mail that asks an organisation for its number of volunteers on a day."""

from django.utils.translation import gettext as _

from programs.models import Organisation
from volunteers.links.organisations import Purpose, recipients, url
from volunteers.notifications.link_answers import because_of_entry
from volunteers.notifications.people import because_of_work
from volunteers.notifications.sending import send
from volunteers.notifications.speaking import to_staff

from .survey_models import Survey


@to_staff
def ask_for_number(survey: Survey, organisation: Organisation, *, again: bool = False) -> int:
    """To everybody who can answer for the organisation, each with a link; returns how many mails."""
    subject = _("Wie viele Engagierte hatten Sie am %(day)s?") % {"day": f"{survey.day:%d.%m.%Y}"}
    found = recipients(organisation)
    for one in found:
        send(
            one.address,
            _("Erinnerung: %(subject)s") % {"subject": subject} if again else subject,
            "figures/survey",
            why=because_of_work(organisation) if one.user else because_of_entry(organisation),
            organisation=organisation,
            survey=survey,
            again=again,
            offer=organisation.title,
            count_url=url(Purpose.COUNT, organisation, one),
        )
    return len(found)

"""What pages say about a subscription."""

from django.utils.translation import gettext as _

from programs.models import Language
from programs.models.choices import listed

from .models import Subscription, Topic


def points_of(subscription: Subscription) -> list[str]:
    """What was chosen, one line each."""
    lines = [str(one.label) for one in Topic if one.value in subscription.topics]
    districts = listed(subscription.districts.values_list("name", flat=True))
    if districts:
        lines.append(_("Stadtbezirke: %(names)s") % {"names": districts})
    language = Language(subscription.language).label
    return [*lines, _("Sprache: %(language)s") % {"language": language}]

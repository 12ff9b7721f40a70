"""Organisations for which no person of trust is named, in the list of organisations."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programs.admin.only import OnlyFilter
from programs.models import Organisation
from programs.requests import user_of
from volunteers.reads import trust
from volunteers.services import accesses

NOBODY = "niemand"


class WithoutTrustFilter(OnlyFilter):
    """The same that the start page counts: of those where the user may name somebody."""

    title = _("Vertrauensperson")
    parameter_name = "vertrauen"
    choice = (NOBODY, _("fehlt"))

    def only(self, request: HttpRequest, rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
        named_by_me = accesses.organisations_to_name_trust_at(user_of(request))
        return rows.filter(pk__in=trust.without_readers(named_by_me).values("pk"))

"""A list of the administration reads a page along an index: it does not sort all rows for it."""

import re

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import RequestFactory

from tests.plans import WITHOUT_AN_INDEX

FEW = set(
    """
    portal.changeproposal portal.cooperationoffer portal.invitedorganisation portal.keyfigure portal.linkcheck
    portal.missedword portal.need portal.page portal.survey portal.upkeep programs.entry programs.field
    programs.membership programs.messagetemplate programs.opportunity programs.opportunitytemplate
    programs.organisation programs.programme programs.savedlist programs.story programs.targetgroup
    volunteers.accessrequest volunteers.concern volunteers.groupmessage volunteers.keptapart
    volunteers.matchingrules volunteers.organisationproposal welcome_rooms.welcomeroom
    """.split()
)
"""Of these there are some thousand after ten years: sorting them takes a few milliseconds."""

SORTS_ALL = re.compile(r"(^|->  )Sort  \(", re.MULTILINE)
"""An incremental sort only puts in order what an index leaves equal."""


def plan_of_a_page(model_admin, user):
    """How PostgreSQL would find a page of the list where sorting is the last resort."""
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    rows = model_admin.get_changelist_instance(request).queryset
    rows = model_admin.in_parts(request, rows)[-1]
    with transaction.atomic(), connection.cursor() as cursor:
        for way in WITHOUT_AN_INDEX:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = rows[:50].explain()
        transaction.set_rollback(True)
    return plan


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label_lower)
def test_list_is_kept_in_order_or_short(admin_user, model):
    plan = plan_of_a_page(admin.site.get_model_admin(model), admin_user)
    assert bool(SORTS_ALL.search(plan)) == (model._meta.label_lower in FEW), plan

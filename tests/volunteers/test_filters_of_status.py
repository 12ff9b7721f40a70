"""Lists of the administration offer to filter by what they can have: never by „unbestätigt“, which nobody sees."""

import pytest
from django.contrib import admin

from tests import factories
from volunteers.models.confirmed import UNCONFIRMED

pytestmark = pytest.mark.django_db


def filtered_by_status():
    """The administrations of models whose records wait for a click in the mailbox, if they filter by status."""
    for model, one in admin.site._registry.items():
        status = next((field for field in model._meta.fields if field.name == "status"), None)
        names = [name[0] if isinstance(name, tuple) else name for name in one.list_filter]
        if status and UNCONFIRMED in dict(status.flatchoices) and "status" in names:
            yield pytest.param(one, id=model.__name__)


@pytest.mark.parametrize("model_admin", list(filtered_by_status()))
def test_filter_offers_only_what_the_list_can_have(rf, model_admin):
    request = rf.get("/")
    request.user = factories.make_user("admin@example.org", is_superuser=True)
    shown = model_admin.get_changelist_instance(request)
    (by_status,) = (one for one in shown.filter_specs if getattr(one, "field_path", "") == "status")
    offered = [choice["query_string"] for choice in by_status.choices(shown)]
    assert len(offered) > 2
    assert [one for one in offered if UNCONFIRMED in one] == []

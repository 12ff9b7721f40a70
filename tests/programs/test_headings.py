"""Columns of the administration have German headings, not the names of what the code calls them."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field, pretty_name

from tests import factories

pytestmark = pytest.mark.django_db


def test_no_heading_is_a_name_of_the_code(rf):
    request = rf.get("/")
    request.user = factories.make_user("admin@example.org", is_superuser=True)
    seen = 0
    for model, one in admin.site._registry.items():
        for column in one.get_list_display(request):
            name = column if isinstance(column, str) else column.__name__
            heading = str(label_for_field(column, model, model_admin=one))
            assert "_" not in name or heading != pretty_name(name), (model, name)
            seen += 1
    assert seen > 100

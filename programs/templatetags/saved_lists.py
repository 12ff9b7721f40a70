"""The menu of saved lists on each list of the administration."""

from typing import Any
from urllib.parse import urlencode

from django import template

from programs.addresses import admin_path
from programs.exchange.fitting import Kept, kept_of
from programs.models import SavedList

register = template.Library()


@register.inclusion_tag("admin/saved_lists/_menu.html", takes_context=True)
def saved_lists(context: Any, changelist: Any) -> dict[str, Any]:
    """The lists that the user may open, and the link that saves the list as it stands."""
    request, label = context["request"], changelist.opts.label_lower
    if changelist.is_popup or not request.user.has_perm("programs.view_savedlist"):
        return {}
    lists = SavedList.objects.visible_to(request.user).filter(model=label)
    now = kept_of(changelist)
    query = urlencode({"liste": label, "filter": changelist.get_query_string().lstrip("?")})
    return {
        "lists": [
            (one, Kept(one.search, one.filters, tuple(one.order)) == now)
            for one in lists.select_related("shared_with")
        ],
        "user": request.user,
        "may_export": context.get("has_export_permission"),
        "save_at": f"{admin_path(SavedList, 'add')}?{query}",
    }

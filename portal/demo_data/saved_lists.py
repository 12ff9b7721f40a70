"""A list that the Sozialamt has saved, for all who work there."""

from programs.models import Organisation, SavedList
from volunteers.models import User

from .once import Once

NAME = "Verteiler Freundeskreise"


def load(once: Once) -> int:
    """Create the list; returns how many."""
    office = Organisation.objects.clearing_office()
    owner = User.objects.filter(memberships__organisation=office).order_by("pk").first()
    if owner is None or not once.is_new("saved_list", NAME):
        return 0
    SavedList.objects.create(
        owner=owner,
        name=NAME,
        model="programs.organisation",
        filters="status__exact=active&type__exact=circle",
        order=["title"],
        words="Art der Organisation: Freundeskreis; Status: aktiv",
        shared_with=office,
    )
    return 1

"""Two more accesses, a coordinator long unused and an open invitation; who asks for one, and for an entry."""

import datetime

from programs.models import Membership, Organisation
from volunteers.models import AccessRequest, Invitation, OrganisationProposal, User

from .once import Once

CIRCLE = "freundeskreis-fluechtlinge-feuerbach-fff"
FORMER, INVITED = "paul@example.org", "nora@example.org"
PROPOSING = "omar@example.org"
ASKING = "thea@example.org"
"""Of a circle that nobody of the portal answers for."""
NOBODYS = "freundeskreis-fluechtlinge-stuttgart-vaihingen"
UNUSED_DAYS, INVITED_DAYS_AGO = 430, 3


def load(once: Once, now: datetime.datetime) -> int:
    """Create them unless they were created before; returns how many."""
    circle = Organisation.objects.get(slug=CIRCLE)
    made = 0
    if once.is_new("access", FORMER) and not User.objects.filter(email=FORMER).exists():
        _former(circle, now)
        made += 1
    if once.is_new("invitation", INVITED):
        Invitation.objects.get_or_create(
            organisation=circle,
            email=INVITED,
            defaults={
                "name": "Nora Nachbarin",
                "role": Membership.Role.COORDINATOR,
                "invited_by": User.objects.filter(email="koordination@example.org").first(),
                "created_at": now - datetime.timedelta(days=INVITED_DAYS_AGO),
            },
        )
        made += 1
    nobodys = Organisation.objects.filter(slug=NOBODYS).first()
    if nobodys is not None and once.is_new("access-request", ASKING):
        AccessRequest.objects.create(
            organisation=nobodys,
            name="Thea Tatkraft",
            function="Sprecherin",
            email=ASKING,
            phone="0711 5550199",
            status=AccessRequest.Status.OPEN,
            submitted_at=now - datetime.timedelta(days=1),
            confirmed_at=now - datetime.timedelta(days=1),
            is_demo=True,
        )
        made += 1
    if once.is_new("organisation-proposal", PROPOSING):
        _proposal(now)
        made += 1
    return made


def _proposal(now: datetime.datetime) -> None:
    """Of an organisation whose name is like that of a known one."""
    yesterday = now - datetime.timedelta(days=1)
    OrganisationProposal.objects.create(
        title="Freundeskreis Flüchtlinge Feuerbach-Ost",
        type=OrganisationProposal.Type.CIRCLE,
        summary="Wir kochen freitags mit Familien aus der Unterkunft.",
        name="Omar Offen",
        function="Sprecher",
        email=PROPOSING,
        phone="0711 5550177",
        status=OrganisationProposal.Status.OPEN,
        submitted_at=yesterday,
        confirmed_at=yesterday,
        answer_by=now.date() + datetime.timedelta(days=6),
        is_demo=True,
    )


def _former(circle: Organisation, now: datetime.datetime) -> None:
    user = User.objects.create_user(FORMER, name="Paul Pause")
    membership = Membership.objects.create(
        user=user, organisation=circle, role=Membership.Role.COORDINATOR
    )
    last = now - datetime.timedelta(days=UNUSED_DAYS)
    Membership.objects.filter(pk=membership.pk).update(
        last_used_on=last.date(), created_at=last - datetime.timedelta(days=UNUSED_DAYS)
    )

"""Roles: what each may do, whose records it shows, and which roles it gives.

What a role may do counts for the records that it shows: a user with another role elsewhere has no
more rights here for it (``User.has_perm``). Which records a role shows is up to the
querysets' ``visible_to(user)``, through ``Membership.SEES_PEOPLE`` and ``SEES_ENTRIES``.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

ACTIONS = {
    "v": "view",
    "a": "add",
    "c": "change",
    "d": "delete",
    "x": "export",
    "i": "import",
    "b": "confirm",
    "z": "assign",
    "e": "end",
    "m": "merge",
    "p": "publish",
}
"""Letter → action. Besides Django's own: ``export`` and ``import`` of lists, ``confirm`` that an
entry is right today, ``assign`` the department in charge of an entry, ``end`` somebody's access,
``merge`` two records that are one, ``publish`` what others have written.
"""


ROWS = """
resource                     adm     staff   coordinator deputy room_staff reporting trust translator vol anon
# Einträge
programs.entry               vbz     vbz     vb          vb     vb         v         -     -          v   v
programs.organisation        vacdxim vacxim  vcx         vc     vac        v         -     -          v   v
programs.programme           vacd    vac     vc          vc     -          v         -     -          v   v
programs.programmestep       vacd    vacd    vacd        vacd   -          v         -     -          v   v
programs.protectionconcept   vacd    vacd    vacd        vacd   -          v         -     -          v   v
programs.opportunity         vacd    vacd    vacd        vacd   -          v         -     -          v   v
programs.opportunitytemplate  vacd    vac     v           v      -          -         -     -          -   -
programs.messagetemplate     vacd    vacd    vacd        vacd   -          -         -     -          -   -
programs.picture             vacd    vacd    vacd        vacd   vacd       -         -     -          v   v
programs.voice               vacd    vacd    vacd        vacd   vacd       -         -     -          v   v
programs.story               vacdp   vacdp   vacd        vacd   -          -         -     -          v   v
programs.event               vacdxi  vacdxi  vacdxi      vacd   vacdx      v         -     -          v   v
programs.district            vc      v       v           v      v          v         -     -          v   v
programs.field               vacd    vac     v           v      v          v         -     -          v   v
programs.targetgroup         vacd    vac     v           v      v          v         -     -          v   v
programs.savedlist           vacd    vacd    vacd        vacd   vacd       vacd      -     -          -   -
# Willkommensräume
welcome_rooms.welcomeroom    vacdxi  vacxi   vcx         vc     vacxi      v         -     -          v   v
welcome_rooms.openinghours   vacd    vacd    vacd        vacd   vacd       v         -     -          v   v
welcome_rooms.closure        vacd    vacd    vacd        vacd   vacd       v         -     -          v   v
welcome_rooms.roomoffer      vacd    vacd    vacd        vacd   vacd       v         -     -          v   v
welcome_rooms.carrierperiod  vacd    vacd    v           v      vacd       v         -     -          v   v
welcome_rooms.visitcount     vacdxi  vacdxi  vacdxi      vacd   vacdxi     vx        -     -          -   -
# Engagierte
volunteers.application       vcx     vcx     vcx         vc     -          -         -     -          vac a
volunteers.statuschange      v       v       v           v      -          -         -     -          v   -
volunteers.consent           v       v       v           v      -          -         -     -          vac a
volunteers.volunteer         vacdxim vxi     vxi         v      -          -         -     -          vc  -
volunteers.message           v       v       v           v      -          -         -     -          va  -
volunteers.groupmessage      va      va      va          va     -          -         -     -          -   -
volunteers.steprecord        v       v       v           v      -          -         -     -          va  -
volunteers.conductcheck      vd      v       v           v      -          -         -     -          v   -
volunteers.qualification     v       v       v           v      -          -         -     -          v   -
volunteers.registration      vacdx   vacx    vacx        vac    -          -         -     -          vac a
volunteers.hoursentry        vacdx   vacdx   vacdx       vacd   -          -         -     -          vacd -
volunteers.expense           vcx     vcx     vcx         vc     -          -         -     -          va  -
volunteers.certificate       vad     va      va          va     -          -         -     -          v   -
# Begleitung und Tandems
volunteers.companionrequest  vacx    vacx    vacx        vac    -          -         -     -          -   a
volunteers.tandem            vcx     vcx     vcx         vc     -          -         -     -          vc  -
volunteers.matchingrules     va      v       -           -      -          -         -     -          -   -
volunteers.checkin           v       v       v           v      -          -         -     -          va  -
volunteers.concern           -       -       -           -      -          -         vc    -          va  a
volunteers.keptapart         -       -       -           -      -          -         vc    -          -   -
volunteers.tandemrule        vacd    v       v           v      -          -         -     -          -   -
volunteers.firstmeeting      v       v       v           v      -          -         -     -          va  -
volunteers.daterequest       vd      vd      -           -      -          -         -     -          -   a
volunteers.dateoffer         v       v       -           -      -          -         -     -          vac -
# Fragen
volunteers.organisationproposal vcd  vc      -           -      -          -         -     -          -   a
volunteers.accessrequest     vcd     vc      vc          -      -          -         -     -          -   a
volunteers.enquiry           vcd     vcd     vcd         vcd    -          -         -     -          va  a
portal.cooperationoffer      vcd     vc      vc          vc     -          -         -     -          -   a
portal.need                  vacd    vacd    vacd        vacd   -          v         -     -          v   v
portal.counsellingrequest    vcd     vc      vc          vc     -          -         -     -          va  a
# Newsletter
portal.newsletterissue       vacdp   vacdp   -           -      -          -         -     -          v   v
portal.newsletterblock       vacd    vacd    -           -      -          -         -     -          v   v
portal.subscription          vcd     vc      -           -      -          -         -     -          vac a
portal.savedsearch           vcd     -       -           -      -          -         -     -          vac a
# Zahlen und Seiten
volunteers.figures           vx      vx      -           -      -          vx        -     -          -   -
portal.keyfigure             vacd    vac     -           -      -          v         -     -          v   v
portal.page                  vacd    vc      -           -      -          -         -     -          v   v
programs.translation          vc      vc      -           -      -          -         -     vc         -   -
portal.synonymgroup          vacd    vacd    -           -      -          -         -     -          v   v
portal.missedword            v       v       -           -      -          -         -     -          -   -
portal.linkcheck             v       v       v           v      v          -         -     -          -   -
portal.changeproposal        vc      vc      vc          vc     vc         -         -     -          -   a
portal.changerule            vacd    v       v           v      v          -         -     -          -   -
portal.invitedorganisation  v       v       -           -      -          -         -     -          -   -
portal.survey                va      va      -           -      -          v         -     -          -   -
portal.surveyanswer          v       v       -           -      -          -         -     -          -   a
portal.upkeep                v       v       v           v      v          -         -     -          -   a
# Zugänge und Protokolle
programs.membership          vacde   ve      ve          v      -          -         -     -          -   -
programs.history             v       v       v           v      -          -         -     -          -   -
volunteers.invitation        vad     vad     vad         -      -          -         -     -          -   -
volunteers.user              vacd    -       -           -      -          -         -     -          -   -
volunteers.exportrecord      v       -       -           -      -          -         -     -          -   -
volunteers.securityevent     v       -       -           -      -          -         -     -          -   -
volunteers.outgoingmail      vc      -       -           -      -          -         -     -          -   -
volunteers.retentionrun      v       -       -           -      -          -         -     -          -   -
"""
"""Resource × role → letters of :data:`ACTIONS`. Lines with # name the groups of the page.

``adm`` is the Portalverwaltung: Django lets a superuser do everything, so its column only lists all
actions that exist. ``vol`` and ``anon`` see their own or public records on the portal's pages; in
the admin they have no permissions.
"""


def _read(text: str) -> dict[str, dict[str, frozenset[str]]]:
    """Role → resource → actions."""
    heads, *lines = [line.split() for line in text.strip().splitlines() if line[0] != "#"]
    return {
        role: {
            resource: frozenset(ACTIONS[letter] for letter in cells[column] if letter != "-")
            for resource, *cells in lines
        }
        for column, role in enumerate(heads[1:])
    }


MATRIX = _read(ROWS)

ONLY_BY_ROLE = frozenset({"volunteers.concern", "volunteers.keptapart"})
"""Resources that the Portalverwaltung does not have as such: only a role of a membership opens them."""


OF_MEMBERS = tuple(column for column in MATRIX if column not in {"adm", "vol", "anon"})
"""Columns that are roles of memberships (``Membership.Role``), the one with the most permissions first."""

GIVES = {
    "staff": ("staff", "deputy", "room_staff", "reporting", "trust", "translator"),
    "coordinator": ("coordinator", "deputy"),
}
"""Role → the roles that it may give and end in its own organisation. The Portalverwaltung may give
every role everywhere.
"""
GIVES_BELOW = (*GIVES["coordinator"], "trust")
"""What a department gives and ends in the organisations below it. A coordinator neither names nor removes
the person of trust of their own organisation, who may have to read about them.
"""


@dataclass(frozen=True)
class Role:
    """One role; ``column`` is its column of the table."""

    column: str
    name: Words
    sees: Words


ROLES = (
    Role(
        "adm",
        _("Portalverwaltung"),
        _(
            "Sieht alles, was das Portal hat, außer Hinweisen an Vertrauenspersonen. Vergibt jede Rolle und "
            "führt Konten und Protokolle."
        ),
    ),
    Role(
        "staff",
        _("Fachstelle (Integrationspolitik)"),
        _(
            "Sieht die Einträge der Organisationen, für die ihre Abteilung zuständig ist. Menschen "
            "sieht sie nur, wenn sie sich an die Abteilung selbst gewandt haben. Lädt in den "
            "Organisationen darunter Koordination, Vertretung und Vertrauensperson ein, in der eigenen "
            "Abteilung Fachstelle, Vertretung, Willkommensräume, Berichtswesen, Vertrauensperson und "
            "Übersetzung."
        ),
    ),
    Role(
        "staff",
        _("Fachstelle Sozialamt (Clearingstelle)"),
        _(
            "Wie jede Fachstelle. Dazu beantwortet sie alle, die keine Organisation hat: „Ich weiß "
            "noch nicht, was passt“, Gesuche und Tandems ohne Organisation."
        ),
    ),
    Role(
        "room_staff",
        _("Fachstelle Sozialplanung (Willkommensräume)"),
        _(
            "Sieht die Willkommensräume, für die ihre Abteilung zuständig ist, deren Termine und "
            "Träger. Sieht keine Menschen."
        ),
    ),
    Role(
        "coordinator",
        _("Koordination"),
        _(
            "Sieht die eigenen Organisationen und die Menschen, die sich an sie gewandt haben. Lädt "
            "für sie Koordination und Vertretung ein."
        ),
    ),
    Role(
        "deputy",
        _("Vertretung"),
        _(
            "Sieht bis zum letzten Tag der Vertretung, was die Koordination sieht. Exportiert nichts, "
            "lädt niemanden ein und beendet keinen Zugang."
        ),
    ),
    Role(
        "reporting",
        _("Berichtswesen"),
        _(
            "Sieht Zahlen und die Einträge der eigenen Abteilung und der Organisationen, für die sie "
            "zuständig ist, ohne interne Notizen. Sieht keine Menschen."
        ),
    ),
    Role(
        "trust",
        _("Vertrauensperson"),
        _(
            "Liest, was Menschen unter „Etwas stimmt nicht“ schreiben: für die eigene Organisation, als "
            "Vertrauensperson einer Abteilung auch für die Organisationen darunter, im Sozialamt für alle, die "
            "keine haben. Hält Tandems an und beendet sie aus Schutzgründen. Sieht sonst nichts. Auch die "
            "Portalverwaltung liest diese Hinweise nicht, außer sie ist selbst Vertrauensperson."
        ),
    ),
    Role(
        "translator",
        _("Übersetzung"),
        _(
            "Übersetzt die öffentlichen Texte in eine Sprache, auf Seiten der Verwaltung oder in eigenen Programmen. "
            "Sieht sonst nichts, keine Menschen und keine andere Sprache."
        ),
    ),
    Role(
        "vol",
        _("Engagierte"),
        _(
            "Sehen auf „Meine Seite“, was das Portal über sie selbst hat. In die Verwaltung kommen "
            "sie nicht. Organisationen sehen von ihnen nur, was sie ihnen mit den eigenen Anmeldungen "
            "gesagt haben; das Profil selbst sehen sie und die Portalverwaltung."
        ),
    ),
    Role(
        "anon",
        _("Menschen ohne Anmeldung"),
        _(
            "Sehen, was veröffentlicht ist. Wer sich meldet, öffnet die eigenen Angaben über den "
            "Link aus der Mail."
        ),
    ),
)
"""All roles. Two kinds of Fachstelle share one column: they may do the same, with other records."""


PERMISSIONS = {
    role: {resource: actions for resource, actions in MATRIX[role].items() if actions}
    for role in OF_MEMBERS
}


def roles_with(perm: str) -> frozenset[str]:
    """Roles of memberships that have ``perm``, such as „volunteers.export_application“."""
    app, _, codename = perm.partition(".")
    action, _, model = codename.partition("_")
    return frozenset(
        role for role in PERMISSIONS if action in PERMISSIONS[role].get(f"{app}.{model}", ())
    )

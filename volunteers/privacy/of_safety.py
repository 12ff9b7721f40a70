"""The register, third part: what people write when something is wrong."""

from django.utils.translation import gettext_lazy as _

from . import sentences
from .processing import Processing, Whose

CONCERNS = Processing(
    key="concerns",
    title=_("„Etwas stimmt nicht“"),
    whose=Whose.ASKING,
    what=_(
        "was Sie schreiben und um welches Tandem oder welche Organisation es geht; freiwillig: wer Sie sind, Ihr "
        "Name und wie wir Sie erreichen. Ohne Namen behalten wir auch keine E-Mail-Adresse. Dazu, wer von uns es "
        "gelesen hat und was getan wurde"
    ),
    purpose=_("Menschen schützen, die begleitet werden oder begleiten"),
    basis=_(
        "Art. 6 Abs. 1 Buchst. d und e DSGVO mit § 4 LDSG BW. Löschen Sie Ihre Daten, nehmen wir Ihren Namen heraus; "
        "der Hinweis bleibt bis zu seiner Frist (Art. 17 Abs. 3 DSGVO). Wer darin genannt ist, bekommt ihn nicht zu "
        "lesen (Art. 15 Abs. 4 DSGVO)"
    ),
    seen_by=_(
        "die Vertrauenspersonen der Organisation und ihrer Abteilung, sonst die der Clearingstelle; nicht die "
        "Koordination und nicht die Portalverwaltung"
    ),
    kept=(sentences.concerns,),
    fields={
        "volunteers.Concern": (
            *("tandem", "organisation", "about", "text", "who", "name", "email", "phone"),
            *("about_coordination", "kept_from", "state", "came_at", "answer_by", "done_at"),
        ),
        "volunteers.ConcernNote": ("concern", "kind", "at", "text"),
    },
    owned_by={
        "volunteers.Concern": ("email",),
        "volunteers.ConcernNote": ("concern__email",),
    },
)
KEPT_APART = Processing(
    key="kept_apart",
    title=_("Schutz nach einem Tandem"),
    whose=Whose.HELPING,
    what=_(
        "dass ein Tandem aus Schutzgründen beendet wurde, seit wann, und Prüfwerte von Adresse und Nummer der anderen "
        "Person, aus denen niemand sie lesen kann"
    ),
    purpose=_(
        "Zwei Menschen einander nicht wieder vorschlagen, und niemandem, bevor jemand es geprüft hat"
    ),
    basis=_(
        "Art. 6 Abs. 1 Buchst. d und e DSGVO mit § 4 LDSG BW. Die Person selbst bekommt es nicht zu lesen, weil es "
        "andere gefährden kann (Art. 15 Abs. 4 DSGVO)"
    ),
    seen_by=_(
        "die Vertrauenspersonen der Organisation und ihrer Abteilung, sonst die der Clearingstelle"
    ),
    kept=(sentences.inactive, sentences.with_last_application),
    fields={
        "volunteers.KeptApart": (
            "volunteer",
            "organisation",
            "concern",
            "marks",
            "since",
            "freed_at",
        ),
    },
    owned_by={"volunteers.KeptApart": ()},
)
OF_SAFETY = (CONCERNS, KEPT_APART)

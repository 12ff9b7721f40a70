"""What somebody agrees to who keeps a search, in every version that was ever shown."""

from django.utils.translation import gettext_lazy as _

TEXTS = {
    "2026-11": _(
        "Ich möchte von der Landeshauptstadt Stuttgart (Abteilung Integrationspolitik und Sozialamt) eine E-Mail "
        "bekommen, wenn es zu dieser Suche neue Angebote gibt, höchstens einmal in der Woche. Das kann ich "
        "jederzeit beenden: über den Link in jeder Mail. Ob ich Mails öffne und worauf ich klicke, wird nicht "
        "gemessen."
    ),
}
"""Version → text. A new text is a new version; the old ones stay, because they prove what was agreed to."""
VERSION = list(TEXTS)[-1]
"""The one that the form and the page of the confirmation show."""

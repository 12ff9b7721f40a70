"""The letter that somebody takes to the Meldebehörde."""

from .printing import render


def conduct_check_letter(
    *, name: str, organisation: str, activity: str, place_date: str, signer: str
) -> bytes:
    """The written request of an organisation for somebody's extended certificate of good conduct.

    Whoever applies for it shows such a letter, in which the organisation confirms the conditions
    (§ 30a Abs. 2 BZRG); the activity falls under § 72a SGB VIII. Volunteers are free of the fee
    (leaflet of the Bundesamt für Justiz on Nr. 1130 of the list to § 4 Abs. 1 JVKostG); the city's
    lawyers confirm the wording. Date of birth, address and signature are left to be filled in by
    hand: the portal does not know them. One page; raises ``CannotPrint``.
    """
    return render(
        "conduct_check",
        name=name,
        organisation=organisation,
        activity=activity,
        place_date=place_date,
        signer=signer,
    )

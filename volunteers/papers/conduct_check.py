"""The letter for the Meldebehörde."""

from .printing import render


def conduct_check_letter(
    *, name: str, organisation: str, activity: str, place_date: str, signer: str
) -> bytes:
    """The organisation's written request for somebody's extended certificate of good conduct.

    The person shows this letter when they apply; in it the organisation confirms the conditions (§
    30a Abs. 2 BZRG). The activity falls under § 72a SGB VIII. Volunteers pay no fee (leaflet of the
    Bundesamt für Justiz on Nr. 1130 of the list to § 4 Abs. 1 JVKostG). The city's lawyers confirm
    the wording. Date of birth, address and signature are left empty for filling in by hand, because
    the portal does not know them. One page; raises ``CannotPrint``.
    """
    return render(
        "conduct_check",
        name=name,
        organisation=organisation,
        activity=activity,
        place_date=place_date,
        signer=signer,
    )

"""QR codes for print."""

import io

import segno

LONG = 200
"""From here on larger modules help a scanner more than spare ones."""


def qr_code(address: str) -> str:
    """SVG in the text colour of the documents, without a margin of its own."""
    file = io.BytesIO()
    segno.make(address, error="m" if len(address) < LONG else "l", micro=False).save(
        file, kind="svg", border=0, dark="#1d2b24", xmldecl=False, nl=False
    )
    return file.getvalue().decode()

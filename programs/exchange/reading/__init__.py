"""Reads a file as people bring it: XLSX, ODS or CSV become rows of cells, or one sentence says why not.

All bounds hold *while* a file is read, before anything is built from it: unpacked bytes, rows, columns,
cells (``bounds``). The format is detected from the content, not from the name.

=================  ==================================================================
``bounds``         the limits, the ZIP archive that counts what it unpacks, the refusal
``table``          what comes out: rows with their numbers, sheets, notes
``cells``          text without what nobody sees; a cell whose value is lost (``BadCell``)
``xlsx``           Excel
``ods``            LibreOffice
``separated``      CSV: encoding, separator, quotes
``files``          chooses the reader
``headings``       finds the row of the headings
=================  ==================================================================
"""

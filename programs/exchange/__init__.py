"""Import and export of lists as XLSX, ODS and CSV.

django-import-export provides what both directions share: a resource declares the columns of a list
once (heading, source of the value, conversion of a cell to a value and back), and works through the
rows of an import in one transaction.

This package adds what is missing. An export is a generator of rows (``resources.SheetResource.rows``)
that a writer consumes one by one (``writers``, ``writing_xlsx``, ``writing_ods``), so that memory does
not grow with the list.

An uploaded list is a record (``ListImport``), and a worker does the work on it (``working``):

1. upload: the file goes into the database (``steps.keep``); a job reads it into rows (``reading``);
2. columns: the page shows what each column means (``columns``), and the person corrects it; what was
   chosen is remembered for the organisation (``remembering``);
3. preview: a job does everything in a transaction that is rolled back (``working.check``), and keeps what
   would happen (``outcome``) or every fault as a sentence (``problems``);
4. confirmation: a job does the same again, compares it with the preview, and commits (``working.take``).

Text that a spreadsheet would run as a formula is harmless: by the type of its cell in XLSX and ODS,
by an apostrophe in CSV (``cells``). What was exported comes in again without a change.

========================  ==================================================================
``cells``                 one value as text; makes formulas harmless, and restores them
``writers``               the formats; rows → CSV
``writing_xlsx``          rows → XLSX
``writing_ods``           rows → ODS
``sheets``                what XLSX and ODS share
``reading``               a file → numbered rows, or one sentence with the reason why not
``columns``               what the columns of a file mean; the rows below the headings, by field
``remembering``           … and how that was the last time
``widgets``               cells → values: dates, yes and no, labels
``names``                 … and records
``shorthand``             several choices in a cell, as people write them
``splitting``             … and several names
``steps``                 what a person does with an uploaded list
``working``               what a worker does with it
``outcome``               what an import does, for the preview and to compare
``problems``              every fault with row, column and value
``resources``             the columns of a list, for export and import
``uploads``               how long lists are kept, and how large a request may be
``sending``               sends a list as a file and logs the export
``background``            large exports: ordered, made by a worker, kept in the database
``fetching``              the pages of a large export
``reloading``             pages that load themselves again meanwhile
``admin``                 the pages of exports, and the permissions
``fitting``               what a saved list keeps of a list, and whether that still fits
``import_admin``          the pages of imports
========================  ==================================================================
"""

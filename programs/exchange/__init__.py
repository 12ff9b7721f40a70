"""Import and export of lists as XLSX, ODS and CSV.

django-import-export provides what both directions share: a resource declares the columns of a list
once (heading, source of the value, conversion of a cell to a value and back). Its admin mixins
provide the pages, the preview in a transaction that is rolled back, and the confirmation.

This package adds what is missing. An export is a generator of rows (``resources.SheetResource.rows``)
that a writer consumes one by one (``writers``, ``writing_xlsx``, ``writing_ods``), so that memory does not grow with the list. An import
accepts many variants of a file (``readers``) and reports every bad row (``resources``, ``problems``).
Text that a spreadsheet would run as a formula is harmless: by the type of its cell in XLSX and ODS,
by an apostrophe in CSV (``cells``). What was exported comes in again without a change.

========================  ==================================================================
``cells``                 one value as text; makes formulas harmless, and restores them
``writers``               the formats; rows → CSV
``writing_xlsx``          rows → XLSX
``writing_ods``           rows → ODS
``sheets``                what XLSX and ODS share
``readers``               a file → headings and numbered rows, or one sentence with the reason why not
``widgets``               cells → values: dates, yes and no, labels, names
``resources``             the columns of a list, for export and import
``uploads``               stores files between preview and confirmation
``sending``               sends a list as a file and logs the export
``admin``                 the pages and permissions
========================  ==================================================================
"""

"""Lists in and out: XLSX, ODS and CSV.

Who does what. django-import-export keeps what the two directions share and what people see: a
resource declares the columns of a list once (heading, where the value comes from, how a cell becomes
a value and back), its admin mixins bring the pages, the preview in a transaction that is rolled back,
and the confirmation. This package does what it does not: an export is a generator of rows
(``resources.SheetResource.rows``) that a writer takes one by one (``writers``), so that memory does
not grow with the list; a colleague's file is read with patience (``readers``) and every bad row is
named (``resources``, ``problems``); cells that a spreadsheet would run are made harmless (``cells``).

========================  ==================================================================
``cells``                 one value as text; formulas made harmless, and back
``writers``               rows → CSV, XLSX, ODS
``readers``               a file → headings and numbered rows, or one sentence why not
``widgets``               cells → values: dates, yes and no, labels, names
``resources``             the columns of a list, as rows and as an import
``uploads``               files between preview and confirmation
``sending``               one list as a file, with its entry in the log
``admin``                 the pages and permissions
========================  ==================================================================
"""

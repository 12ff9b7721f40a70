"""What is public, for programs: a JSON interface, CSV, feeds, schema.org and a catalogue of the data sets.

``columns``, ``lists``   what there is: each column is declared once, with its type and its value
``of_entries`` …         the columns of entries, and of everything else
``asking``               the parameters of a request
``api``                  the views of ``/api/v1/``
``description``          the OpenAPI description, made from the same columns
``licences``             the licence of the data

Nothing here reads a person's data: each list loads only the columns that its declarations name.
"""

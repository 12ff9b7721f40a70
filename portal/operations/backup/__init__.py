"""Backup and restore: ``manage.py backup`` and ``manage.py restore`` (docs/betrieb.md).

All that people give the portal is in PostgreSQL, pictures, receipts and files of exports included; a test fails when
a model keeps a file on the disk. What is in ``DATA_DIR`` and ``STATIC_ROOT`` is made anew from the code. So a backup is
a dump of the database, the settings without secrets, and a manifest.
"""

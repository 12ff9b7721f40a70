"""What the portal does when something breaks: real processes under a steady load, one fault after another.

``make test-faults`` runs these tests in one process and prints a table. All of them share one
installation: it is set up by the release before this one and brought up to date under load, then
every fault hits it. What clients were told is written down (``books.py``) and must be true afterwards.
"""

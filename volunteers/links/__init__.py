"""Signed links in mails, one module a topic."""

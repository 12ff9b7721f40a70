"""Signed links in mails, one module for each topic."""

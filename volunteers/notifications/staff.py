"""Mails to the people who work for an organisation, each one singly."""

"""Mails: one module a topic. Plain text, one purpose each."""

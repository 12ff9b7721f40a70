"""Mails, one module for each topic. Plain text, one purpose each."""

"""Permissions: the table of roles, the backend for has_perm, and the page that shows it as text."""

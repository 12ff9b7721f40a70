"""Accounts: login by code, by password or by the city's single sign-on."""

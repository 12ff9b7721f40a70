"""Accounts: how one gets in, by code, password or the sign-on of the city."""

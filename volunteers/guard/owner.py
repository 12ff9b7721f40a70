"""Mails to the owner of an account about a change that only they, or a thief, can have made."""

from django.core.mail import send_mail
from django.template.loader import render_to_string


def tell_owner(address: str, template: str) -> None:
    """Mail ``<template>_subject.txt`` and ``<template>_message.txt``, which allauth's own flows use, too."""
    parts = ("subject", "message")
    subject, text = (render_to_string(f"{template}_{part}.txt") for part in parts)
    send_mail(subject.strip(), text, None, [address])

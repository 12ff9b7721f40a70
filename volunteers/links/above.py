"""Signed links to pages that the app above shows; addresses are named, because nothing here imports it."""

import uuid

from django.urls import reverse

from . import signing

COUNSELLING = "counselling.page"
"""The page on which somebody and the department write to each other about counselling."""


def counselling_token(public_id: uuid.UUID) -> str:
    return signing.keep(COUNSELLING, public_id)


def counselling_path(public_id: uuid.UUID) -> str:
    return reverse("portal:counselling_page", args=[counselling_token(public_id)])

"""Changes of public content; what they are for: ``programs/versions.py``."""

from django.db import models


class ContentChange(models.Model):
    """A transaction changed something that public pages show. Written by triggers only."""

    id = models.BigAutoField(primary_key=True)

    def __str__(self) -> str:
        return str(self.pk)

"""Names for rows that stay the same, wherever the row is read and whatever its address becomes."""

import uuid

from django.db import models

from programs.models import Municipality


def stable_id(municipality: Municipality, row: models.Model) -> uuid.UUID:
    """The same for the same row for ever; feeds and calendars recognise rows by it."""
    name = f"{municipality.code}:{row._meta.model_name}:{row.pk}"
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:local-development-programs:{name}")

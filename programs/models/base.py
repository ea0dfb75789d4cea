"""What most models share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Timestamped(models.Model):
    """When a row was made and last changed; pages show the latter as "last updated"."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        abstract = True


class Keyed(models.Model):
    """A short readable name, used in addresses and in data files."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)

    class Meta:
        abstract = True

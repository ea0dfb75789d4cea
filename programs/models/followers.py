"""Those who want to be told what happens in a program or a place, or with an idea."""

import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from programs.models.base import Timestamped


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Subscription(Timestamped):
    """One address follows one thing. It counts from the moment that the address is confirmed.

    Whoever stops following is removed: nothing is kept of them. `told_until` is the moment up to
    which the weekly letter has told of what happened.
    """

    email = models.EmailField(_("e-mail"))
    program = models.ForeignKey(
        "programs.Program",
        models.CASCADE,
        verbose_name=_("program"),
        related_name="subscriptions",
        null=True,
        blank=True,
    )
    locality = models.ForeignKey(
        "programs.Locality",
        models.CASCADE,
        verbose_name=_("place"),
        related_name="subscriptions",
        null=True,
        blank=True,
    )
    idea = models.ForeignKey(
        "programs.Idea",
        models.CASCADE,
        verbose_name=_("idea"),
        related_name="subscriptions",
        null=True,
        blank=True,
    )
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    told_until = models.DateTimeField(_("told until"), null=True, blank=True)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="subscription_of_one_thing",
                condition=Q(program__isnull=False, locality__isnull=True, idea__isnull=True)
                | Q(program__isnull=True, locality__isnull=False, idea__isnull=True)
                | Q(program__isnull=True, locality__isnull=True, idea__isnull=False),
                violation_error_message=_("One follows one thing at a time."),
            ),
            *(
                models.UniqueConstraint(
                    Lower("email"),
                    target,
                    name=f"subscription_once_per_{target}",
                    condition=Q(**{f"{target}__isnull": False}),
                )
                for target in ("program", "locality", "idea")
            ),
        ]

    def __str__(self) -> str:
        return str(self.program or self.locality or self.idea)

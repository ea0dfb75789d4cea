"""What every staff page begins with: signed in, and allowed to be here."""

from typing import TypeVar

import rules
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from programs.permissions import visible

Row = TypeVar("Row", bound=Model)


def may(user: AbstractBaseUser, action: str, thing: Model | type[Model]) -> bool:
    """Asked of a row, or of a model: "any at all?"."""
    row = thing if isinstance(thing, Model) else None
    opts = thing._meta
    return rules.has_perm(f"{opts.app_label}.{action}_{opts.model_name}", user, row)


def rows_for(request: HttpRequest, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those that the person may view; 403 for who may view none at all."""
    if not may(request.user, "view", rows.model):
        raise PermissionDenied
    return visible(request.user, rows)


def row_for(request: HttpRequest, rows: QuerySet[Row], pk: int, action: str = "view") -> Row:
    """The row, or 403 for those who may not do that with it."""
    row = get_object_or_404(rows, pk=pk)
    if not may(request.user, action, row):
        raise PermissionDenied
    return row


def someone(request: HttpRequest) -> AbstractBaseUser:
    return request.user  # type: ignore[return-value]


def crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Staff pages"), reverse("admin:index")), *pages]

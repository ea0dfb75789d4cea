"""The staff pages' menu: organised by duty, and only what the person has."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programs.permissions import Person, Roles, may_read_records, roles_of


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    url: str
    is_current: bool


def menu_for(user: Person, path: str) -> list[Entry]:
    """Empty for who has not signed in. The longest address that the page lies below is current."""
    roles = roles_of(user)
    if roles == Roles():
        return []
    works = roles.administers or roles.registers or roles.moderates or bool(roles.led)
    pages = [(_("My desk"), "admin:index")]
    if works:
        pages.append((_("Incoming"), "voices_staff:queue"))
    if (works and not roles.moderates) or roles.seated_in:
        pages.append((_("Processes"), "revisions_staff:index"))
    if may_read_records(user):
        pages.append((_("Register"), "programs_staff:register"))
        pages.append((_("Personal data"), "programs_staff:person"))
    if works or roles.convened:
        pages.append((_("All registers"), "admin:registers"))
    found = [(label, reverse(name)) for label, name in pages]
    below = [url for _label, url in found if path.startswith(url)]
    current = max(below, key=len, default="")
    if path.startswith(reverse("admin:index")) and current == reverse("admin:index"):
        # Django's own lists lie beside the desk's address, below none of the menu's.
        current = current if path == current else ""
    return [Entry(str(label), url, url == current) for label, url in found]

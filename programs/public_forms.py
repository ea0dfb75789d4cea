"""What every form that anyone may send has in common: order, without shutting anyone out.

No account, no cookie, no captcha. A form carries a signed moment and a field that people do not
see. What looks odd is never thrown away: it is held, with a note of what the portal noticed.
These forms act for nobody who is signed in, so there is no authority for another site to borrow,
and they work without the cookie that Django's own protection would need.
"""

import datetime
import hashlib
import hmac
import ipaddress
import math
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import SendCount
from programs.models.voices import new_reference

STAMP_SALT = "programs.public_forms"
QUICKEST_SECONDS = 3
LONGEST_HOURS = 48

# (span, most times) for one form from one range of addresses: wide enough for a library behind
# one address, too narrow for a machine. A form may have wider limits of its own.
Limits = tuple[tuple[datetime.timedelta, int], ...]
LIMITS: Limits = ((datetime.timedelta(minutes=10), 12), (datetime.timedelta(days=1), 60))
COUNTS_KEPT = datetime.timedelta(days=2)
PORT = re.compile(r"(?P<four>[\d.]+):\d+|\[(?P<six>[^\]]+)\](?::\d+)?")


class TooMany(Exception):
    """The form has been sent too often from this range of addresses; `minutes` until the next."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


class PublicForm(forms.Form):
    """`stamp` says when the form was given out, and gives what is sent its reference.

    A stamp that is missing, forged or older than two days makes the form come back with
    everything typed and a fresh stamp. After `is_valid()`, `oddities` says what was noticed.
    """

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        required=False,
        label=_("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.oddities: list[str] = []
        self.reference = ""
        if not self.is_bound:
            self.initial["stamp"] = new_stamp()

    def clean_stamp(self) -> str:
        given = self.cleaned_data["stamp"]
        try:
            made, reference = signing.loads(given, salt=STAMP_SALT)
            age = timezone.now().timestamp() - float(made)
        except (signing.BadSignature, ValueError, TypeError):
            age = -1.0
        if not 0 <= age <= LONGEST_HOURS * 3600:
            self.give_new_stamp()
            # Not told at the field: nobody can see it.
            self.add_error(
                None, _("The form had been open for long. Everything is still here: send it again.")
            )
            return given
        if age < QUICKEST_SECONDS:
            self.oddities.append("quick")
        self.reference = str(reference)
        return given

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            self.oddities.append("trap")
        return ""

    def give_new_stamp(self) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix("stamp")] = new_stamp()

    @property
    def said(self) -> dict[str, Any]:
        """What the person filled in, without what keeps order."""
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if key not in {"stamp", "website"}
        }


class EmailForm(PublicForm):
    """Asks for an address to send a letter with a link to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your address, so that we can send the link."),
            "invalid": _("Write the address like this: name@example.se"),
        },
    )

    def clean(self) -> None:
        """A machine gets no letter to anybody; a person only has to press the button once more."""
        if "trap" in self.oddities:
            self.data = self.data.copy()
            self.data[self.add_prefix("website")] = ""
            self.add_error(
                None,
                _(
                    "Something filled in a field that people do not see. It is empty now: press "
                    "the button once more."
                ),
            )


def new_stamp() -> str:
    return signing.dumps([timezone.now().timestamp(), new_reference()], salt=STAMP_SALT)


def slow_down(
    request: HttpRequest, form: str, now: datetime.datetime, limits: Limits = LIMITS
) -> None:
    """Count one sending; raises TooMany when it is one too many. Holds over several workers."""
    sender = address_range(request)
    for span, most in limits:
        seconds = span.total_seconds()
        start = datetime.datetime.fromtimestamp(
            now.timestamp() // seconds * seconds, tz=datetime.UTC
        )
        # The key changes with the day, so that nobody can be followed from day to day.
        key = f"{form}|{seconds}|{start:%Y-%m-%d}|{sender}"
        if count_one(key, start) > most:
            left = start + span - now
            raise TooMany(max(1, math.ceil(left.total_seconds() / 60)))


@transaction.atomic
def count_one(key: str, starts_at: datetime.datetime) -> int:
    """How many times the key has been counted in the span that begins then, this time included.

    Read while the row is still locked, so that no two get the same number.
    """
    row, _created = SendCount.objects.get_or_create(key=keyed_hash(key), starts_at=starts_at)
    SendCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
    row.refresh_from_db(fields=["count"])
    return row.count


def count_today(key: str, now: datetime.datetime) -> int:
    midnight = now.astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return count_one(key, midnight)


def forget_counts(now: datetime.datetime) -> int:
    """Remove the counts that nothing asks for any more; how many there were."""
    return SendCount.objects.filter(starts_at__lt=now - COUNTS_KEPT).delete()[0]


def address_range(request: HttpRequest) -> str:
    """The network that the sender is in: /24 in IPv4, /56 in IPv6.

    Behind a trusted proxy the last address it added counts; what a client writes itself does not.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY_HEADER:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    # Some proxies add the port: "192.0.2.7:4711", "[2001:db8::7]:4711".
    if with_port := PORT.fullmatch(given):
        given = with_port["six"] or with_port["four"]
    try:
        address = ipaddress.ip_address(given.partition("%")[0])
    except ValueError:
        return "unknown"
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefix = 24 if address.version == 4 else 56
    return str(ipaddress.ip_network((address, prefix), strict=False))


def keyed_hash(text: str) -> str:
    """Tells two texts apart, and nothing of either to whoever lacks the portal's key."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()

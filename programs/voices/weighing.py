"""What the portal notices about a text that comes in. It judges nobody: a person reads and decides.

What is noticed is told in words to whoever reviews, and holds the text where texts are otherwise
shown at once. Nothing is ever thrown away.
"""

import datetime
import re
from collections.abc import Collection, Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from programs.public_forms import QUICKEST_SECONDS, count_today

MOST_LINKS = 1
# The same words from more than this many in a day is a campaign, or a machine.
MOST_ALIKE = 3
LONGEST_NOTE = 200

LINK = re.compile(r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|info|ru|cn|xyz|shop|top)\b")
ADDRESS = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+")
PHONE = re.compile(r"(?<![\d-])(?:\+46|0)\s?\d{1,3}[ -]?\d{2,3}(?: ?\d{2,3}){1,3}(?![\d-])")
PERSONAL_NUMBER = re.compile(r"(?<![\d-])(?:19|20)?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?![\d-])")


def weigh(text: str, oddities: Collection[str], *, has_picture: bool, alike: int) -> str:
    """What was noticed, in the portal's language; empty when nothing was.

    `oddities` come from the form (`PublicForm.oddities`), `alike` from `count_alike`.
    """
    with override(settings.LANGUAGE_CODE):
        return "; ".join(noticed(text, oddities, has_picture, alike))[:LONGEST_NOTE]


def noticed(text: str, oddities: Collection[str], has_picture: bool, alike: int) -> Iterator[str]:
    if "trap" in oddities:
        yield _("a field that people do not see was filled in")
    if "quick" in oddities:
        yield _("sent within %(n)s seconds") % {"n": QUICKEST_SECONDS}
    if alike > MOST_ALIKE:
        yield _("the same text has come in %(n)s times today") % {"n": alike}
    links = len(LINK.findall(text))
    if links > MOST_LINKS:
        yield ngettext("%(n)s link", "%(n)s links", links) % {"n": links}
    if any(map(is_personal_number, PERSONAL_NUMBER.finditer(text))):
        yield _("perhaps a personal identity number")
    if PHONE.search(text):
        yield _("perhaps a telephone number")
    if ADDRESS.search(text):
        yield _("an e-mail address")
    if has_picture:
        yield _("a picture to look at")


def is_personal_number(match: re.Match[str]) -> bool:
    """A possible day of birth, and the right check digit; the day may be a coordination number's.

    Source: Skatteverket's description of the number (Luhn's method on ten digits).
    """
    year, month, day, rest = match.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) % 60 <= 31):
        return False
    doubled = (
        int(digit) * (2 - place % 2) for place, digit in enumerate(year + month + day + rest)
    )
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def count_alike(text: str, now: datetime.datetime) -> int:
    """How many times the same words have come in today, this time included.

    Counted by a hash in the database, whoever sends them and whatever worker receives them.
    """
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return count_today(f"text|{words}", now)

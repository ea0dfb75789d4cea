"""Who handles public records and personal data; both stand the same to every row there is."""

from programs.permissions.rights import A, R, stands
from programs.permissions.roles import Person


def may_read_records(user: Person) -> bool:
    """See and take out what is held about a person, and the register of what has come in."""
    return stands(user, A | R, None)


def may_change_personal_data(user: Person) -> bool:
    """Correct and erase."""
    return stands(user, A, None)


def may_give_case_number(user: Person) -> bool:
    """The only thing that a registrar changes."""
    return stands(user, A | R, None)

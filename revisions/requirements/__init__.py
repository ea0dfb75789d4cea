"""What must be met before a step is passed, how far it has come, and where it is mended."""

import datetime

from revisions.models import Process
from revisions.requirements.facts import CHANNELS_TO_ENTER, channels_left, has_notes
from revisions.requirements.standing import Place, Progress, Requirement, Standing
from revisions.requirements.table import REQUIREMENTS


def standings(process: Process, today: datetime.date) -> list[Standing]:
    """Every requirement of the step under way, in the order of the step's definition."""
    if not process.current:
        return []
    return [
        Standing(requirement, process, today, requirement.check(process, today))
        for requirement in (REQUIREMENTS[key] for key in process.current.requires)
    ]


def missing(process: Process, today: datetime.date) -> list[Standing]:
    return [standing for standing in standings(process, today) if not standing.is_met]


__all__ = [
    "CHANNELS_TO_ENTER",
    "REQUIREMENTS",
    "Place",
    "Progress",
    "Requirement",
    "Standing",
    "channels_left",
    "has_notes",
    "missing",
    "standings",
]

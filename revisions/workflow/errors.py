"""Why a transition is refused, in words for the page."""

from django.utils.translation import gettext as _

from revisions.requirements import Standing


class TransitionError(Exception):
    """Refused, with the reason in words."""


class StaleStep(TransitionError):
    def __init__(self) -> None:
        super().__init__(
            _("Someone else was faster: the process has moved on. Nothing was done twice.")
        )


class AlreadyDone(StaleStep):
    """The process stands where it stood, but what was asked for is there already."""

    def __init__(self) -> None:
        TransitionError.__init__(
            self, _("Someone else was faster: this is already recorded. Nothing was done twice.")
        )


class StepBlocked(TransitionError):
    """`standings` are the requirements that are not met."""

    def __init__(self, standings: list[Standing]) -> None:
        super().__init__(
            _("The step cannot be passed yet: %(missing)s")
            % {"missing": " ".join(str(standing.words) for standing in standings)}
        )
        self.standings = standings

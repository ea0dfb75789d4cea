"""What staff and representatives type to move a process. Import from here."""

from revisions.staff.forms.evidence import (
    EvidenceForm,
    PaperForm,
    WithdrawForm,
    has_something_to_connect,
    kind_of_paper,
)
from revisions.staff.forms.moving import (
    AbortForm,
    BackForm,
    DecisionForm,
    DraftForm,
    PassForm,
    PublishForm,
)
from revisions.staff.forms.records import (
    AnchorForm,
    ApproveForm,
    ChannelForm,
    DeadlineForm,
    InformationForm,
    MinutesForm,
    PeriodForm,
    RecordForm,
    ReopenForm,
    StandForm,
    StatementForm,
)

__all__ = [
    "AbortForm",
    "AnchorForm",
    "ApproveForm",
    "BackForm",
    "ChannelForm",
    "DeadlineForm",
    "DecisionForm",
    "DraftForm",
    "EvidenceForm",
    "InformationForm",
    "MinutesForm",
    "PaperForm",
    "PassForm",
    "PeriodForm",
    "PublishForm",
    "RecordForm",
    "ReopenForm",
    "StandForm",
    "StatementForm",
    "WithdrawForm",
    "has_something_to_connect",
    "kind_of_paper",
]

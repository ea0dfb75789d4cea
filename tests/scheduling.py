"""How xdist shares the tests out: what belongs together stays together, the slowest begins."""

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# Only what takes long has to be named; all the rest follows in order of name.
SLOWEST = [
    "browser halmstad",
    "tests/programs/test_admin.py",
    "acceptance halmstad",
    "tests/browser/test_revision.py",
    "browser flen",
    "acceptance flen",
    "tests/revisions/test_staff_pages.py",
    "tests/portal/test_demo_processes.py",
]


class SlowestFirst(LoadScopeScheduling):
    """By file, but for those that share more than a file or less."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        kind = file.split("/")[1]
        if file == "tests/browser/test_revision.py":
            # Each test takes longer than most files, and shares nothing with the next.
            return nodeid
        if kind in {"acceptance", "browser"}:
            # To load a demo and to read every page of it takes long; once is enough.
            return f"{kind} {'flen' if 'flen' in nodeid else 'halmstad'}"
        return file

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(min(self.workqueue, key=place), last=False)
        super()._assign_work_unit(node)


def place(scope: str) -> int:
    found = (place for place, name in enumerate(SLOWEST) if scope.startswith(name))
    return next(found, len(SLOWEST))

"""Processes and what is recorded in them. Import from here."""

from revisions.models.processes import Process, StepRecord

__all__ = ["Process", "StepRecord"]

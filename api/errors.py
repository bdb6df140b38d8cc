"""Errors for people: each carries the exit status of the command and a stable code."""
from __future__ import annotations


class ServiceError(Exception):
    """Something a person can mend; the message says what, where, what was expected and what to do."""

    status = 1
    code = "refused"

    def __init__(self, *message: object, code: str = "") -> None:
        super().__init__(*message)
        self.code = code or type(self).code


class Refused(ServiceError):
    """A file as a whole, or everything in it, cannot be used (exit status 1)."""


class Faults(Refused):
    """Several things are wrong with what was sent; ``errors`` says each, as (where, sentence)."""

    def __init__(self, errors: list[tuple[str, str]], *, code: str = "invalid") -> None:
        self.errors = errors
        super().__init__(" ".join(sentence for _, sentence in errors), code=code)


class WrongUsage(ServiceError):
    """The command was called with something that cannot be: a missing file, a folder in use (exit status 2)."""

    status = 2
    code = "usage"


class NoPlan(ServiceError):
    """No plan holds all limits (exit status 3); the message names the conflict's members and nothing else."""

    status = 3
    code = "infeasible"


class TimeLimit(ServiceError):
    """The time limit struck (exit status 4); what was found is written, with its gap."""

    status = 4
    code = "time_limit"

"""Addresses to sign in with: one rule for whoever adds an account and for whoever signs in."""
from __future__ import annotations

import unicodedata
from typing import Any

from email_validator import EmailNotValidError, validate_email

RULE: dict[str, Any] = {"check_deliverability": False}
"""How email-validator is asked; Flask-Security is given the same, and looks an account up by what comes of it."""
LONGEST = 254


def checked(email: str) -> str:
    """An address in the one spelling by which it is looked up: of its domain there are many that mean the same.

    Raises
    ------
    ValueError
        If nobody can sign in with it, with the reason in words.
    """
    if len(email) > LONGEST:
        raise ValueError(f"An address has at most {LONGEST} characters.")
    try:
        return str(validate_email(email, **RULE).normalized)
    except EmailNotValidError as wrong:
        raise ValueError(str(wrong)) from None


def spelled(email: str) -> str:
    """The one spelling of an address; of what is none, signs of all widths as the plain ones."""
    try:
        return checked(email)
    except ValueError:
        return unicodedata.normalize("NFKC", email)


__all__ = ["RULE", "checked", "spelled"]

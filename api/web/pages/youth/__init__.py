"""The pages of a student, and of a parent with a mandate who reads along."""
from __future__ import annotations

from api.web.pages.youth import ask, code, my_consent, my_data, my_help, my_place, offers

PAGES = (code, offers, my_consent, my_help, my_place, my_data, ask)

__all__ = ["PAGES"]

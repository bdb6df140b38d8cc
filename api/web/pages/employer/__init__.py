"""The pages of an employer."""
from __future__ import annotations

from api.web.pages.employer import candidates, drafts, meetings, vacancies

PAGES = (candidates, drafts, vacancies, meetings)

__all__ = ["PAGES"]

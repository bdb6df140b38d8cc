"""The service with people in it: the shipped cohorts of today, a login per role, a plan, and what was done with it."""
from __future__ import annotations

from api.demo.fill import STEPS, fill
from api.demo.people import Login

__all__ = ["STEPS", "Login", "fill"]

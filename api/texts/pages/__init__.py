"""The words of the pages: a catalogue per page or group of pages, by the name under which templates ask for it."""
from __future__ import annotations

from api.texts.catalogue import Catalogue
from api.texts.compare import RULE_NAMES
from api.texts.pages.account import ACCOUNT, ACTIVATION, SIGN_IN, START
from api.texts.pages.administration import ADMIN, ADMIN_ACCOUNTS, ADMIN_AUDIT, ADMIN_RETENTION, ADMIN_RUNS, ADMIN_STOP
from api.texts.pages.administration_more import ADMIN_BACKUPS, ADMIN_INSIGHT, ADMIN_PROJECTS, ERASING
from api.texts.pages.algorithm import ALGORITHM, ENTRY
from api.texts.pages.beside_review import ANSWERED, COMPARE, CONFLICT, DETAIL, FIRST_LOOK, HISTORY
from api.texts.pages.employer import OF_EMPLOYERS
from api.texts.pages.errors import ERROR
from api.texts.pages.factor import FACTOR
from api.texts.pages.follow import FOLLOW, GROUP
from api.texts.pages.frame import DONE, FORM, FRAME, NAV
from api.texts.pages.help_requests import HELP_REQUEST
from api.texts.pages.log_words import LOG
from api.texts.pages.municipality import DECIDING, FIGURES
from api.texts.pages.parties import ADMIN_PARTIES, ADMIN_POLICY
from api.texts.pages.plan import PLACES, RUN, SEARCH, WITHOUT
from api.texts.pages.public import ACCESSIBILITY, HELP, HOW, PRIVACY
from api.texts.pages.review import AGAIN, FEATURE, MUST, POSTED, PROPOSALS, REASON, REVIEW, TODAY, WHAT_IF_PAGE
from api.texts.pages.school import OF_SCHOOL
from api.texts.pages.share import SHARE
from api.texts.pages.youth import OF_YOUTH

CATALOGUES: dict[str, Catalogue] = {
    "accessibility": ACCESSIBILITY,
    "account": ACCOUNT,
    "activation": ACTIVATION,
    "admin": ADMIN,
    "admin_accounts": ADMIN_ACCOUNTS,
    "admin_audit": ADMIN_AUDIT,
    "admin_backups": ADMIN_BACKUPS,
    "admin_insight": ADMIN_INSIGHT,
    "admin_parties": ADMIN_PARTIES,
    "admin_policy": ADMIN_POLICY,
    "admin_projects": ADMIN_PROJECTS,
    "admin_retention": ADMIN_RETENTION,
    "admin_runs": ADMIN_RUNS,
    "admin_stop": ADMIN_STOP,
    "again": AGAIN,
    "algorithm": ALGORITHM,
    "algorithm_entry": ENTRY,
    "answered": ANSWERED,
    "compare": COMPARE,
    "conflict": CONFLICT,
    "deciding": DECIDING,
    "detail": DETAIL,
    "done": DONE,
    "erasing": ERASING,
    "error": ERROR,
    "factor": FACTOR,
    "feature": FEATURE,
    "figures": FIGURES,
    "first_look": FIRST_LOOK,
    "follow": FOLLOW,
    "form": FORM,
    "frame": FRAME,
    "group": GROUP,
    "help": HELP,
    "help_request": HELP_REQUEST,
    "history": HISTORY,
    "how": HOW,
    "log": LOG,
    "must": MUST,
    "nav": NAV,
    "places": PLACES,
    "privacy": PRIVACY,
    "proposals": PROPOSALS,
    "reason": REASON,
    "review": REVIEW,
    "rule": RULE_NAMES,
    "run": RUN,
    "search": SEARCH,
    "share": SHARE,
    "sign_in": SIGN_IN,
    "start": START,
    "today": TODAY,
    "posted": POSTED,
    "what_if": WHAT_IF_PAGE,
    **OF_SCHOOL,
    **OF_EMPLOYERS,
    **OF_YOUTH,
    "without": WITHOUT,
}

"""The language of a page: what the address says, what was chosen here before, the account's wish, the browser's."""
from __future__ import annotations

from flask import Response, after_this_request, g, request
from flask_login import current_user

from api.texts.catalogue import LANGUAGES

COOKIE, QUERY = "taal", "taal"
_YEAR = 31_536_000


def language() -> str:
    """The language of this request; one that the address says is remembered in this browser."""
    if "lang" not in g:
        g.lang = _language()
    lang: str = g.lang
    return lang


def remember(lang: str) -> None:
    """Let this browser show ``lang`` from now on."""
    secure = request.is_secure

    @after_this_request
    def _keep(response: Response) -> Response:
        response.set_cookie(COOKIE, lang, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")
        return response


def _language() -> str:
    asked = request.args.get(QUERY, "")
    if asked in LANGUAGES:
        remember(asked)
        return asked
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    wish = getattr(current_user, "preferences", {}).get("lang")
    if wish in LANGUAGES:
        return str(wish)
    spoken = (wanted.split("-")[0].lower() for wanted, _ in request.accept_languages)  # best first; en-GB is en
    return next((lang for lang in spoken if lang in LANGUAGES), LANGUAGES[0])

"""Security headers of every answer: nothing is loaded, framed, sniffed or kept that need not be."""
from __future__ import annotations

from flask import Flask, Response, request
from secure import (
    CacheControl,
    ContentSecurityPolicy,
    CrossOriginEmbedderPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

YEAR = 31_536_000
LASTING = ("static_files.file",)
"""Views whose answers never change under one address: style and scripts."""


def headers_of(*, https: bool, version: str) -> dict[str, str]:
    """The headers of every answer, errors included."""
    policy = (
        ContentSecurityPolicy().default_src("'none'").style_src("'self'").script_src("'self'")
        .img_src("'self'", "data:").font_src("'self'").connect_src("'self'").form_action("'self'")
        .base_uri("'none'").frame_ancestors("'none'").object_src("'none'")
    )  # fmt: skip
    headers = dict(
        Secure(
            cache=CacheControl().no_store(), csp=policy, coep=CrossOriginEmbedderPolicy().require_corp(),
            coop=CrossOriginOpenerPolicy().same_origin(), corp=CrossOriginResourcePolicy().same_origin(),
            hsts=StrictTransportSecurity().max_age(2 * YEAR).include_subdomains() if https else None,
            permissions=PermissionsPolicy().camera().geolocation().microphone(),
            referrer=ReferrerPolicy().no_referrer(), xcto=XContentTypeOptions().nosniff(), xfo=XFrameOptions().deny(),
        ).headers
    )  # fmt: skip
    return headers | {"API-Version": version}


def protect(app: Flask, *, https: bool, version: str) -> None:
    """Set the headers on every answer of ``app``."""
    headers = headers_of(https=https, version=version)

    @app.after_request
    def _set(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        if request.endpoint in LASTING and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if "Access-Control-Allow-Origin" in response.headers:  # the description of the API is for every site
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

"""Language and actor of a request, the way to the sign-in page and back."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

Handler = Callable[[HttpRequest], HttpResponse]


class PortalLocaleMiddleware:
    """Simplified Chinese unless the person chose otherwise: an office PC's browser language is nobody's choice."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """`request.actor`: who is asking and what he may; built on first use, once per request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.provider = import_string(settings.ACTOR_PROVIDER)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: self._context(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def _context(self, request: HttpRequest):
        request_id = getattr(request, "request_id", "")
        return self.provider(request.user, day=timezone.localdate(), request_id=request_id)


class OwnPasswordMiddleware:
    """A password that somebody else has made opens one page only: the one on which to choose one's own."""

    #: What a person may still do before: choose, leave, and read in his language.
    OPEN = frozenset({"password_change", "logout", "set_language", "healthz", "readyz"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        match = request.resolver_match
        if not request.user.is_authenticated or not request.user.must_change_password:
            return None
        if match is not None and not match.namespaces and match.url_name in self.OPEN:
            return None
        messages.info(request, _("Your password was made by somebody else. Please choose one that only you know."))
        return redirect("password_change")


class SignInMiddleware(LoginRequiredMiddleware):
    """Sign in first; afterwards one stands where one was.

    What is sent with an expired session is lost to the portal. It leads back to the page it was written on, which
    offers the text again, and not to an address that may only take forms.
    """

    def handle_no_permission(self, request: HttpRequest, view_func) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            # also from the admin, whose own sign-in page forgets where one wanted to go
            return redirect_to_login(request.get_full_path())
        if request.accepts("text/html"):
            # what saves drafts in the background tells it on the page itself
            said = _("You had been signed out in the meantime; nothing was sent. Sign in and you are back on the page.")
            messages.warning(request, said)
        return redirect_to_login(_page_before(request) or request.get_full_path())


def _page_before(request: HttpRequest) -> str:
    """The page of this portal on which the form stood, "" when the browser does not tell."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return ""
    return urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl()


class PrivatePagesMiddleware:
    """What a signed-in person was shown does not stay in the store of a shared office computer: after signing out the
    back button shows nothing. Files say so themselves."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):  # type: ignore[union-attr]
            add_never_cache_headers(response)
        return response


class RefusedMethodMiddleware:
    """An address opened the wrong way answers with a page in words; the framework's own answer is empty."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

"""One's own account: sign-in, password, large text, stand-in (A/B角)."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qualitycity.access.http import actor_of, next_page
from qualitycity.channels import sms
from qualitycity.home.forms import StandInForm
from qualitycity.workflow import Refused
from taskforce.choices import PutAway
from taskforce.domain import channels, feeds, people
from taskforce.models import CalendarFeed, Delegation, Membership

#: Stand-ins of the past are listed so far back.
SHOWN = 10


class Login(auth.LoginView):
    template_name = "registration/login.html"
    redirect_authenticated_user = True


class PasswordChange(auth.PasswordChangeView):
    template_name = "registration/password_change_form.html"

    def get_success_url(self) -> str:
        """Whoever was sent here on the way to work goes on to work."""
        return reverse("start") if self.forced else reverse("account")

    @property
    def forced(self) -> bool:
        return bool(self.request.user.must_change_password)  # type: ignore[union-attr]

    def get_context_data(self, **kwargs):
        return super().get_context_data(forced=self.forced, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        people.password_changed(user=form.user, actor=actor_of(self.request))
        messages.success(self.request, _("Your password is changed."))
        return response


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return _account_page(request, StandInForm(user=request.user))


def _account_page(request: HttpRequest, form: StandInForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    delegations = Delegation.objects.select_related("deputy", "principal")
    standing_in = delegations.filter(deputy_id=request.user.pk, last_day__gte=today, revoked_on=None)
    no_mail, no_sms = (channels.unreachable(request.user, name) for name in (channels.MAIL, channels.SMS))
    context = {
        "form": form,
        "has_colleagues": form.fields["deputy"].queryset.exists(),
        "today": today,
        "memberships": Membership.objects.current(today)
        .filter(user_id=request.user.pk)
        .select_related("jurisdiction", "department", "leader"),
        "delegations": delegations.filter(principal_id=request.user.pk)[:SHOWN],
        "standing_in": standing_in[:SHOWN],
        "ways": {
            "mail": settings.PORTAL_MAIL_ENABLED,
            "no_mail": no_mail,
            "sms": sms.gateway() is not None,
            "no_sms": no_sms,
            "any": not (no_mail and no_sms),
        },
        "feed": CalendarFeed.objects.filter(user_id=request.user.pk).first(),
    }
    return render(request, "home/account.html", context, status=status)


@require_POST
def set_large_text(request: HttpRequest) -> HttpResponse:
    """大字 on or off, remembered with the account."""
    people.set_large_text(user=request.user, on=request.POST.get("on") == "1")
    return redirect(next_page(request, reverse("start")))


@require_POST
def choose_channels(request: HttpRequest) -> HttpResponse:
    """By e-mail, by short message: only what this portal offers and what reaches the person can be chosen."""
    chosen = {
        name: None if channels.unreachable(request.user, name) else request.POST.get(name) == "1"
        for name in (channels.MAIL, channels.SMS)
    }
    channels.choose_channels(user=request.user, **chosen)
    messages.success(request, _("From tomorrow you are reminded as you chose."))
    return redirect("account")


@require_POST
def calendar_address(request: HttpRequest) -> HttpResponse:
    """日历订阅: a new secret address, whose only appearance is the answer to this request, or none any more."""
    actor, wanted = actor_of(request), request.POST.get("do", "")
    if wanted == "remove":
        feeds.remove_feed(user=request.user, actor=actor)
        messages.success(request, _("The address of your calendar leads nowhere any more."))
        return redirect("account")
    if wanted != "renew":
        raise Http404(_("There is no such step."))
    secret = feeds.renew_feed(user=request.user, actor=actor)
    address = settings.PORTAL_BASE_URL + reverse("calendar_feed", args=[secret])
    response = render(request, "home/calendar_address.html", {"address": address})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """Hints or examples that were read; with `back` everything that was put away is shown again."""
    if "back" in request.POST:
        people.bring_back(user=request.user)
        messages.success(request, _("Hints and examples are shown again."))
        return redirect("account")
    what = request.POST.get("what", "")
    if what not in PutAway.values:
        raise Http404(_("There is nothing of this kind to put away."))
    people.put_away(user=request.user, what=PutAway(what))
    if request.htmx:
        return render(request, "home/_put_away.html")
    return redirect(next_page(request, reverse("start")))


@require_POST
def name_stand_in(request: HttpRequest) -> HttpResponse:
    """Names a stand-in from – to, or calls one back."""
    actor = actor_of(request)
    if "revoke" in request.POST:
        return _revoke(request)
    form = StandInForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            people.name_stand_in(principal=request.user, actor=actor, **form.cleaned_data)
            messages.success(request, _("Your stand-in is named."))
            return redirect("account")
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    return _account_page(request, form, status=422)


def _revoke(request: HttpRequest) -> HttpResponse:
    """Only one's own: whoever is stood in for calls back, not the one who stands in."""
    wanted = request.POST["revoke"]
    mine = Delegation.objects.filter(principal_id=request.user.pk)
    row = mine.filter(pk=wanted).first() if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
    if row is None:
        raise Http404(_("There is no such stand-in of yours."))
    people.revoke_stand_in(row, actor=actor_of(request))
    messages.success(request, _("Your stand-in is called back."))
    return redirect("account")

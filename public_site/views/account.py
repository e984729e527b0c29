"""Registering, confirming, logging in and out, passwords, consent."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.views import LoginView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.door import owes_step
from core.accounts.queries import current_consent_text
from core.accounts.services import (
    change_password,
    confirm_email,
    give_consent,
    needs_consent,
    register_candidate,
    request_password_reset,
    user_of_confirmation,
    user_of_reset,
)
from core.common.exceptions import DomainError
from core.common.ways_back import asked_way
from core.institutions.rules import is_officer
from core.schemes.queries import current_version
from public_site.access import has_portal_account, home_of
from public_site.forms.account import EmailForm, LoginForm, PasswordForm, RegistrationForm
from public_site.forms.base import add_domain_error, posted
from public_site.keep_post import kept_post, resend_page

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def _wanted_scheme(request: HttpRequest) -> str:
    """The code of the scheme that somebody came for, if it exists."""
    code = request.POST.get("skema") or request.GET.get("skema", "")
    return code if code and current_version(code) else ""


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("public_site:desk")
    text = current_consent_text()
    form = RegistrationForm(posted(request))
    scheme = _wanted_scheme(request)
    if request.method == "POST" and form.is_valid():
        try:
            register_candidate(
                full_name=form.cleaned_data["full_name"],
                email=form.cleaned_data["email"],
                consent_text=text,
                scheme_code=scheme,
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return letter_sent(request, form.cleaned_data["email"], asked_at="register")
    return render(
        request,
        "public_site/account/register.html",
        {
            "form": form,
            "consent_text": text,
            "scheme_code": scheme,
            "version": current_version(scheme) if scheme else None,
        },
    )


def letter_sent(request: HttpRequest, email: str, *, asked_at: str) -> HttpResponse:
    """On to "look into your mailbox"; `asked_at` names the address at which the letter can be asked for again."""
    request.session["registered_email"], request.session["registered_at"] = email, asked_at
    return redirect("public_site:registered")


@require_safe
def registered(request: HttpRequest) -> HttpResponse:
    context = {
        "email": request.session.get("registered_email", ""),
        "again": reverse(f"public_site:{request.session.get('registered_at', 'register')}"),
    }
    return render(request, "public_site/account/registered.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Opened from the letter. Looking changes nothing (mail scanners look too); the password does."""
    user = user_of_confirmation(key, token)
    if user is None:
        return render(request, "public_site/account/link_expired.html", {"form": EmailForm()}, status=410)
    form = PasswordForm(posted(request), user=user)
    if request.method == "POST" and form.is_valid():
        try:
            user = confirm_email(user=user, password=form.cleaned_data["password"])
        except DomainError as done:  # a second press, while the first was still at work
            messages.info(request, done.message)
            return redirect("public_site:login")
        login(request, user, backend=MODEL_BACKEND)
        if user.is_staff:
            return redirect("admin:index")
        if scheme := _wanted_scheme(request):
            return redirect("public_site:start", scheme)
        if is_officer(user):
            messages.success(request, _("Akun Anda aktif."))
            return redirect("public_site:institution_desk")
        messages.success(request, _("Akun Anda aktif. Pilih skema untuk memulai permohonan."))
        return redirect("public_site:desk")
    return render(request, "public_site/account/confirm.html", {"form": form, "person": user})


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class LoginPage(LoginView):
    """One door for everybody; staff go on to the back office."""

    http_method_names = ("get", "head", "post")
    template_name = "public_site/account/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever gave the password already goes on to the code; staff to their own step."""
        if request.method == "GET" and request.half_user is not None:
            if request.half_user.is_staff:
                return redirect("admin:index")
            return redirect(f"{reverse('public_site:verify_code')}?{urlencode({'next': self.get_redirect_url()})}")
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        if target := self.get_redirect_url():
            return target
        return reverse("admin:index") if self.request.user.is_staff else home_of(self.request.user)

    def form_valid(self, form: LoginForm) -> HttpResponse:
        kept = kept_post(self.request.POST.get("kept", ""), by=form.get_user())
        response = super().form_valid(form)
        if kept and owes_step(self.request):
            self.request.session["kept"] = self.request.POST["kept"]  # offered again after the code
            return response
        return resend_page(self.request, kept=kept) if kept else response

    def get_context_data(self, **kwargs: Any) -> dict:
        context = super().get_context_data(**kwargs)
        token = self.request.POST.get("kept", "")
        return context | {"kept": token if kept_post(token) else "", "session_ended": False}


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: dict | None = None
) -> HttpResponse:
    """What django-axes answers after too many guesses."""
    return render(request, "public_site/account/locked_out.html", status=429)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("Anda sudah keluar."))
    response = redirect("public_site:home")
    # Kept pages and answers, also where the script did not run; and what "Back" would show on a shared computer.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
def forgot_password(request: HttpRequest) -> HttpResponse:
    form = EmailForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            request_password_reset(email=form.cleaned_data["email"])
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return letter_sent(request, form.cleaned_data["email"], asked_at="forgot_password")
    return render(request, "public_site/account/forgot_password.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, key: str, token: str) -> HttpResponse:
    user = user_of_reset(key, token)
    if user is None:
        return render(request, "public_site/account/link_expired.html", {"form": EmailForm()}, status=410)
    form = PasswordForm(posted(request), user=user)
    if request.method == "POST" and form.is_valid():
        is_in = request.user == user
        change_password(user=user, password=form.cleaned_data["password"], keep=request.user_session if is_in else None)
        if is_in:
            update_session_auth_hash(request, user)
        if is_in:
            messages.success(request, _("Sandi baru Anda sudah berlaku."))
            return redirect(home_of(user))
        messages.success(request, _("Sandi baru Anda sudah berlaku. Silakan masuk."))
        return redirect("public_site:login")
    return render(request, "public_site/account/new_password.html", {"form": form, "person": user})


@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Asked again when the text on personal data has a new version."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("public_site:login"))
    if not has_portal_account(request.user):
        raise Http404
    target = asked_way(request, "next") or home_of(request.user)
    text = needs_consent(request.user)
    if text is None:
        return redirect(target)
    if request.method == "POST" and request.POST.get("agreed"):
        give_consent(user=request.user, text=text)
        return redirect(target)
    return render(request, "public_site/account/consent.html", {"text": text, "next": target})

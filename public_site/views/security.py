"""A portal account's own second factor and log-ins. Nobody must; whoever did is asked for the code at `/masuk/`."""

from collections.abc import Callable

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import second_factor, sessions
from core.accounts.door import let_in
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.common.ways_back import asked_way
from core.policy.queries import system_policy
from public_site.access import account_page, home_of
from public_site.forms.account import CodeForm, EnrolForm, PasswordAgainForm, RecoveryForm
from public_site.forms.base import add_domain_error, posted
from public_site.keep_post import kept_post, resend_page


def _wanted(request: HttpRequest) -> str:
    """The page that somebody was on the way to, if it is ours; else the desk."""
    person = request.user if request.user.is_authenticated else request.half_user
    return asked_way(request, "next") or home_of(person)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The code, after the password and before everything else."""
    person = request.half_user
    if person is None or person.is_staff:
        return redirect(_wanted(request))  # is in already, or is sent to the log-in from there
    by_recovery = (request.POST.get("cara") or request.GET.get("cara")) == "pemulihan"
    if by_recovery:
        form: forms.Form = RecoveryForm(posted(request))
        check = second_factor.use_recovery_code
    else:
        form = CodeForm(posted(request), days=system_policy().remember_device_days)
        check = second_factor.verify_code
    if request.method == "POST" and form.is_valid():
        try:
            check(user=person, code=form.cleaned_data["code"], session=request.user_session)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            request.user = person
            kept = kept_post(request.session.pop("kept", ""), by=person)
            response = resend_page(request, kept=kept) if kept else redirect(_wanted(request))
            return let_in(request, response, user=person, remember=form.cleaned_data.get("remember", False))
    return render(
        request,
        "public_site/account/verify.html",
        {"form": form, "by_recovery": by_recovery, "next": _wanted(request), "person": person},
    )


@never_cache
@require_safe
@account_page
def account_security(request: HttpRequest) -> HttpResponse:
    factor = second_factor.factor_of(request.user)
    return render(
        request,
        "public_site/account/security.html",
        {
            "factor": factor,
            "codes_left": second_factor.recovery_codes_left(request.user) if factor else 0,
            "sessions": sessions.open_sessions(request.user),
            "devices": second_factor.trusted_devices(request.user),
        },
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@account_page
def enrol(request: HttpRequest) -> HttpResponse:
    """Put a phone into use, or another one instead."""
    replaces = second_factor.factor_of(request.user) is not None
    needs_password = replaces or not second_factor.is_fresh(request.user_session)
    form = EnrolForm(posted(request), needs_password=needs_password)
    if request.method == "POST" and form.is_valid():
        try:
            if needs_password:
                second_factor.require_password(
                    user=request.user, password=form.cleaned_data["password"], request=request
                )
            codes = second_factor.confirm_enrolment(
                user=request.user, code=form.cleaned_data["code"], session=request.user_session
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return let_in(request, _codes_page(request, codes), user=request.user)
    device = second_factor.begin_enrolment(user=request.user)
    qr = segno.make(device.config_url, error="m").svg_inline(scale=4, border=3, dark="#000", light="#fff")
    return render(
        request,
        "public_site/account/enrol.html",
        {
            "form": form,
            "replaces": replaces,
            "qr": mark_safe(qr),  # noqa: S308 - drawn by the library, holds no markup of anybody
            "app_link": device.config_url,
            "key": second_factor.key_as_text(device),
        },
    )


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The only time the codes are seen: drawn into the answer, kept nowhere."""
    return render(request, "public_site/account/codes.html", {"codes": codes, "as_text": "\r\n".join(codes)})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@account_page
def recovery_codes(request: HttpRequest) -> HttpResponse:
    return after_password(
        request,
        lambda: _codes_page(request, second_factor.make_recovery_codes(user=request.user)),
        title=_("Buat kode pemulihan baru?"),
        text=_("Sepuluh kode baru ditampilkan sekali. Kode yang lama langsung tidak berlaku."),
        button=_("Buat kode baru"),
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@account_page
def remove(request: HttpRequest) -> HttpResponse:
    def take_off() -> HttpResponse:
        second_factor.remove_factor(user=request.user, session=request.user_session)
        messages.success(request, _("Faktor kedua dilepas. Anda masuk dengan sandi saja."))
        return redirect("public_site:security")

    return after_password(
        request,
        take_off,
        title=_("Lepas faktor kedua?"),
        text=_("Sesudah itu siapa pun yang mengetahui sandi Anda dapat masuk. Kode pemulihan ikut dihapus."),
        button=_("Lepas faktor kedua"),
    )


def after_password(request: HttpRequest, act: Callable[[], HttpResponse], **words: str) -> HttpResponse:
    """Ask for the password, then act; a refusal is shown beside it. `words`: title, text, button; back, back_title."""
    form = PasswordAgainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.require_password(user=request.user, password=form.cleaned_data["password"], request=request)
            return act()
        except DomainError as error:
            add_domain_error(form, error)
    return render(request, "public_site/account/password_again.html", {"form": form, **words})


@require_POST
@account_page
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Throw one log-in out, or all but this one."""
    key = request.POST.get("session", "")
    if key == "others":
        sessions.end_other_sessions(user=request.user, keep=request.user_session, by=request.user)
        messages.success(request, _("Semua sesi lain sudah dikeluarkan."))
    elif is_number(key):
        sessions.end_session(user=request.user, key=int(key), by=request.user)
        messages.success(request, _("Sesi itu sudah dikeluarkan."))
    return redirect("public_site:security")


@require_POST
@account_page
def forget(request: HttpRequest) -> HttpResponse:
    """Trust a device no longer."""
    key = request.POST.get("device", "")
    if is_number(key):
        sessions.forget_devices(user=request.user, by=request.user, key=int(key))
        messages.success(request, _("Perangkat itu akan diminta kode lagi."))
    return redirect("public_site:security")

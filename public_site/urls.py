"""Every address of the portal, in the order in which a candidate meets it."""

from django.conf import settings
from django.urls import path

from public_site.languages import in_both_languages
from public_site.views import (
    account,
    application,
    case_file,
    certificate,
    certificates,
    decision,
    demo,
    desk,
    discovery,
    evidence,
    health,
    home,
    own_data,
    pages,
    papers,
    profile,
    schedule,
    security,
    self_assessment,
    verification,
)

app_name = "public_site"

urlpatterns = [
    # in both languages, the English ones under /en/
    in_both_languages(
        path("", home.home, name="home"),
        path("skema/", home.scheme_list, name="scheme_list"),
        path("skema/<slug:code>/", home.scheme_detail, name="scheme_detail"),
        path("alur/", home.flow, name="flow"),
        path("privasi/", home.privacy, name="privacy"),
        path("info/<slug:slug>/", pages.info, name="info"),
        path("pratinjau/<slug:slug>/", pages.preview, name="preview"),
        path("verifikasi/", verification.search, name="verification_search"),
        path("verifikasi/luring/", verification.offline, name="verification_offline"),
        path("verifikasi/<str:code>/", verification.show, name="verification"),
    ),
    # for programs
    path("logo/<str:name>", pages.logo, name="logo"),
    path("verifikasi/kunci.json", verification.keys, name="verification_keys"),
    path("verifikasi/kunci/<str:key_id>.json", verification.key, name="verification_key"),
    path("verifikasi/penerbit.json", verification.issuer, name="verification_issuer"),
    path("verifikasi/<str:code>/status.json", verification.status, name="verification_status"),
    path("sehat/", health.health, name="health"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    # accounts
    path("daftar/", account.register, name="register"),
    path("daftar/terkirim/", account.registered, name="registered"),
    path("konfirmasi/<str:key>/<str:token>/", account.confirm, name="confirm"),
    path("masuk/", account.LoginPage.as_view(), name="login"),
    path("masuk/kode/", security.verify, name="verify_code"),
    path("keluar/", account.log_out, name="logout"),
    path("lupa-sandi/", account.forgot_password, name="forgot_password"),
    path("sandi-baru/<str:key>/<str:token>/", account.new_password, name="new_password"),
    path("persetujuan/", account.consent, name="consent"),
    # the candidate's desk
    path("akun/", desk.desk, name="desk"),
    path("akun/keamanan/", security.account_security, name="security"),
    path("akun/keamanan/faktor-kedua/", security.enrol, name="second_factor"),
    path("akun/keamanan/kode-pemulihan/", security.recovery_codes, name="recovery_codes"),
    path("akun/keamanan/lepas/", security.remove, name="second_factor_remove"),
    path("akun/keamanan/sesi/", security.end_sessions, name="end_sessions"),
    path("akun/keamanan/perangkat/", security.forget, name="forget_devices"),
    path("akun/data/", own_data.overview, name="own_data"),
    path("akun/data/unduh/", own_data.download, name="own_data_download"),
    path("akun/data/permintaan/<slug:kind>/", own_data.new_request, name="privacy_request_new"),
    path("akun/permintaan/<str:number>/", own_data.request_page, name="privacy_request"),
    path("akun/nik/", profile.derive_from_nik, name="derive_from_nik"),
    path("akun/berkas/<uuid:public_id>/", desk.document, name="document"),
    path("akun/profil/<slug:key>/", profile.own_profile, name="own_profile"),
    path("akun/sertifikat/<str:code>/perpanjang/", certificates.renew, name="renew"),
    # an application
    path("permohonan/baru/<slug:code>/", application.start, name="start"),
    path("permohonan/<str:reference>/", application.case, name="case"),
    path("permohonan/<str:reference>/berkas/", case_file.case_file, name="case_file"),
    path("permohonan/<str:reference>/berkas/unduh/", case_file.bundle, name="case_file_bundle"),
    path("permohonan/<str:reference>/profil/<slug:key>/", profile.section, name="profile_section"),
    path("permohonan/<str:reference>/tujuan/", application.purpose, name="purpose"),
    path("permohonan/<str:reference>/bukti/", evidence.evidence, name="evidence"),
    path("permohonan/<str:reference>/bukti/<int:pk>/", evidence.slot, name="evidence_slot"),
    path("permohonan/<str:reference>/unit/<int:pk>/", self_assessment.unit, name="unit"),
    path("permohonan/<str:reference>/periksa/", application.check_answers, name="check_answers"),
    path("permohonan/<str:reference>/terkirim/", application.submitted, name="submitted"),
    path("permohonan/<str:reference>/jadwal.ics", schedule.calendar, name="schedule_calendar"),
    path("permohonan/<str:reference>/batalkan/", application.withdraw, name="withdraw"),
    path("permohonan/<str:reference>/banding/", decision.appeal, name="appeal"),
    path("permohonan/<str:reference>/banding/cabut/", decision.withdraw_appeal, name="withdraw_appeal"),
    path("permohonan/<str:reference>/formulir/<slug:form>/", application.form_pdf, name="form_pdf"),
    *papers.urlpatterns,
    path("permohonan/<str:reference>/sertifikat/<int:pk>/", certificate.pdf, name="certificate_pdf"),
    path("permohonan/<str:reference>/sertifikat/<int:pk>/lencana/", certificate.badge, name="certificate_badge"),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/surat/", demo.mailbox, name="demo_mailbox"),
        path("demo/surat/<int:pk>/", demo.letter, name="demo_letter"),
        path("demo/surat/<int:pk>/lampiran/<int:file>/", demo.attachment, name="demo_attachment"),
    ]
if settings.DEMO or settings.DEBUG:
    urlpatterns += [path("gaya/", demo.style_page, name="style_page")]

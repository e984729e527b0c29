"""The two faces: the back office under /admin/, the portal everywhere else."""

from django.contrib import admin
from django.urls import include, path

handler400 = "public_site.views.errors.bad_request"
handler403 = "public_site.views.errors.forbidden"
handler404 = "public_site.views.errors.not_found"
handler500 = "public_site.views.errors.server_error"

urlpatterns = [path("admin/", admin.site.urls), path("", include("public_site.urls"))]

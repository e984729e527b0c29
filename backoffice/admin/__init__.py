"""The register of the back office: which list shows which model. One line per model."""

from django.contrib import admin

from backoffice.admin.applications import ApplicationAdmin
from core import models

admin.site.register(models.Application, ApplicationAdmin)

"""The register of the back office: which list shows which model. One line per model."""

from django.contrib import admin
from django.contrib.auth.models import Group

from backoffice.admin.applications import ApplicationAdmin
from core import models

admin.site.unregister(Group)  # roles are given by core.accounts.services.assign_role only

admin.site.register(models.Application, ApplicationAdmin)

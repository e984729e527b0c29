"""Views of the back office's lists that people keep: a title for a set of filters."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list narrowed in a way worth a name: one person's own, or shared with everybody of a role.

    `list` is the model's name as in the address of the list, `query` the filters as the address has
    them. It never holds words that were searched for: those are names and numbers of people.
    """

    list = models.SlugField(_("daftar"), max_length=40)
    title = models.CharField(_("judul"), max_length=60)
    query = models.CharField(_("saringan"), max_length=1000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_views",
        verbose_name=_("pemilik"),
    )
    role = models.CharField(_("peran"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("tampilan tersimpan")
        verbose_name_plural = _("tampilan tersimpan")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, role="") | (Q(owner__isnull=True) & ~Q(role="")),
                name="view_is_own_or_of_a_role",
            )
        ]
        indexes = [models.Index(fields=["list", "role"], name="saved_view_by_list")]
        permissions = [("share_savedview", "Can share saved views with a role")]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return f"#{self.pk}"


class ExportProfile(models.Model):
    """Columns and format with which somebody takes a list out again and again; own, or shared like a view."""

    list = models.SlugField(_("daftar"), max_length=40)
    title = models.CharField(_("judul"), max_length=60)
    columns = models.JSONField(_("kolom"))
    format = models.CharField(_("format"), max_length=4)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="export_profiles",
        verbose_name=_("pemilik"),
    )
    role = models.CharField(_("peran"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("profil ekspor")
        verbose_name_plural = _("profil ekspor")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, role="") | (Q(owner__isnull=True) & ~Q(role="")),
                name="export_profile_is_own_or_of_a_role",
            )
        ]
        indexes = [models.Index(fields=["list", "role"], name="export_profile_by_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return f"#{self.pk}"


class DefaultView(models.Model):
    """With which view a list opens for one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="default_views")
    list = models.SlugField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("tampilan awal")
        verbose_name_plural = _("tampilan awal")
        constraints = [models.UniqueConstraint(fields=["user", "list"], name="one_default_view_per_list")]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.list}: {self.view_id}"

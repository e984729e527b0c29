"""A form that anybody may send, guarded against machines without asking a third party or a riddle.

Three signs: a field that people do not see, a signed stamp that says when the form was opened, and that it was sent
sooner than anybody can type. Whoever is caught keeps the text and is told to press the button once more. The
stamp also names the form, so that sending it twice is sending it once.
"""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SALT = "public_site.guard"
#: Nobody reads and fills in a form sooner.
FASTEST_SECONDS = 3
#: A phone without signal may hold a form for days.
MAX_AGE_SECONDS = 7 * 24 * 3600


def new_stamp(*, seconds_ago: int = 0) -> str:
    return signing.dumps([uuid4().hex, int(timezone.now().timestamp()) - seconds_ago], salt=SALT)


def read_stamp(stamp: str) -> tuple[UUID, int] | None:
    """(the form, its age in seconds); None for what is not ours or too old."""
    try:
        name, opened = signing.loads(stamp, salt=SALT)
    except signing.BadSignature:
        return None
    age = int(timezone.now().timestamp()) - opened
    return (UUID(name), age) if age <= MAX_AGE_SECONDS else None


class GuardedForm(forms.Form):
    """Draw `situs` out of sight (components/guard.html) and `stamp` hidden.

    `is_known`: somebody who is signed in is no machine, however quick; a draft that was kept is sent in a moment.
    """

    is_known = False

    situs = forms.CharField(
        label=gettext_lazy("Biarkan kosong"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "data-no-draft": ""}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-with": ""}), initial=new_stamp)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if trouble := self._caught():
            self.add_error(None, trouble)
        return cleaned

    def _caught(self) -> str:
        if self.data.get("situs"):
            self._put("situs", "")
            return _(
                "Ada isian tersembunyi yang terisi, mungkin oleh isi-otomatis peramban. Sudah kami kosongkan dan "
                "tulisan Anda tetap ada; tekan Kirim sekali lagi."
            )
        read = read_stamp(self.data.get("stamp", ""))
        if read is None:
            self.renew()
            return _("Formulir ini sudah lama terbuka. Tulisan Anda tetap ada; periksa, lalu tekan Kirim sekali lagi.")
        if read[1] < FASTEST_SECONDS and not self.is_known:
            return _("Formulir terkirim terlalu cepat setelah dibuka. Tulisan Anda tetap ada; tekan Kirim sekali lagi.")
        return ""

    def renew(self) -> None:
        """As a form that was opened a moment ago, with all that was typed: the next press sends something else."""
        self._put("stamp", new_stamp(seconds_ago=FASTEST_SECONDS))

    def _put(self, name: str, value: str) -> None:
        self.data = self.data.copy()
        self.data[name] = value

    @property
    def submission(self) -> UUID:
        """Which form this is; to be asked of a valid one."""
        return read_stamp(self.cleaned_data["stamp"])[0]

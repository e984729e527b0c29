"""A plenary's head and its members."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.text import clean_line, within
from core.decisions import rules
from core.decisions.enums import MemberRole
from core.decisions.models import Plenary, PlenaryMember
from core.decisions.queries import members_to_choose

MAX_NOTE = 2000


@dataclass(frozen=True)
class Seat:
    """One member as typed: an account, or a name for somebody from outside."""

    user: int | None = None
    name: str = ""
    office: str = ""
    role: str = MemberRole.MEMBER
    is_present: bool = True


def lock_plenary(plenary: Plenary) -> Plenary:
    """The row as it is now, locked until the transaction ends."""
    return Plenary.objects.select_for_update().get(pk=plenary.pk)


@transaction.atomic
def create_plenary(*, title: str, held_on: date, place: str = "", by: Any) -> Plenary:
    """Lay out an agenda to be filled; the minutes' number comes with the confirmation."""
    if reason := rules.may_prepare(by):
        raise DomainError(reason, code="create_plenary.refused")
    plenary = Plenary(opened_by=by)
    _fill(plenary, title=title, held_on=held_on, place=place)
    plenary.save()
    record_activity("plenary.create", by=by, subject=plenary)
    return plenary


@transaction.atomic
def change_plenary(*, plenary: Plenary, title: str, held_on: date, place: str = "", note: str = "", by: Any) -> Plenary:
    """Another name, day, place or note; while it is being prepared."""
    plenary = lock_plenary(plenary)
    if reason := rules.is_preparing(plenary, by):
        raise DomainError(reason, code="change_plenary.refused")
    _fill(plenary, title=title, held_on=held_on, place=place)
    plenary.note = within(note, MAX_NOTE, field="note")
    plenary.save()
    record_activity("plenary.change", by=by, subject=plenary)
    return plenary


def _fill(plenary: Plenary, *, title: str, held_on: date, place: str) -> None:
    title = clean_line(title)
    if not title:
        raise DomainError(_("Beri rapat ini nama, contoh: “Rapat pleno Mei”."), code="plenary.title", field="title")
    plenary.title, plenary.held_on = within(title, 150, field="title"), held_on
    plenary.place = within(clean_line(place), 150, field="place")


@transaction.atomic
def save_members(*, plenary: Plenary, seats: Iterable[Seat], by: Any) -> Plenary:
    """Who sits in the plenary, in this order; replaces who sat there before."""
    plenary = lock_plenary(plenary)
    if reason := rules.is_preparing(plenary, by):
        raise DomainError(reason, code="save_members.refused")
    seats = [seat for seat in seats if seat.user or clean_line(seat.name)]
    if len(seats) > rules.MAX_MEMBERS:
        raise DomainError(
            _("Paling banyak %(limit)d anggota.") % {"limit": rules.MAX_MEMBERS}, code="save_members.too_many"
        )
    wanted = [seat.user for seat in seats if seat.user]
    people = {user.pk: user for user in members_to_choose(plenary).filter(pk__in=wanted)}
    members: list[PlenaryMember] = []
    accounts: dict[int, str] = {}
    written: set[str] = set()
    for position, seat in enumerate(seats, start=1):
        if seat.user and seat.user not in people:
            raise DomainError(_("Anggota ini tidak dikenal. Muat ulang halaman."), code="save_members.unknown")
        if seat.role not in MemberRole.values:
            raise DomainError(_("Peran anggota ini tidak dikenal. Muat ulang halaman."), code="save_members.unknown")
        name = people[seat.user].full_name if seat.user else within(clean_line(seat.name), 150, field="name")
        # Chosen by account and written in by name besides, one person would make a quorum of two.
        folded = name.casefold()
        if (seat.user in accounts or folded in written) if seat.user else folded in {*written, *accounts.values()}:
            raise DomainError(_("%(name)s tercantum dua kali.") % {"name": name}, code="save_members.twice")
        if seat.user:
            accounts[seat.user] = folded
        else:
            written.add(folded)
        members.append(
            PlenaryMember(
                plenary=plenary,
                position=position,
                user=people.get(seat.user),
                name=name,
                office=within(clean_line(seat.office), 150, field="office"),
                role=seat.role,
                is_present=seat.is_present,
            )
        )
    if sum(member.role == MemberRole.CHAIR for member in members) > 1:
        raise DomainError(_("Satu rapat dipimpin satu ketua."), code="save_members.two_chairs", field="role")
    plenary.members.all().delete()
    PlenaryMember.objects.bulk_create(members)
    record_activity("plenary.change", by=by, subject=plenary)
    return plenary

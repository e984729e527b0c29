"""Pictures of the manual of this role."""

from tests.manual.picture import Picture

PICTURES: tuple[Picture, ...] = ()

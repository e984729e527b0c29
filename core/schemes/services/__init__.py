"""The only writers of schemes: `versions` their life, `editing` what a draft asks, `units` the text of a unit."""

from core.schemes.services.editing import (
    add_requirement,
    add_scheme_unit,
    change_requirement,
    move_requirement,
    move_scheme_unit,
    remove_requirement,
    remove_scheme_unit,
    save_scheme,
)
from core.schemes.services.units import delete_unit, number_criteria, save_unit_text
from core.schemes.services.versions import (
    copy_scheme,
    create_scheme,
    discard_draft,
    draft_mark,
    draft_next_version,
    publish_scheme_version,
    retire_scheme_version,
)

__all__ = [
    "add_requirement",
    "add_scheme_unit",
    "change_requirement",
    "copy_scheme",
    "create_scheme",
    "delete_unit",
    "discard_draft",
    "draft_mark",
    "draft_next_version",
    "move_requirement",
    "move_scheme_unit",
    "number_criteria",
    "publish_scheme_version",
    "remove_requirement",
    "remove_scheme_unit",
    "retire_scheme_version",
    "save_scheme",
    "save_unit_text",
]

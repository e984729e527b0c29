"""The state that the exercises of the training begin with (server_docs/training). Refused outside DEMO (seed_demo).

People and cases of a participant bear the letter of the group and the participant's number: "Ani Latihan S07" belongs
to the seventh participant of the secretariat, and the word "S07" finds that participant's cases and no others.
"""

from core.demo.training.people import DOMAIN, GROUPS, LETTERS, TRAINERS, name_of
from core.demo.training.reset import empty_installation, why_not_reset
from core.demo.training.seeding import seed_training
from core.demo.training.stories import STORIES

__all__ = [
    "DOMAIN",
    "GROUPS",
    "LETTERS",
    "STORIES",
    "TRAINERS",
    "empty_installation",
    "name_of",
    "seed_training",
    "why_not_reset",
]

"""The cases of the training: whose they are, how far they went, and what is wrong with them on purpose."""

from dataclasses import dataclass
from enum import IntEnum


class Stage(IntEnum):
    """How far a case went, in the order of the corridor; each includes those before it."""

    SUBMITTED = 1
    TAKEN = 2
    ACCEPTED = 3
    ASSIGNED = 4
    PREASSESSED = 5
    #: In a session to come, announced.
    INVITED = 6
    #: In a session that began this morning, announced.
    SEATED = 7
    ASSESSED = 8
    COMPETENT = 9
    CERTIFIED = 10


@dataclass(frozen=True)
class Story:
    """`letter` is the group's; `flaw` is what the participant is to find in the papers."""

    first: str
    letter: str
    stage: Stage
    flaw: str = ""
    is_competent: bool = True


#: Shown on the paper in place of what it should be.
WRONG_PAPER, OTHER_PERSON = "wrong_paper", "other_person"

STORIES = (
    Story("Ani", "S", Stage.SUBMITTED),
    Story("Budi", "S", Stage.SUBMITTED, flaw=WRONG_PAPER),
    Story("Citra", "S", Stage.TAKEN),
    Story("Dedi", "S", Stage.ACCEPTED),
    Story("Eka", "S", Stage.PREASSESSED),
    Story("Fitri", "S", Stage.PREASSESSED),
    Story("Gilang", "S", Stage.INVITED),
    Story("Hana", "S", Stage.ASSIGNED),
    Story("Indra", "S", Stage.ASSESSED),
    Story("Joko", "S", Stage.ASSESSED, is_competent=False),
    Story("Kartika", "S", Stage.COMPETENT),
    Story("Lukman", "S", Stage.CERTIFIED),
    Story("Mira", "A", Stage.ASSIGNED),
    Story("Nanda", "A", Stage.ASSIGNED, flaw=OTHER_PERSON),
    Story("Oki", "A", Stage.SEATED),
    Story("Putri", "A", Stage.SEATED),
    Story("Rudi", "A", Stage.SEATED),
    Story("Umi", "A", Stage.SEATED),
    Story("Sari", "A", Stage.ASSESSED),
    Story("Yani", "T", Stage.SUBMITTED),
)

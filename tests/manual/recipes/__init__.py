"""The pictures of the manuals, one module for each manual, in the order in which they are taken.

What a recipe changes in the demo is seen by those after it in the same module only; the modules are taken apart.
"""

from tests.manual.picture import Picture
from tests.manual.recipes import administrator, asesi, asesor, bnsp, instansi, sekretariat

PICTURES: dict[str, tuple[Picture, ...]] = {
    "asesi": asesi.PICTURES,
    "instansi": instansi.PICTURES,
    "sekretariat": sekretariat.PICTURES,
    "asesor": asesor.PICTURES,
    "administrator": administrator.PICTURES,
    "bnsp": bnsp.PICTURES,
}

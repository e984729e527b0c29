"""Pictures of the manual of the secretariat."""

from tests.manual.picture import Picture

PICTURES: tuple[Picture, ...] = (
    Picture(
        "antrean-daftar",
        who="sekretariat",
        at="/admin/core/application/",
        mark=("#searchbar", "#result_list tbody tr >> nth=0"),
    ),
)

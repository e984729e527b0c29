"""The text of a unit as one writes it: elements and criteria, a line each.

    1. Menilai situasi
    1.1 Informasi lokasi dikumpulkan.
    1.2 Bahaya dikenali.

Copies of a decree are pasted as they are: a line without a number goes on with the line before, headings of the
table are skipped, "1.1.", "1.1)" and "Elemen 1:" are understood.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.common.text import clean_line, clean_text
from core.schemes.models import CompetencyUnit, Element, PerformanceCriterion

ELEMENT_LENGTH = Element._meta.get_field("title").max_length
MOST_ELEMENTS = 60
#: Where lines wait while they change places.
PARKED = 10_000

_MARK = r"\s*[.):\-–]?\s+"
_CRITERION = re.compile(rf"^(?:KUK\s*)?(\d{{1,2}})\s*\.\s*(\d{{1,3}}){_MARK}(.+)$", re.IGNORECASE)
_ELEMENT = re.compile(
    rf"^(?:Elemen(?:\s+kompetensi)?\s*(?=\d+{_MARK})|(?=\d+\s*[.):]))(\d{{1,2}}){_MARK}(.+)$", re.IGNORECASE
)
_BARE_ELEMENT = re.compile(r"^(\d{1,2})\s+([^\W\d_].*)$")
_NUMBER_ALONE = re.compile(r"^(\d{1,2}(?:\s*\.\s*\d{1,3})?)\s*[.)]?$")
_HEADING = re.compile(r"^(elemen kompetensi|kriteria unjuk kerja|no\.?|elemen|kuk|\s)+$", re.IGNORECASE)


@dataclass
class ElementText:
    number: int
    title: str
    criteria: list[tuple[str, str]] = field(default_factory=list)  # (number, text)


@dataclass(frozen=True)
class Fault:
    """What is wrong in which line (counted from 1)."""

    line: int
    sentence: str


def parse_unit_text(text: str) -> tuple[list[ElementText], list[Fault]]:
    """Elements with their criteria, and every fault by line; what is faulty is left out."""
    elements: list[ElementText] = []
    faults: list[Fault] = []
    for line, words in _whole_lines(text):
        if found := _CRITERION.match(words):
            _add_criterion(elements, faults, line, int(found[1]), int(found[2]), found[3])
        elif found := _ELEMENT.match(words) or _BARE_ELEMENT.match(words):
            _add_element(elements, faults, line, int(found[1]), found[2])
        else:
            faults.append(
                Fault(line, _("Baris pertama harus bernomor, misalnya “1. Judul elemen” atau “1.1 Kriteria”."))
            )
    if not elements and not faults:
        faults.append(Fault(1, _("Belum ada elemen. Tulis satu elemen atau kriteria per baris, diawali nomornya.")))
    return elements, faults


def _whole_lines(text: str) -> list[tuple[int, str]]:
    """Numbered lines, each joined with the lines it was wrapped into: (number of its first line, words)."""
    found: list[tuple[int, str]] = []
    elements = 0
    waiting = ""  # a number that stood alone, its text being in the next line
    for place, raw in enumerate(clean_text(text).split("\n"), start=1):
        words = clean_line(raw)
        if not words or _HEADING.match(words):
            continue
        if alone := _NUMBER_ALONE.match(words):
            waiting = alone[1]
            continue
        if waiting:
            words, waiting = f"{waiting} {words}", ""
        if _CRITERION.match(words):
            found.append((place, words))
        elif _begins_element(words, elements):
            elements += 1
            found += [(place, part) for part in _columns(words)]
        elif found:
            first, begun = found[-1]
            found[-1] = (first, f"{begun} {words}")
        else:
            found.append((place, words))
    return found


def _begins_element(words: str, elements: int) -> bool:
    """“3 orang relawan” goes on with the line before, unless an element 3 is due and written with a capital."""
    if _ELEMENT.match(words):
        return True
    bare = _BARE_ELEMENT.match(words)
    return bool(bare and int(bare[1]) == elements + 1 and bare[2][0].isupper())


def _columns(words: str) -> list[str]:
    """The two columns of a row of the table, where a copy has them in one line: “1. Judul 1.1 Kriteria”."""
    number = re.search(r"\d+", words)[0]
    title, mark, criterion = words.partition(f" {number}.1 ")
    return [title, f"{mark.strip()} {criterion}"] if mark else [words]


def _add_element(elements: list[ElementText], faults: list[Fault], line: int, number: int, title: str) -> None:
    if any(element.number == number for element in elements):
        faults.append(Fault(line, _("Elemen %(n)d sudah ada di atas.") % {"n": number}))
    elif len(title) > ELEMENT_LENGTH:
        faults.append(Fault(line, _("Judul elemen paling banyak %(limit)d karakter.") % {"limit": ELEMENT_LENGTH}))
    elif number == 0 or len(elements) >= MOST_ELEMENTS:
        faults.append(Fault(line, _("Nomor elemen dimulai dari 1, paling banyak %(n)d.") % {"n": MOST_ELEMENTS}))
    else:
        elements.append(ElementText(number, title))


def _add_criterion(
    elements: list[ElementText], faults: list[Fault], line: int, element: int, place: int, text: str
) -> None:
    number = f"{element}.{place}"
    owner = next((found for found in elements if found.number == element), None)
    if owner is None:
        faults.append(
            Fault(line, _("Kriteria %(number)s mendahului elemennya; tulis baris “%(n)d. Judul elemen” di atasnya.")
                  % {"number": number, "n": element})
        )  # fmt: skip
    elif any(known == number for known, _text in owner.criteria):
        faults.append(Fault(line, _("Kriteria %(number)s sudah ada di atas.") % {"number": number}))
    else:
        owner.criteria.append((number, text))


def text_of(unit: CompetencyUnit) -> str:
    """The unit as one would write it; `parse_unit_text` reads it back."""
    lines = []
    for element in unit.elements.all():
        lines.append(f"{element.number}. {element.title}")
        lines += [f"{criterion.number} {criterion.text}" for criterion in element.criteria.all()]
    return "\n".join(lines)


@dataclass(frozen=True)
class LineChange:
    """One line that would be new, gone or worded differently. `kind` is baru, hilang or berubah."""

    kind: str
    number: str
    before: str = ""
    after: str = ""


def changed_lines(unit: CompetencyUnit, elements: list[ElementText]) -> list[LineChange]:
    """What saving would change, line by line."""
    old = _flat((element.number, element.title, [(c.number, c.text) for c in element.criteria.all()])
                for element in unit.elements.all())  # fmt: skip
    new = _flat((element.number, element.title, element.criteria) for element in elements)
    rows = [LineChange("baru", number, after=words) for number, words in new.items() if number not in old]
    rows += [LineChange("hilang", number, before=words) for number, words in old.items() if number not in new]
    rows += [
        LineChange("berubah", number, old[number], words)
        for number, words in new.items()
        if number in old and old[number] != words
    ]
    return rows


def _flat(elements) -> dict[str, str]:
    return {number: words for place, title, criteria in elements for number, words in [(f"{place}.", title), *criteria]}


def write_unit_text(unit: CompetencyUnit, elements: list[ElementText]) -> None:
    """Make the rows say what was written. Rows keep their identity by number: answers point at elements.

    Raises ProtectedError when an element that was answered would go.
    """
    known = {element.number: element for element in unit.elements.all()}
    written = {element.number for element in elements}
    for number, row in known.items():
        if number not in written:
            row.delete()
    for element in elements:
        row = known.get(element.number) or Element(unit=unit, number=element.number)
        if row.pk is None or row.title != element.title:
            row.title = element.title
            row.save()
        _write_criteria(row, element.criteria)


def _write_criteria(element: Element, criteria: list[tuple[str, str]]) -> None:
    known = {criterion.number: criterion for criterion in element.criteria.all()}
    numbers = [number for number, _text in criteria]
    element.criteria.exclude(number__in=numbers).delete()
    kept = [known[number] for number in numbers if number in known]
    # Twice, since a place is unique and a database checks every single row.
    for row in kept:
        if row.position != numbers.index(row.number) + 1:
            PerformanceCriterion.objects.filter(pk=row.pk).update(position=PARKED + numbers.index(row.number))
    for place, (number, text) in enumerate(criteria, start=1):
        row = known.get(number) or PerformanceCriterion(element=element, number=number)
        if row.pk is None or (row.position, row.text) != (place, text):
            row.position, row.text = place, text
            row.save()

"""Which parts of others the product is made of, from the lock files.

    python scripts/parts.py licences    writes server_docs/licences.md
    python scripts/parts.py sbom        writes var/sbom.cdx.json (CycloneDX 1.6), to go with a release

Names, versions and who needs what stand in requirements/*.txt; licences in what each library says of itself, so all
three environments must be installed (`make licences` and `make sbom` see to it). What a library says vaguely or not at
all was looked up in its licence file and stands below. A licence that nobody allowed is an error.
"""

import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "server_docs" / "licences.md"
SBOM = ROOT / "var" / "sbom.cdx.json"

# --- licences ---------------------------------------------------------------------------------------------

#: What may come in without asking: they want their text kept, or changes to their own files published.
ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0",
        "Unlicense",
    }
)  # fmt: skip
#: What was looked at one by one.
ACCEPTED = {
    "mysqlclient": "GPL-2.0-or-later: the driver of MariaDB, installed by whoever runs a server and not part of what "
    "we hand over; no line of ours is derived from it, and SQLite needs none of it",
    "svglib": "LGPL-3.0-or-later: used unchanged as a library, through xhtml2pdf; anybody can put another version in "
    "its place",
    "text-unidecode": "the Artistic License, chosen over the GPL that it offers as well; a tool of the tests",
}
#: Said vaguely ("BSD", "Dual License") or not at all; read in the licence file.
READ = {
    "axe-playwright-python": "MIT",
    "cssselect2": "BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "django-csp": "BSD-3-Clause",
    "django-import-export": "BSD-2-Clause",
    "django-reversion": "BSD-3-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "pypdfium2": "Apache-2.0 AND BSD-3-Clause",
    "pytest-django": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "reportlab": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
    "text-unidecode": "Artistic-1.0-Perl OR GPL-2.0-or-later",
    "tinycss2": "BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
}
#: Classifiers that say exactly one licence.
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


def licence_of(name: str) -> str:
    """An SPDX expression. LookupError: not installed, or it says nothing that can be used."""
    if name in READ:
        return READ[name]
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError as error:
        raise LookupError(f"{name} is not installed") from error
    classified = [
        value.rpartition(" :: ")[2] for value in told.get_all("Classifier", []) if value.startswith("License")
    ]
    words = [told.get("License-Expression"), told.get("License"), *(CLASSIFIERS.get(value) for value in classified)]
    for word in words if "License-Expression" in told else words[1:]:
        if word and set(terms(word)) <= ALLOWED | {"GPL-2.0-or-later", "LGPL-3.0-or-later"}:
            return word
    raise LookupError(f"{name} says {words}: read its licence file and add a line to READ in scripts/parts.py")


def terms(expression: str) -> list[str]:
    return [word for word in re.split(r"\s+(?:AND|OR)\s+", expression.strip("() ")) if word]


def is_allowed(name: str, expression: str) -> bool:
    """With AND all must be allowed; with OR one is enough, for it may be chosen."""
    known = [term in ALLOWED for term in terms(expression)]
    return name in ACCEPTED or (any(known) if " OR " in expression and " AND " not in expression else all(known))


# --- what is locked ---------------------------------------------------------------------------------------

#: What those do that the product itself asks for (requirements/*.in); all others say who needs them.
WHAT_FOR = {
    "aiosmtpd": "a mail server for the tests of letters",
    "argon2-cffi": "hashes of passwords",
    "axe-playwright-python": "accessibility in the browser tests",
    "babel": "catalogues of translations",
    "bandit": "faults in our own code",
    "charset-normalizer": "the encoding of CSV files that were handed in",
    "cryptography": "encrypted fields, signatures of QR codes",
    "cyclonedx-bom": "the list of parts",
    "django": "the framework",
    "django-axes": "guesses of passwords are counted and stopped",
    "django-crontab": "the line in crontab that runs the timetable",
    "django-csp": "the content security policy",
    "django-environ": "settings from the environment",
    "django-htmx": "pages that load in parts",
    "django-import-export": "spreadsheets in and out",
    "django-otp": "the second factor",
    "django-reversion": "versions of records",
    "django-role-permissions": "roles and what they may do",
    "django-storages": "documents in a bucket",
    "django-unfold": "the look of the back office (with Alpine, HTMX, Chart.js, Trix, Inter, Material Symbols)",
    "flask": "for moto",
    "flask-cors": "for moto",
    "gunicorn": "the application server",
    "hypothesis": "invented input for tests",
    "icalendar": "calendar entries of sessions",
    "markdown": "page texts and the manual",
    "moto": "a server that speaks S3, for tests",
    "mysqlclient": "the driver of MariaDB",
    "nh3": "cleans page texts of markup that is not allowed",
    "pillow": "pictures that were handed in",
    "pip-audit": "known faults of libraries",
    "pip-tools": "writes the lock files",
    "playwright": "the browser tests",
    "prometheus-client": "figures for watchers",
    "pyhanko": "signs the PDF of certificates",
    "pypdf": "looks into PDF that was handed in",
    "pypdfium2": "text and pictures of PDF pages",
    "pytest": "the tests",
    "pytest-django": "the tests",
    "pytest-playwright": "the browser tests",
    "pytest-timeout": "a test that hangs says where",
    "pytest-xdist": "tests side by side",
    "python-dateutil": "dates; held back for botocore",
    "python-docx": "reports to the client as files that word processors edit",
    "python-json-logger": "lines of the log as JSON",
    "ruff": "style and faults of the code",
    "segno": "QR codes",
    "time-machine": "tests on other days",
    "ua-parser": "names of browsers in the list of log-ins",
    "whitenoise": "static files",
    "xhtml2pdf": "forms and certificates as PDF",
    "xlsxwriter": "large spreadsheets",
}


@dataclass(frozen=True)
class Part:
    name: str
    version: str
    asked_by: tuple[str, ...]  # names of libraries; "" is the product itself

    @property
    def what_for(self) -> str:
        if "" in self.asked_by and self.name not in WHAT_FOR:
            raise LookupError(f"what is {self.name} for? Add a line to WHAT_FOR in scripts/parts.py")
        return WHAT_FOR.get(self.name) or "for " + ", ".join(self.asked_by)


def locked(*names: str) -> list[Part]:
    """What these lock files pin, each once, in the order of the alphabet."""
    found: dict[str, Part] = {}
    for lock in names:
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        for block in re.split(r"\n(?=[a-z0-9])", text):
            head = re.match(r"([a-z0-9._-]+)==([^ ;\\]+)", block)
            if head:
                before = found[head[1]].asked_by if head[1] in found else ()
                found[head[1]] = Part(head[1], head[2], tuple(sorted({*before, *_asked_by(block)})))
    return sorted(found.values(), key=lambda part: part.name)


def _asked_by(block: str) -> list[str]:
    """From pip-compile's comments: `# via django` in one line, or one below the other."""
    told = re.findall(r"^    # +(?:via )?(\S.*)$", block, re.MULTILINE)
    return ["" if word.startswith("-r ") else word for word in told if word != "via" and not word.startswith("-c ")]


def shipped() -> list[Part]:
    return locked("base", "production")


def tools() -> list[Part]:
    ours = {part.name for part in shipped()}
    return [part for part in locked("dev") if part.name not in ours]


# --- the two papers ---------------------------------------------------------------------------------------

HEAD = """# Parts of others, and their licences

Written by `make licences` from `requirements/*.txt`; a test notices when it no longer fits them, and when a licence is
neither allowed nor accepted in `scripts/parts.py`. The same list for programs: `make sbom` (CycloneDX). This is what
the libraries say of themselves, not a lawyer's opinion.

**Allowed without asking:** {allowed}.

**Accepted one by one:**

{accepted}

## Part of a release

{shipped}

## Tools of development

Not part of a release, and installed on no server.

{tools}

## What is no Python library

| part | licence | what for |
|---|---|---|
| DejaVu Sans (`core/documents/fonts/`) | Bitstream Vera and public domain, see its `LICENSE.txt` | letters in PDF |
| region codes (`fixtures/reference/`), from idn-area-data | ODbL-1.0 | provinces, regencies, districts |
| templates that begin with Unfold's own (`backoffice/templates/unfold/`, `admin/base.html`) | MIT | the back office |
| nginx, MariaDB, restic, ClamAV, tesseract | the operating system's | programs beside ours, part of no release |
"""


def table(parts: list[Part]) -> str:
    rows = ["| library | version | licence | what for |", "|---|---|---|---|"]
    for part in parts:
        licence = licence_of(part.name)
        if not is_allowed(part.name, licence):
            raise LookupError(f"{part.name} comes under {licence}, which nobody allowed")
        rows.append(f"| {part.name} | {part.version} | {licence} | {part.what_for} |")
    return "\n".join(rows)


def licences() -> str:
    return HEAD.format(
        allowed=", ".join(sorted(ALLOWED)),
        accepted="\n".join(f"- {name}, {reason}" for name, reason in ACCEPTED.items()),
        shipped=table(shipped()),
        tools=table(tools()),
    )


def sbom() -> str:
    """Of what a release holds: each library with its version and licence, and which needs which."""
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from cyclonedx.validation.json import JsonStrictValidator
    from packageurl import PackageURL

    product = Component(name="sistem-sertifikasi-lsp", type=ComponentType.APPLICATION, bom_ref="product")
    bom, parts = Bom(), {"": product}
    bom.metadata.component = product
    for part in shipped():
        address = PackageURL("pypi", None, part.name, part.version)
        parts[part.name] = Component(
            name=part.name, version=part.version, type=ComponentType.LIBRARY, purl=address, bom_ref=str(address),
            licenses=[LicenseFactory().make_from_string(licence_of(part.name))],
        )  # fmt: skip
        bom.components.add(parts[part.name])
    for name, component in parts.items():
        needed = [parts[part.name] for part in shipped() if name in part.asked_by]
        bom.register_dependency(component, needed)
    written = JsonV1Dot6(bom).output_as_string(indent=2)
    if fault := JsonStrictValidator(JsonV1Dot6(bom).schema_version).validate_str(written):
        raise LookupError(f"not CycloneDX: {fault}")
    return written


def main(words: list[str]) -> int:
    made = {"licences": (licences, LIST), "sbom": (sbom, SBOM)}
    if len(words) != 1 or words[0] not in made:
        print(__doc__)
        return 2
    make, path = made[words[0]]
    try:
        text = make()
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(shipped())} libraries, {len(tools())} tools")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

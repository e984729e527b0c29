"""The score that Mozilla's HTTP Observatory would give an answer, computed here: nobody from outside can look at a test.

Points as published with version 6 of its algorithm (mdn-http-observatory 1.6.3: the table of modifiers and the twelve
tests). Everybody begins with 100; what is bad costs points; what is good earns some, which count only when the bad alone
leaves 90 or more. Version 5 knew nothing of Cross-Origin-Opener-Policy and -Embedder-Policy: `points_without_new` leaves
their 20 points out, so that a figure holds by both.

Stricter than the original in one thing: two policies in one answer count as none, since the product never sends two.
Not counted: the 5 points of a name that stands in browsers' own HSTS list, which no test can know.
"""

from dataclasses import dataclass
from http.client import HTTPMessage
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from tests.security.pages import scripts_of

FOR_EXTRA = 90
HALF_A_YEAR = 15_768_000
#: Sources that let in everybody.
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
KEYS = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
LEAKY_REFERRERS = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
NEW_IN_6 = {"opener", "embedder"}


@dataclass(frozen=True)
class Score:
    by_test: dict[str, int]

    @property
    def points(self) -> int:
        return _sum(self.by_test.values())

    @property
    def points_without_new(self) -> int:
        return _sum(points for name, points in self.by_test.items() if name not in NEW_IN_6)


def _sum(modifiers) -> int:
    modifiers = list(modifiers)
    without_extra = 100 + sum(points for points in modifiers if points < 0)
    return max(0, 100 + sum(modifiers) if without_extra >= FOR_EXTRA else without_extra)


def score(headers: HTTPMessage, body: str, *, host: str, plain: tuple[int, str]) -> Score:
    """Of an answer of https://host; `plain`: status and Location of what http://host said."""
    policy = directives(headers.get_all("Content-Security-Policy", []))
    hsts = _hsts(headers.get("Strict-Transport-Security"))
    return Score(
        {
            "csp": _csp(policy),
            "cookies": _cookies(headers.get_all("Set-Cookie", []), protected=hsts >= 0),
            "cors": _cors(headers),
            "redirection": _redirection(plain, host),
            "referrer": _referrer(headers.get("Referrer-Policy")),
            "hsts": hsts,
            "integrity": _integrity(headers, body, host),
            "sniffing": 0 if headers.get("X-Content-Type-Options", "").strip().lower() == "nosniff" else -5,
            "framing": _framing(headers.get("X-Frame-Options"), policy),
            "resource": _resource(headers.get("Cross-Origin-Resource-Policy")),
            "opener": _one_of(
                headers.get("Cross-Origin-Opener-Policy"),
                {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"},
                {"unsafe-none"},
            ),
            "embedder": _one_of(
                headers.get("Cross-Origin-Embedder-Policy"), {"require-corp", "credentialless"}, {"unsafe-none"}
            ),
        }
    )


# --- the content security policy --------------------------------------------------------------------------


def directives(policies: list[str]) -> dict[str, set[str]] | None:
    """{directive: sources}; {} where there is no policy, None where it can't be read."""
    if not policies:
        return {}
    found: dict[str, set[str]] = {}
    for words in (part.split() for part in ",".join(policies).split(";")):
        if not words:
            continue
        name = words[0].lower()
        if len(policies) > 1 or name in found or any("," in word for word in words):
            return None
        found[name] = {word.lower() for word in words[1:]} or ({"'none'"} if name.endswith("-src") else set())
    return found


def _csp(policy: dict[str, set[str]] | None) -> int:
    if not policy:
        return -25
    fallback = policy.get("default-src", {"*"})
    scripts, styles = (_with_keys(policy.get(name, fallback)) for name in ("script-src", "style-src"))
    objects = policy.get("object-src", fallback)
    passive = [*policy.get("img-src", fallback), *policy.get("media-src", fallback)]
    active = [*scripts] + [
        source
        for name, sources in policy.items()
        if name not in ("img-src", "media-src", "script-src")
        for source in sources
    ]
    if "'strict-dynamic'" in scripts and not any(source.startswith(KEYS) for source in scripts):
        return -25
    if scripts & (BROAD | INLINE) or objects & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if any(source.startswith(("http:", "ftp:")) for source in passive):
        return -10
    if styles & (BROAD | INLINE):
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _with_keys(sources: set[str]) -> set[str]:
    """Where a nonce or a hash stands, browsers pass over 'unsafe-inline'; with 'strict-dynamic' over addresses too."""
    if not any(source.startswith(KEYS) for source in sources):
        return sources
    sources = sources - {"'unsafe-inline'"}
    if "'strict-dynamic'" in sources:
        sources = {source for source in sources if source != "'self'" and not source.startswith(tuple(BROAD))}
    return sources


# --- the others -------------------------------------------------------------------------------------------


def _cookies(lines: list[str], *, protected: bool) -> int:
    """The worst of what each cookie lacks."""
    if not lines:
        return 0
    found = []
    for line in lines:
        [(name, cookie)] = SimpleCookie(line).items()
        is_session = any(word in name.lower() for word in ("login", "sess"))
        same_site = cookie["samesite"].lower()
        if not cookie["secure"]:
            found.append((-10 if protected else -40) if is_session else (-5 if protected else -20))
        if same_site not in ("", "lax", "strict", "none") or (same_site == "none" and not cookie["secure"]):
            found.append(-20)
        if "csrf" in name.lower() and not same_site:
            found.append(-20)
        if is_session and not cookie["httponly"]:
            found.append(-30)
        found.append(5 if same_site else 0)
    return min(found)


def _cors(headers: HTTPMessage) -> int:
    """Of an answer to a question that bore no Origin: anything but "*" beside credentials is taken for an echo."""
    is_open = headers.get("Access-Control-Allow-Origin", "*") != "*"
    return -50 if is_open and headers.get("Access-Control-Allow-Credentials", "").lower() == "true" else 0


def _redirection(plain: tuple[int, str], host: str) -> int:
    status, target = plain
    if status not in (301, 302, 303, 307, 308):
        return -20
    there = urlsplit(target)
    if there.scheme != "https":
        return -10
    return 0 if there.hostname == host else -5


def _referrer(header: str | None) -> int:
    if header is None:
        return 0
    known = [
        word
        for word in (part.strip().lower() for part in header.split(","))
        if word in PRIVATE_REFERRERS | LEAKY_REFERRERS
    ]
    return 5 if known and known[-1] in PRIVATE_REFERRERS else -5


def _hsts(header: str | None) -> int:
    parts = [part.strip().lower() for part in (header or "").split(";")]
    ages = [part.removeprefix("max-age=") for part in parts if part.startswith("max-age=")]
    if not ages or not ages[-1].isdecimal() or "," in (header or ""):
        return -20
    return 0 if int(ages[-1]) >= HALF_A_YEAR else -10


def _integrity(headers: HTTPMessage, body: str, host: str) -> int:
    """Scripts of other houses need a fingerprint; one at our own earns a little."""
    if headers.get_content_type() not in ("text/html", "application/xhtml+xml"):
        return 0
    worst, has_own = 0, False
    for script in scripts_of(body):
        source, fingerprint = script.get("src") or "", bool(script.get("integrity"))
        there = urlsplit(source)
        if not there.netloc or (there.scheme and there.hostname == host):
            has_own = has_own or (fingerprint and bool(source))
        elif there.scheme == "https":
            worst = min(worst, 0 if fingerprint else -5)
        else:
            worst = min(worst, -20 if fingerprint else -50)
    return worst or (5 if has_own else 0)


def _framing(header: str | None, policy: dict[str, set[str]] | None) -> int:
    if policy and "frame-ancestors" in policy:
        return 5
    word = (header or "").strip().lower()
    if word in ("deny", "sameorigin"):
        return 5
    return 0 if word.startswith("allow-from") else -20


def _resource(header: str | None) -> int:
    return _one_of(header, {"same-origin", "same-site"}, {"cross-origin"})


def _one_of(header: str | None, good: set[str], known: set[str]) -> int:
    word = (header or "").partition(";")[0].strip().lower()
    return 10 if word in good else 0 if header is None or word in known else -5

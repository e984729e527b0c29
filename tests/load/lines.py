"""How a crowd on one machine reaches the installation: each person from an address of their own, as at home.

nginx counts the tries at the door by address; from one address it would take the crowd for one person who guesses.
"""

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import requests
import urllib3
from requests.adapters import HTTPAdapter

urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the certificate is its own
_PATIENCE = 60
#: Of everybody in the crowd.
PASSWORD = "ambon-manise-2026"


class FromAddress(HTTPAdapter):
    def __init__(self, source: str):
        self.source = source
        super().__init__(pool_connections=1, pool_maxsize=2)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self.source, 0), **kwargs)


def own_address(number: int) -> str:
    """One of 60,000 addresses of this machine."""
    return f"127.{10 + number // 60_000}.{number // 250 % 240}.{number % 250 + 1}"


def fit(session: requests.Session, number: int) -> requests.Session:
    session.mount("https://", FromAddress(own_address(number)))
    session.trust_env, session.verify = False, False
    return session


def full(base: str, headers: dict[str, str] | None) -> dict[str, str]:
    """A browser names the whole address of the page that it comes from."""
    found = dict(headers or {})
    if "Referer" in found:
        found["Referer"] = urljoin(base, found["Referer"])
    return found


class Gone:
    """What is answered where nothing answers."""

    status_code, text, headers, url = 0, "", {}, ""


def line(base: str, number: int, *, told: Callable[[str, int], None] = lambda name, status: None) -> Callable[..., Any]:
    """A browser for one person; `told` hears how each request went, 0 where the line was cut."""
    session = fit(requests.Session(), number)

    def ask(method: str, address: str, *, name: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        try:
            answer = session.request(
                method, urljoin(base, address), headers=full(base, headers), timeout=_PATIENCE, **more
            )
        except requests.RequestException:
            answer = Gone()
        told(name, answer.status_code)
        return answer

    return ask


def rest(seconds: float) -> None:
    """Let time pass in a crowd."""
    threading.Event().wait(seconds)

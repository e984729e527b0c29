"""An anonymised copy: nobody can be found in it any more, and its figures are what they were."""

import pytest

from core.demo import seed_demo
from core.privacy.anonymous.copying import anonymise
from core.privacy.anonymous.leftovers import leftovers, originals

pytestmark = pytest.mark.django_db


def test_probe():
    import time

    from core.activity.verification import check_activity
    from core.documents.integrity import verify_documents

    list(seed_demo(applications=24))
    known = originals()
    t = time.time()
    import core.privacy.anonymous.contents as c

    gone = {}
    old = c.Contents.word

    def word(self, v, key=""):
        r = old(self, v, key)
        if r == c.DISGUISED:
            gone.setdefault(key, set()).add(v[:60])
        return r

    c.Contents.word = word
    anonymise()
    print("took", time.time() - t)
    print(leftovers(known))
    for k, v in gone.items():
        print(k, len(v), list(v)[:6])
    run = verify_documents()
    print(run.outcome, run.missing, run.changed, run.orphans)
    check, f = check_activity()
    print(check.outcome, f.told[:3])
    assert 0

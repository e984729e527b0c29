"""An anonymised copy: nobody can be found in it any more, and its figures are what they were."""

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from core.accounts.models import CandidateProfile, User
from core.demo import seed_demo
from core.privacy.anonymous.copying import anonymise
from core.privacy.anonymous.leftovers import leftovers, originals
from tests.core.helpers import everything_in_the_database

pytestmark = pytest.mark.django_db


def test_probe():
    from core.documents.models import Document
    from core.documents.integrity import verify_documents
    from core.activity.verification import check_activity
    import time
    list(seed_demo(applications=24))
    known = originals()
    t=time.time()
    import core.privacy.anonymous.contents as c
    gone={}
    old=c.Contents.word
    def word(self, v, key=""):
        r=old(self,v,key)
        if r==c.DISGUISED: gone.setdefault(key,set()).add(v[:60])
        return r
    c.Contents.word=word
    anonymise()
    print("took", time.time()-t)
    print(leftovers(known))
    for k,v in gone.items(): print(k, len(v), list(v)[:6])
    run = verify_documents(); print(run.outcome, run.missing, run.changed, run.orphans)
    check, f = check_activity(); print(check.outcome, f.told[:3])
    assert 0

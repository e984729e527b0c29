"""A few seconds of `make chaos`: processes are killed, the database too, the disk is full, the mail server gone."""

import sys

import pytest

from tests.faults.chaos import Size, run

KINDS = ("web worker", "job worker", "MariaDB killed", "mail server", "disk full")
SIZE = Size(seconds=6, candidates=8, at_once=4, clerks=1, workers=2, turn_clock=True, kinds=KINDS, has_timetable=False)


@pytest.mark.any_database
@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")  # the certificate is its own
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # lines of people who went home
def test_what_somebody_was_told_survives_whatever_breaks(tmp_path, capsys):
    told = run(tmp_path, SIZE, seed=3)

    assert told["wrong"] == []
    assert told["acknowledged"]["draft"] > 0
    assert told["acknowledged"]["piece"] > 0
    assert sum(told["faults done"].values()) > 1
    with capsys.disabled():
        sys.stdout.write(
            f"\n{told['faults done']}: {sum(told['acknowledged'].values())} perbuatan dikabarkan, semuanya ada satu kali; "
            f"pulih sendiri dalam {told['recovered in s']} detik.\n"
        )

"""The saved verifier page, opened from disk without any server behind it."""

from datetime import datetime, time, timedelta

import pytest

from core.certificates.signing import decode, encode, qr_text
from tests.factories.certificates import make_certificate

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_saved_page_tells_genuine_from_forged_without_a_network(phone, base_url, tmp_path, client):
    certificate = make_certificate(full_name="Siti Rahmawati")
    text = qr_text(certificate)
    page = tmp_path / "periksa.html"
    page.write_bytes(client.get("/verifikasi/luring/").content)

    phone.context.set_offline(True)
    phone.goto(page.as_uri())
    if not phone.evaluate(
        "crypto.subtle.generateKey({name: 'Ed25519'}, false, ['verify', 'sign']).then(() => true, () => false)"
    ):
        pytest.skip("peramban ini belum mengenal Ed25519")

    def told(words: str) -> str:
        phone.fill("#teks", words)
        phone.click("#periksa")  # hides the answer before until the next one is there
        phone.wait_for_selector("#hasil:not([hidden])")
        return phone.inner_text("#hasil")

    content = decode(certificate.token)
    changed = content[:40] + bytes([content[40] ^ 1]) + content[41:]
    assert "Tanda tangannya asli" in told(text)
    assert "Siti Rahmawati" in phone.inner_text("#isi")
    assert certificate.number in phone.inner_text("#isi")
    assert "dibekukan, dicabut, atau diganti" in phone.inner_text("#isi")
    forged = told(text.replace(certificate.token, encode(changed)))
    assert "Palsu atau diubah" in forged
    assert "Siti" not in forged
    assert "Palsu atau diubah" in told(text[:-1] + ("A" if text[-1] != "A" else "B"))
    assert "Palsu atau diubah" in told(text.replace(certificate.code, "2222333344445555", 1))
    assert "Ini bukan teks kode QR" in told("halo")
    stranger = b"\x01" + b"00000000" + content[9:]
    assert "Kuncinya tidak dikenal" in told(encode(stranger))


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "Tanda tangannya asli"), (-1, "jam perangkat ini keliru"), (3 * 366 + 1, "masa berlakunya sudah lewat")],
)
def test_the_page_says_by_which_clock_it_judges(phone, base_url, days, said):
    certificate = make_certificate(full_name="Siti Rahmawati")
    clock = datetime.combine(certificate.issued_on + timedelta(days=days), time(12))
    phone.clock.set_fixed_time(clock)
    phone.goto(f"{base_url}/verifikasi/luring/")

    phone.fill("#teks", certificate.token)
    phone.click("#periksa")

    phone.wait_for_selector("#hasil:not([hidden])")
    assert said in phone.inner_text("#hasil")
    assert "Siti Rahmawati" in phone.inner_text("#isi")
    assert str(clock.year) in phone.inner_text("#jam")


def test_the_page_runs_under_its_own_policy(phone, base_url):
    certificate = make_certificate(full_name="Siti Rahmawati")
    faults = []
    phone.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)

    phone.goto(f"{base_url}/verifikasi/luring/")
    phone.fill("#teks", certificate.token)
    phone.click("#periksa")

    phone.wait_for_selector("#hasil:not([hidden])")
    assert faults == []

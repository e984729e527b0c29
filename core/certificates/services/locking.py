"""The row as it is now, for those who are about to change it."""

from core.certificates.models import Certificate


def lock_certificate(certificate: Certificate) -> Certificate:
    """Locked until the transaction ends. Locked first and read with what belongs to it second, as with a case."""
    Certificate.objects.select_for_update().values_list("pk").get(pk=certificate.pk)
    return Certificate.objects.select_related("scheme", "holder").get(pk=certificate.pk)

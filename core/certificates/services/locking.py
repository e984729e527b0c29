"""The rows as they are now, for those who are about to change them: locked until the transaction ends. Locked by key
first and read with what belongs to them second, as with a case."""

from core.certificates.models import Certificate, PastCertificate


def lock_certificate(certificate: Certificate) -> Certificate:
    Certificate.objects.select_for_update().values_list("pk").get(pk=certificate.pk)
    return Certificate.objects.select_related("scheme", "holder").get(pk=certificate.pk)


def lock_past_certificates(keys: list[int]) -> list[PastCertificate]:
    list(PastCertificate.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    return list(PastCertificate.objects.filter(pk__in=keys).select_related("scheme", "holder").order_by("pk"))

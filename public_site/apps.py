"""The candidate's and visitor's face."""

from django.apps import AppConfig


class PublicSiteConfig(AppConfig):
    name = "public_site"

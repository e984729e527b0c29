"""Chooses the settings by ENVIRONMENT: development (default), test or production."""

from core.config.env import env

ENVIRONMENT = env.str("ENVIRONMENT", default="development")

if ENVIRONMENT == "production":
    from .production import *
elif ENVIRONMENT == "test":
    from .test import *
elif ENVIRONMENT == "development":
    from .development import *
else:
    raise SystemExit(f"ENVIRONMENT={ENVIRONMENT!r} is not one of development, test, production")

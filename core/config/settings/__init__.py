"""Chooses the settings by ENVIRONMENT: development (default), test or production.

Under pytest, which says so with PYTEST_VERSION, the default is test.
"""

from core.config.env import env

ENVIRONMENT = env.str("ENVIRONMENT", default="test" if env.str("PYTEST_VERSION", default="") else "development")

if ENVIRONMENT == "production":
    from .production import *  # noqa: F403
elif ENVIRONMENT == "test":
    from .test import *  # noqa: F403
elif ENVIRONMENT == "development":
    from .development import *  # noqa: F403
else:
    raise SystemExit(f"ENVIRONMENT={ENVIRONMENT!r} is not one of development, test, production")

"""A developer's or demonstrator's machine: no configuration needed, nothing leaves the machine."""

from core.config.env import VAR_DIR, env, fernet_key, local_secret, signing_seed

from .base import *

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret("secret_key")
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[]) or [fernet_key(local_secret("field_key"))]
LOOKUP_KEY = env.str("LOOKUP_KEY", default="") or local_secret("lookup_key")
CERTIFICATE_SIGNING_KEY = env.str("CERTIFICATE_SIGNING_KEY", default="") or signing_seed(
    local_secret("certificate_key")
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", ".local"])

# A backup can be tried without configuration; beside the data it proves nothing about a lost machine.
if not any(BACKUP_REPOSITORIES.values()):
    BACKUP_REPOSITORIES["local"] = str(BACKUP_ROOT / "repository")
    local_secret("backup_password")
    BACKUP_PASSWORD_FILE = VAR_DIR / "secrets" / "backup_password"

vars().update(env.email_url("EMAIL_URL", default="filemail:///" + str(VAR_DIR / "mail")))
OUTBOX_SEND_ON_COMMIT = True
# Without DEBUG, static files still come straight from the source folders: no collectstatic step.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

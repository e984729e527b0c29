"""The product as gunicorn loads it, but every export counts as long: so jobs come without 10,000 cases."""

from core.config.wsgi import application  # isort: split

import backoffice.exports  # when Django is ready

backoffice.exports.DIRECT = -1

__all__ = ["application"]

"""gunicorn behind nginx, started by lsp.service. Copy to /etc/lsp/gunicorn.conf.py; tests/deployment runs this file."""

import os

chdir = "/opt/lsp"
wsgi_app = "core.config.wsgi"
# Under systemd lsp.socket holds the address, and this one is not used.
bind = "unix:/run/lsp.sock"

# Processes do the work (a page is computing), threads wait (for the database, for a long export that goes out). As many
# database connections as workers x threads: keep them below max_connections in mariadb.cnf.
workers = int(os.environ.get("WEB_WORKERS") or 2 * (os.cpu_count() or 1) + 1)
worker_class = "gthread"
threads = 4

# A process that hangs is replaced. On reload and stop whoever is served is served to the end: as long as nginx waits.
timeout = 60
graceful_timeout = 60
# Each process is replaced now and then, not all at once: memory that was taken for something large is given back.
max_requests = 5000
max_requests_jitter = 1000
# The sign of life lies in memory: on a slow disk it would be late, and a healthy process killed.
worker_tmp_dir = "/dev/shm"  # noqa: S108

# Not loaded before the processes are: so that a reload brings the new version.
preload_app = False

# Long filters of lists are addresses too; nginx takes up to 8 KB.
limit_request_line = 8190
# nginx writes the log of requests.
accesslog = None
errorlog = "-"


def post_request(worker, request, environ, response):
    """Take in what the application did not want to read, such as the papers of a form that it refused at once: a line
    that is closed with bytes left on it is reset, and nginx loses the end of the answer."""
    while environ["wsgi.input"].read(1 << 20):
        pass


# No remote control.
control_socket_disable = True

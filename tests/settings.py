"""What pytest is told to use: the product's own test settings, whatever the shell or .env says."""

import os

os.environ["ENVIRONMENT"] = "test"
os.environ["IGNORE_DOTENV"] = "1"
# Playwright's synchronous interface keeps an event loop running in the test's thread. Django then
# takes the test for asynchronous code and would refuse the database; the tests are not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from core.config.settings import *

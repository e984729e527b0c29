from tests.browser import browser, browser_type_launch_args  # noqa: F401 - a fixture
from tests.demo_site import demo_site  # noqa: F401 - a fixture

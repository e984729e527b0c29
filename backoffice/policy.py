"""What the pages of the back office may load and run: stricter than Unfold asks for where its screens allow it.

The portal's policy (core/config/settings) holds for everything else, also for what goes wrong under /admin/.
"""

SELF, NONE = "'self'", "'none'"

DIRECTIVES = {
    "default-src": [NONE],
    # Alpine, which draws Unfold's screens, makes functions of the expressions in attributes. No page holds a script of
    # its own, and no element an on…: a script that somebody smuggled into a text does not run.
    "script-src": [SELF, "'unsafe-eval'"],
    # Charts, columns and menus are placed by style attributes, which load and run nothing; no page holds a <style>.
    "style-src": [SELF],
    "style-src-attr": ["'unsafe-inline'"],
    # data: the picture of the second factor's key; blob: a picture just chosen, not yet sent
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "frame-src": [SELF],  # papers, and the preview of a page of the portal
    "object-src": [NONE],
    "frame-ancestors": [SELF],  # Unfold opens "+" beside a field in a frame of the form
    "form-action": [SELF],
    "base-uri": [NONE],
}

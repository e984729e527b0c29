"""How dates read wherever a format is not named: 26 Nov 2026, 21.41, as on every screen that names one."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H.i"

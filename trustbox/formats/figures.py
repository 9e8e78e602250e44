"""Dates as the journals write them, in figures: 21.11.2026; alike in the four languages.

What a person types is read the same way, and as 2026-11-21 besides, which Django always adds. Dates in words, for
public pages and documents, are in ``schools.dates``.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "d.m.Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y"]
NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = "\xa0"

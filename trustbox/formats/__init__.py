"""The formats of every language of the portal, where Django looks for them: a file each is not needed."""

import sys
from types import ModuleType

from django.utils.translation import to_locale

from schools.languages import LANGUAGES
from trustbox.formats.figures import Formats

for _code in LANGUAGES:
    _name = f"{__name__}.{to_locale(_code)}"
    sys.modules[_name] = ModuleType(_name)
    sys.modules[f"{_name}.formats"] = Formats(f"{_name}.formats", _code)

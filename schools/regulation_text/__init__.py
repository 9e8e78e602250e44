"""The regulation of a school as a document, written from the settings by which the portal works.

The document cannot say something else than what is done: both come from the same rows. No sentence here promises what
the portal does not do, and what a setting switches off is not mentioned.
"""

from schools.regulation_text.building import read_text, text_of
from schools.regulation_text.document import Approved, NumberedClause, RegulationText, Section

__all__ = ["Approved", "NumberedClause", "RegulationText", "Section", "read_text", "text_of"]

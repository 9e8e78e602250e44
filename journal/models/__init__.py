from journal.models.entry import Entry
from journal.models.opening import Opening, TakenLetter
from journal.models.trail import Book, Trail
from journal.models.volume import Volume

__all__ = ["Book", "Entry", "Opening", "TakenLetter", "Trail", "Volume"]

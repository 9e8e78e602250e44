"""What the public side keeps: letters, the messages about them, and their files, all sealed; public notes."""

from box.models.attachment import Attachment
from box.models.letter import Letter
from box.models.message import Message
from box.models.public_note import PublicNote

__all__ = ["Attachment", "Letter", "Message", "PublicNote"]

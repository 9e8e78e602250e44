"""What the public side keeps: letters, the messages about them, and their files. All sealed."""

from box.models.attachment import Attachment
from box.models.letter import Letter
from box.models.message import Message

__all__ = ["Attachment", "Letter", "Message"]

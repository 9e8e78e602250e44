"""Sound packed anew: the first stream's packets as they are, in a fresh box, without title, place, time or program.

Plain Python on PyAV, which is imported only here and only when sound comes. Nothing is decoded.
"""

from io import BytesIO
from typing import Any

from box.files import kinds
from box.files.kinds import FileType
from box.files.refusals import NotCleaned, Why

# By name, or a hostile file could choose a reader that opens other files and addresses.
_READERS = {kinds.MP4: "mp4", kinds.MP3: "mp3", kinds.OGG: "ogg", kinds.WEBM: "matroska"}
# Each coding goes where its notes are written anew: a webm would carry vorbis comments over as they stand.
_AT_HOME = {
    "aac": kinds.MP4,
    "alac": kinds.MP4,
    "mp3": kinds.MP3,
    "mp3float": kinds.MP3,
    "opus": kinds.OGG,
    "libopus": kinds.OGG,
    "vorbis": kinds.OGG,
    "libvorbis": kinds.OGG,
    "flac": kinds.OGG,
}
_WRITERS = {
    kinds.MP4: ("mp4", {}),
    kinds.MP3: ("mp3", {"write_xing": "0", "id3v2_version": "0", "write_id3v1": "0"}),
    kinds.OGG: ("ogg", {}),
}


def clean_sound(data: bytes, known: FileType) -> tuple[bytes, FileType]:
    """The sound alone. Raises NotCleaned."""
    try:
        import av
    except (ImportError, OSError):
        raise NotCleaned(Why.NOT_HERE) from None
    av.logging.set_level(av.logging.PANIC)
    try:
        with av.open(
            BytesIO(data), format=_READERS[known], options={"fflags": "+bitexact"}
        ) as source:
            return _packed_anew(source)
    except NotCleaned:
        raise
    except MemoryError:
        raise NotCleaned(Why.UNPACKS_TOO_BIG) from None
    except Exception:
        # ffmpeg's errors are of many kinds, and all of them mean the same here.
        raise NotCleaned(Why.BROKEN) from None


def _packed_anew(source: Any) -> tuple[bytes, FileType]:
    import av

    for stream in source.streams.video:
        # The picture on a cover is left behind; a film is not a sound recording, and is not cut down to one unasked.
        if not stream.disposition & av.stream.Disposition.attached_pic:
            raise NotCleaned(Why.VIDEO)
    if not source.streams.audio:
        raise NotCleaned(Why.NO_SOUND)
    sound = source.streams.audio[0]
    becomes = _AT_HOME.get(sound.codec_context.name if sound.codec_context else "")
    if becomes is None:
        raise NotCleaned(Why.UNKNOWN_SOUND)
    writer, options = _WRITERS[becomes]
    out, packets = BytesIO(), 0
    with av.open(out, "w", format=writer, options={"fflags": "+bitexact", **options}) as box:
        stream = box.add_stream_from_template(sound, opaque=True)
        stream.metadata.clear()
        box.metadata.clear()
        for packet in source.demux(sound):
            if packet.dts is None or not packet.size:
                continue  # the sign of the end
            packet.stream = stream
            box.mux(packet)
            packets += 1
    if not packets:
        raise NotCleaned(Why.NO_SOUND)
    return out.getvalue(), becomes

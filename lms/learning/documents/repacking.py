"""A recording on standard input, packed anew to standard output: its media type, a line end, its bytes.

Run as a script of its own (`python -I repacking.py FORMAT SECONDS`), so that what reads strangers' files shares no memory and
no right of the server. It leaves with 4 for a recording longer than that, and with anything else but 0 for a bad one.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from io import BytesIO
from typing import Any

import av

BITS = 28_000
TOO_LONG = 4
MEMORY, SECONDS = 1 << 30, 10
LEAST_RATE = 4_000
PLAIN = {"fflags": "+bitexact"}
MOVED = {
    ("opus", ""): ("ogg", "audio/ogg", PLAIN),
    ("aac", "mov"): ("ipod", "audio/mp4", PLAIN),
    ("mp3", "mp3"): ("mp3", "audio/mpeg", {**PLAIN, "id3v2_version": "0", "write_xing": "0"}),
}


def limit() -> None:
    """Not more memory and time than an honest recording needs (where the system knows such limits)."""
    try:
        import resource  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def repacked(content: bytes, known: str) -> tuple[bytes, str]:
    """The first sound in a new, empty box; ValueError where there is none."""
    with av.open(BytesIO(content), "r", format=known, metadata_errors="replace") as source:
        if not source.streams.audio:
            raise ValueError("no sound")
        stream = source.streams.audio[0]
        if source.duration:
            check_length(Fraction(source.duration, av.time_base))
        if stream.codec_context.sample_rate < LEAST_RATE:
            raise ValueError("no voice is so low")
        codec = stream.codec_context.name.removesuffix("float")
        place = MOVED.get((codec, known)) or MOVED.get((codec, ""))
        if place is None:
            return sung_again(source, stream), "audio/ogg"
        return moved(source, stream, place[0], place[2]), place[1]


def moved(source: Any, stream: Any, into: str, options: dict[str, str]) -> bytes:
    """The same sound, not touched."""
    made, counted = BytesIO(), 0
    with av.open(made, "w", format=into, options=options) as target:
        track = target.add_stream_from_template(stream)
        track.metadata.clear()
        first: int | None = None
        for packet in source.demux(stream):
            if packet.dts is None:
                continue
            first = packet.dts if first is None else first
            check_length((packet.dts - first) * packet.time_base)
            packet.stream = track
            target.mux(packet)
            counted += 1
    if not counted:
        raise ValueError("no sound")
    return made.getvalue()


def check_length(seconds: Fraction) -> None:
    """Leave where it is too long."""
    if seconds > int(sys.argv[2]):
        sys.exit(TOO_LONG)


def sung_again(source: Any, stream: Any) -> bytes:
    """The sound made anew: one channel, opus."""
    made, samples = BytesIO(), 0
    with av.open(made, "w", format="ogg", options=PLAIN) as target:
        track: Any = target.add_stream("libopus", rate=48_000, layout="mono")
        track.bit_rate, track.options = BITS, {"application": "voip", "compression_level": "0"}
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        for frame in source.decode(stream):
            for piece in resampler.resample(frame):
                samples += piece.samples
                check_length(Fraction(samples, 48_000))
                target.mux(track.encode(piece))
        for piece in resampler.resample(None):
            target.mux(track.encode(piece))
        target.mux(track.encode(None))
    if not samples:
        raise ValueError("no sound")
    return made.getvalue()


def main() -> None:
    """From standard input to standard output."""
    limit()
    made, kind = repacked(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.buffer.write(kind.encode("ascii") + b"\n" + made)


if __name__ == "__main__":
    main()

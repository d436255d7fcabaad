"""Short films of slides read aloud by a machine: `python -m tests.browser.clips OUTFOLDER`.

Each text in `clips/` is one film. A slide begins with `# its heading`; `Tranh:` names its picture, `- ` a line that is
shown, `Nguồn:` where its facts come from; all that follows is spoken, one sentence a line. typst draws the slides,
espeak-ng speaks, ffmpeg joins; subtitles and transcript are the spoken words themselves. What is said in one breath is
one subtitle: a sentence too long for two lines is spoken in two breaths. The voice is a stand-in for a real one; a text
whose first words do not say so is refused. Needs Debian's ffmpeg, espeak-ng and Noto fonts.
"""

from __future__ import annotations

import array
import json
import re
import subprocess
import sys
import tempfile
import textwrap
import wave
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

import typst

TEXTS = Path(__file__).with_name("clips")
TOKENS = Path(__file__).parents[2] / "static" / "web" / "tokens.css"
STAND_IN = "Giọng đọc máy, tạm thay cho giọng người thật."
VOICE = ["-v", "vi", "-s", "148", "-p", "42"]
RATE, FRAMES = 22050, 5
"""Samples and frames of a second; a slide lasts whole frames, so that sound and picture never drift apart."""
QUIET, PEAK = 200, 0.8
"""Softer samples at the ends of a breath are cut off; the loudest sample of a film before `EVEN`, of 1."""
BEFORE, AFTER_BREATH, AFTER_SENTENCE, LAST = 0.7, 0.22, 0.5, 0.8
"""Seconds of silence: before a slide, after a part of a sentence, after a sentence, after the last one."""
EVEN = "acompressor=threshold=0.08:ratio=4:attack=1:release=80:makeup=3.5,alimiter=limit=0.65:attack=1:level=0"
"""Soft sounds louder, so that a telephone's speaker is enough; -19 LUFS. ffmpeg spends 35 kb/s where 24 are asked."""
LETTERS, LINES = 42, 2
MOST = 3 * 1024 * 1024
"""Bytes of a film."""
DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
Samples: TypeAlias = "array.array[int]"

SLIDE = r"""
#let given = json(bytes(sys.inputs.slide))
#let (slide, colours) = (given.slide, given.colours)
#let colour(name) = rgb(colours.at(name))
#let title = given.number == 1
#let ink = if title { colour("on-deep") } else { colour("ink") }
#set page(width: 1280pt, height: 720pt, margin: 0pt, fill: colour(if title { "indigo-deep" } else { "page" }))
#set text(font: "Noto Sans", fill: ink, lang: "vi", hyphenate: false)
#set par(leading: 0.45em)
#place(top, rect(width: 100%, height: 24pt, fill: tiling(
  size: (48pt, 24pt), image(bytes(given.selvedge), format: "svg", width: 48pt, height: 24pt))))
#let heading-size = if title { 54pt } else { 52pt }
#place(dx: 64pt, dy: 56pt, block(width: 1152pt, text(size: heading-size, weight: "bold",
  fill: if title { ink } else { colour("indigo") },
  slide.heading.replace(regex("“[^”]+”"), name => name.text.replace(" ", "\u{a0}")))))
#let top-edge = if slide.heading.clusters().len() > 38 { 208pt } else { 160pt }
#place(dx: 64pt, dy: top-edge, block(width: 560pt, height: 311pt, align(horizon, grid(
  columns: (36pt, 1fr), row-gutter: 34pt, align: top + left,
  ..slide.lines.map(line => (pad(top: 17pt, rect(width: 20pt, height: 6pt, fill: colour("turmeric"))),
    text(size: 38pt, line))).flatten()))))
#place(dx: 656pt, dy: top-edge, block(width: 560pt, height: 311pt, radius: 6pt, clip: true,
  image(slide.picture, width: 560pt)))
#place(dx: 64pt, dy: 612pt - 82pt, block(width: 1152pt, height: 70pt, align(bottom, text(size: 18pt,
  fill: if title { colour("on-deep-soft") } else { colour("ink-soft") }, "Nguồn: " + slide.source))))
#place(dy: 612pt, rect(width: 100%, height: 108pt, fill: colour("indigo-deep")))
#let step = 1152pt / given.count
#for i in range(given.count) {
  place(dx: 64pt + i * step, dy: 611pt, rect(width: step - 10pt, height: 6pt,
    fill: if i < given.number { colour("turmeric") } else { colour("line-strong") }))
}
"""


@dataclass(frozen=True)
class Slide:
    """What is shown and what is said."""

    heading: str
    picture: str
    lines: list[str]
    source: str
    spoken: list[str]


@dataclass(frozen=True)
class Cue:
    """Seconds from the beginning of the film, and the words said then."""

    begin: float
    end: float
    words: str


def read(path: Path) -> list[Slide]:
    """The slides of a text."""
    slides = [_slide(part) for part in re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.M)[1:]]
    if slides[0].spoken[0] != STAND_IN or STAND_IN not in slides[0].lines:
        raise ValueError(f"{path.name}: the first slide does not show and say “{STAND_IN}”")
    return slides


def _slide(part: str) -> Slide:
    heading, *rest = (line.strip() for line in part.splitlines() if line.strip())

    def marked(mark: str) -> list[str]:
        return [line.removeprefix(mark).strip() for line in rest if line.startswith(mark)]

    (picture,), (source,) = marked("Tranh: "), marked("Nguồn: ")
    spoken = [line for line in rest if not line.startswith(("Tranh: ", "Nguồn: ", "- "))]
    return Slide(heading, picture, marked("- "), source, spoken)


def in_words(number: int) -> str:
    """A number below a hundred as it is said: espeak-ng reads 15 as "mười năm"."""
    if not 0 <= number < 100:
        raise ValueError(f"{number}: write it in words")
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    ten = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    one = {0: "", 1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, DIGITS[ones])
    return f"{ten} {one}".strip()


def aloud(words: str) -> str:
    """The words as the machine should say them: numbers written out, no quotation marks."""
    return re.sub(r"\d+", lambda found: in_words(int(found[0])), re.sub("[“”]", "", words))


def folded(words: str) -> list[str]:
    """The lines of a subtitle, cut after a comma or else in the middle; more than `LINES` if it does not fit."""
    lines = textwrap.wrap(words, LETTERS)
    if len(lines) != LINES:
        return lines
    spaces = [found.start() for found in re.finditer(" ", words)]
    cuts = [place for place in spaces if max(place, len(words) - place - 1) <= LETTERS]
    best = min(cuts, key=lambda place: (words[place - 1] not in ",:?", abs(place - len(words) / 2)))
    return [words[:best], words[best + 1 :]]


def breaths(sentence: str) -> list[str]:
    """The sentence, or its parts: as few as fit a subtitle each, cut at commas and colons, about equally long."""
    if len(folded(sentence)) <= LINES:
        return [sentence]
    cuts = [found.end() for found in re.finditer(r"[,:;?] ", sentence)]
    if not cuts:
        raise ValueError(f"no comma, and too long for a subtitle: {sentence}")
    middle = min(cuts, key=lambda cut: abs(cut - len(sentence) / 2))
    return [*breaths(sentence[:middle].strip()), *breaths(sentence[middle:])]


def said(words: str, folder: Path) -> Samples:
    """One breath of the machine, without the silence round it."""
    file = folder / "breath.wav"
    subprocess.run(["espeak-ng", *VOICE, "-w", file, aloud(words)], check=True)
    with wave.open(str(file)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2)
        samples = array.array("h", sound.readframes(sound.getnframes()))
    loud = [place for place, sample in enumerate(samples) if abs(sample) > QUIET]
    return samples[loud[0] : loud[-1] + 1]


def silence(seconds: float) -> Samples:
    """That many seconds of nothing."""
    return array.array("h", bytes(2 * round(seconds * RATE)))


def spoken(slides: list[Slide], folder: Path) -> tuple[Samples, list[Cue], list[float]]:
    """The sound of a film, its subtitles, and how long each slide lasts."""
    sound, cues, lengths = silence(0), list[Cue](), list[float]()
    for slide in slides:
        begun = len(sound)
        sound += silence(BEFORE)
        for sentence in slide.spoken:
            parts = breaths(sentence)
            for part in parts:
                begin, breath = len(sound) / RATE, said(part, folder)
                sound += breath + silence(AFTER_SENTENCE if part is parts[-1] else AFTER_BREATH)
                cues.append(Cue(begin, len(sound) / RATE - 0.04, part))
        sound += silence(LAST - AFTER_SENTENCE)
        frame = RATE // FRAMES
        sound += silence(-(len(sound) - begun) % frame / RATE)
        lengths.append((len(sound) - begun) / RATE)
    return sound, cues, lengths


def write_sound(samples: Samples, file: Path) -> None:
    """A WAV file whose loudest sample is `PEAK`."""
    gain = PEAK * 32767 / max(map(abs, samples))
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", ""))
        sound.writeframes(array.array("h", (round(sample * gain) for sample in samples)).tobytes())


def drawn(slides: list[Slide], folder: Path) -> Iterator[Path]:
    """A picture of each slide, in our colours."""
    tokens = TOKENS.read_text(encoding="utf-8")
    colours = dict(reversed(re.findall(r"--([a-z-]+): (#\w{6})", tokens)))
    found = re.search(r'--selvedge: url\("data:image/svg\+xml,(.+?)"\)', tokens)
    assert found
    selvedge = found[1].replace("%3C", "<").replace("%3E", ">").replace("%23", "#")
    (folder / "slide.typ").write_text(SLIDE, encoding="utf-8")
    for number, slide in enumerate(slides, 1):
        (folder / slide.picture).write_bytes((TEXTS / slide.picture).read_bytes())
        given = {"slide": asdict(slide), "colours": colours, "selvedge": selvedge, "number": number,
                 "count": len(slides)}  # fmt: skip
        png = typst.compile(
            folder / "slide.typ", format="png", ppi=72, sys_inputs={"slide": json.dumps(given, ensure_ascii=False)}
        )
        assert isinstance(png, bytes)
        file = folder / f"slide-{number}.png"
        file.write_bytes(png)
        yield file


def join(pictures: list[Path], lengths: list[float], title: str, folder: Path, out: Path) -> None:
    """The film: small, since little moves, and it begins to play before all of it has come."""
    shown = [f"file '{picture}'\nduration {length:.3f}" for picture, length in zip(pictures, lengths, strict=True)]
    (folder / "list.txt").write_text("\n".join([*shown, f"file '{pictures[-1]}'"]), encoding="utf-8")
    command = f"""
        ffmpeg -y -v error -f concat -safe 0 -i list.txt -i sound.wav -t {sum(lengths):.3f}
        -vf fps={FRAMES},scale=1280:720:out_color_matrix=bt709,format=yuv420p
        -color_primaries bt709 -color_trc bt709 -colorspace bt709
        -c:v libx264 -preset slow -tune stillimage -psy-rd 0:0 -crf 28
        -af {EVEN},aformat=sample_rates={RATE}:channel_layouts=mono -c:a aac -b:a 24k
        -metadata:s:a:0 language=vie -movflags +faststart -map_metadata -1 -fflags +bitexact
    """
    subprocess.run([*command.split(), "-metadata", f"title={title}", out], check=True, cwd=folder)
    if out.stat().st_size > MOST:
        raise ValueError(f"{out.name} is heavier than {MOST} bytes")


def subtitles(cues: list[Cue]) -> str:
    """WebVTT."""
    blocks = (f"{_clock(cue.begin)} --> {_clock(cue.end)}\n" + "\n".join(folded(cue.words)) for cue in cues)
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _clock(seconds: float) -> str:
    minutes, thousandths = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{thousandths // 1000:02}.{thousandths % 1000:03}"


def transcript(slides: list[Slide]) -> str:
    """The words of the film, a paragraph a slide, with their sources."""
    told = []
    for slide in slides:
        heading = slide.heading if slide.heading.endswith("?") else f"{slide.heading}."
        words = " ".join(sentence for sentence in slide.spoken if sentence != STAND_IN)
        told.append(f"{heading} {words} (Nguồn: {slide.source.removesuffix('.')}.)")
    return "\n\n".join([STAND_IN, *told]) + "\n"


def main(out: Path) -> None:
    """All films into a folder, each with its subtitles and its transcript."""
    out.mkdir(parents=True, exist_ok=True)
    for text in sorted(TEXTS.glob("*.txt")):
        slides, film = read(text), out / f"clip-{text.stem}.mp4"
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sound, cues, lengths = spoken(slides, folder)
            write_sound(sound, folder / "sound.wav")
            join(list(drawn(slides, folder)), lengths, slides[0].heading, folder, film)
        film.with_suffix(".vtt").write_text(subtitles(cues), encoding="utf-8")
        film.with_suffix(".txt").write_text(transcript(slides), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("python -m tests.browser.clips OUTFOLDER")
    main(Path(sys.argv[1]).resolve())

"""Where picture and table stand: between markers, in documents that people write."""

from collections.abc import Iterator
from pathlib import Path

from infra.synth import SynthError, synth
from local.assembly import Assembly, AssemblyError, Local, load_assembly
from local.diagram.picture import picture
from local.diagram.table import table
from local.errors import LocalError
from local.paths import ROOT

BEGIN = "<!-- {} of the assembly, made by `djamms diagram` -->\n"
END = "<!-- end of the {} -->\n"
# What the stack says on a machine; here only its place counts.
SAID_LATER = dict.fromkeys(("API_BASE_URL", "CDN_BASE_URL", "CORS_ALLOWED_ORIGINS"), "-")


def render() -> Iterator[tuple[Path, str]]:
    """Each document with its new text."""
    assembly = read()
    drawing = f"```mermaid\n{picture(assembly)}\n```"
    for document, kind, made in (
        (ROOT / "README.md", "picture", drawing),
        (ROOT / "docs" / "architecture.md", "table", table(assembly)),
    ):
        yield document, between_markers(document.read_text(), kind, made.rstrip("\n"))


def read() -> Assembly:
    try:
        local = Local(emulator_url="http://emulator.invalid", overrides=SAID_LATER)
        return load_assembly(synth("dev"), local)
    except (SynthError, AssemblyError) as error:
        raise LocalError(str(error)) from error


def between_markers(text: str, kind: str, made: str) -> str:
    """Raises LocalError where the markers do not stand in the text, once and in order."""
    begin, end = BEGIN.format(kind), END.format(kind)
    before, found, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended) or begin in after:
        raise LocalError(f"There is no single place for the {kind}, between {begin!r} and {end!r}.")
    return f"{before}{begin}\n{made}\n\n{end}{after}"

"""The documents say what is so: commands exist, links lead somewhere, columns and codes are the program's."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
import typer

from isa_extract import vocabulary
from isa_extract.binding.assemble import extract
from isa_extract.cli import app
from isa_extract.explain import paper_of
from isa_extract.rules.rulebook import load_rules, rulebook

ROOT = Path(__file__).parents[1]
KEPT_OUT = {".venv", ".git", "out", "node_modules", ".pytest_cache", ".prefect"}
DOCUMENTS = sorted(
    path for path in ROOT.rglob("*.md") if not KEPT_OUT & set(path.relative_to(ROOT).parts[:-1])
)
README = ROOT / "README.md"
CONTRACT = ROOT / "docs" / "contract.md"

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
_VARIABLE = re.compile(r"[A-Z]+=")

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def shown(text: str) -> Iterator[str]:
    """Every command line that a document shows: lines of code blocks, and code within a line."""
    for _, _, block in _FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            yield line.strip().removeprefix("$ ")
    yield from _SPAN.findall(_FENCE.sub("", text))


def faults(line: str) -> list[str]:
    """What is wrong with one shown command; nothing for a line that is none of ours."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return []
    if not words:
        return []
    if words[0] == "isa-extract":
        return _faults_of_ours(words[1:])
    if words[0] == "make":
        return _faults_of_make(words[1:])
    if words[0] == "python" and len(words) > 1 and words[1].endswith(".py"):
        return [] if (ROOT / words[1]).is_file() else [f"no script {words[1]}"]
    return []


def _faults_of_ours(words: list[str]) -> list[str]:
    if not words or words[0] in ("--help", "--version"):
        return []
    command = COMMANDS.get(words[0])
    if command is None:
        return [f"no command {words[0]}"]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    given = {match[0] for word in words[1:] for match in re.finditer(r"(?<![\w-])--[a-z][a-z-]*", word)}
    return [f"{words[0]} has no {option}" for option in sorted(given - known)]


def _faults_of_make(words: list[str]) -> list[str]:
    targets = set(_TARGET.findall(MAKEFILE))
    wrong = [f"no target {w}" for w in words if not _VARIABLE.match(w) and w not in targets]
    variables = [w.partition("=")[0] for w in words if _VARIABLE.match(w)]
    return wrong + [f"the Makefile does not use {v}" for v in variables if v not in MAKEFILE]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_shown_exist(document):
    lines = shown(document.read_text(encoding="utf-8"))
    assert [fault for line in lines for fault in faults(line)] == []


def test_the_readme_shows_the_commands_of_the_job():
    lines = list(shown(README.read_text(encoding="utf-8")))
    for start in ("isa-extract extract ", "isa-extract score --gold ", "make demo", "make test", "make gold"):
        assert any(line.startswith(start) for line in lines), start


@pytest.mark.parametrize(
    "line",
    [
        "isa-extract exctract papers --out D",
        "isa-extract extract papers --output D",
        "make demos",
        "make benchmarks DATTA=DIR",
        "python flows/extracts.py corpus",
    ],
)
def test_a_wrong_command_is_seen(line):
    text = f"See:\n\n```sh\n{line}\n```\n\nor `{line}`.\n"
    assert [bool(faults(one)) for one in shown(text)] == [True, True]


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower().replace("`", ""))
    return kept.strip().replace(" ", "-")


def broken(document: Path, text: str) -> list[str]:
    """The relative links of a document that lead nowhere."""
    missing = []
    for link in _LINK.findall(_SPAN.sub("", _FENCE.sub("", text))):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        if not target.exists() or not target.is_relative_to(ROOT):
            missing.append(link)
        elif anchor and target.suffix == ".md":
            headings = re.findall(r"^#+ +(.+?)\s*$", target.read_text(encoding="utf-8"), re.MULTILINE)
            if anchor not in map(slug, headings):
                missing.append(link)
    return missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_relative_links_lead_somewhere(document):
    assert broken(document, document.read_text(encoding="utf-8")) == []


def test_a_broken_link_is_seen():
    text = "[a](docs/nothing.md) [b](docs/contract.md#nothing) [c](docs/contract.md#codes) ![d](../out.png)"
    assert broken(README, text) == ["docs/nothing.md", "docs/contract.md#nothing", "../out.png"]


def section(path: Path, heading: str) -> str:
    """What stands under a heading, up to the next of its rank or a higher one."""
    text = path.read_text(encoding="utf-8")
    start = text.index(f"\n{heading}\n") + len(heading) + 2
    rank = heading.split()[0]
    end = re.search(rf"^#{{1,{len(rank)}}} ", text[start:], re.MULTILINE)
    return text[start : start + end.start()] if end else text[start:]


def rows(text: str) -> list[list[str]]:
    """The cells of a section's table rows, headings and rules left out."""
    lines = [line for line in text.splitlines() if line[:1] == "|"]
    cut = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for i, row in enumerate(cut) if not set(row[0]) <= {"-"} and not _is_rule(cut, i + 1)]


def _is_rule(cut: list[list[str]], i: int) -> bool:
    return i < len(cut) and set("".join(cut[i])) == {"-"}


def first_codes(text: str) -> tuple[str, ...]:
    """The code in the first cell of each table row."""
    return tuple(row[0].strip("`") for row in rows(text))


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("## evidence.csv", vocabulary.EVIDENCE_COLUMNS),
        ("## trials.csv", vocabulary.TRIAL_COLUMNS),
        ("## Gold tables", vocabulary.GOLD_ONLY_COLUMNS),
        ("### Endpoint codes", vocabulary.ENDPOINTS),
    ],
)
def test_the_contract_has_the_columns_and_endpoints(heading, names):
    assert first_codes(section(CONTRACT, heading)) == names


def test_the_contract_has_the_codes_of_the_closed_columns():
    table = rows(section(CONTRACT, "### Other codes"))
    told = {row[0].strip("`"): tuple(_SPAN.findall(row[1])) for row in table}
    assert told == {
        "statistic": vocabulary.STATISTICS,
        "unit": vocabulary.UNITS,
        "qualifier": vocabulary.QUALIFIERS,
        "arm_role": vocabulary.ARM_ROLES,
        "lang": vocabulary.LANGUAGES,
        "binding": vocabulary.BINDINGS,
        "flags": vocabulary.FLAGS,
    }


def test_the_readme_explains_every_column_binding_and_flag():
    text = section(README, "## How to read the table")
    grouped = [row[1] for row in rows(text) if len(row) == 2]
    told = {code for cell in grouped for code in _SPAN.findall(cell)}
    assert set(vocabulary.EVIDENCE_COLUMNS) <= told
    first = first_codes(text)
    assert set(vocabulary.BINDINGS) <= set(first)
    assert set(vocabulary.FLAGS) <= set(first)


def test_the_annotation_conventions_tell_of_every_flag():
    assert first_codes(section(ROOT / "docs" / "annotation.md", "## Flags")) == vocabulary.FLAGS


def test_the_readme_shows_what_the_sentence_really_gives():
    text = section(README, "## How to read the table")
    sentence = next(block.strip() for _, kind, block in _FENCE.findall(text) if kind == "text")
    table = next(re.finditer(r"(?:^\|.*\n)+", text, re.MULTILINE))[0]
    heading = [cell.strip() for cell in table.splitlines()[0].split("|")[1:-1]]
    expected = [dict(zip(heading, row, strict=True)) for row in rows(table)]
    found = [
        {
            "arm": f.arm.label if f.arm else "",
            "comparator": f.comparator.label if f.comparator else "",
            **{name: getattr(f, name) for name in heading[2:]},
        }
        for f in extract(paper_of(sentence)).findings
    ]
    assert expected == found


@pytest.mark.parametrize("path", [README, ROOT / "docs" / "rules.md"], ids=lambda p: p.name)
def test_rules_shown_are_rules_that_the_loader_takes(path):
    pieces_file = ROOT / "src" / "isa_extract" / "rules" / "patterns" / "pieces.toml"
    pieces = tomllib.loads(pieces_file.read_text(encoding="utf-8"))
    blocks = [b for _, kind, b in _FENCE.findall(path.read_text(encoding="utf-8")) if kind == "toml"]
    assert [len(list(load_rules(path.name, dedent(block), pieces))) for block in blocks] == [1]


def test_the_documents_tell_of_every_kind_of_rule():
    text = section(ROOT / "docs" / "rules.md", "### Kinds")
    told = [code for row in rows(text) for code in _SPAN.findall(row[0])]
    assert sorted(told) == sorted({rule.kind for rule in rulebook().rules})


def test_the_lexicons_have_the_columns_that_are_told():
    for name, lexicon in rulebook().lexicons.items():
        told = section(ROOT / "docs" / "rules.md", f"### `{name}.csv`")
        columns = [code for row in rows(told) for code in _SPAN.findall(row[0])]
        assert sorted(columns) == sorted(lexicon[0]), name


def test_the_version_is_one():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_architecture_tells_of_the_readers_in_their_order():
    from isa_extract.binding import readings

    source = Path(readings.__file__).read_text(encoding="utf-8")
    asked = re.search(r"for reader in \(([^)]*)\)", source)
    assert asked
    told = section(ROOT / "docs" / "architecture.md", "## Where decisions are made")
    listed = re.findall(r"^ *\| `(\w+)` \|", told, re.MULTILINE)
    assert listed == re.findall(r"\w+", asked[1])

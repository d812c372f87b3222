#!/usr/bin/env python3
"""The pages of the book: takes their programs and commands out, and looks at what they name.

    pages.py blocks DOCS OUT    writes each program and each command into a folder of OUT
    pages.py check DOCS SITE    links, anchors, files of the repository, doc tests

What a block is for stands in its first line, behind the language:

    c NAME, cpp NAME, go NAME   a whole program; goes to OUT/PAGE.NAME/
    sh with NAME                its commands, run in that folder; a block `text` behind it is what they print
    sh run                      commands, run in the root of the repository
    LANGUAGE skip: REASON       looked at by people only, as `text`, `console`, `yaml` and others are
    rust                        a doc test: src/book.rs must name its page
"""

import re
import sys
from pathlib import Path

FILES = {"c": "{}.c", "cpp": "{}.cc", "go": "main.go"}
INCLUDE = re.compile(r"^\{\{#include ([^:}]+):(\w+)\}\}$", re.M)


def pages(docs):
    """The pages that the summary lists, in its order."""
    names = re.findall(r"\]\(([\w-]+\.md)\)", (docs / "SUMMARY.md").read_text())
    return [docs / name for name in names]


def text_of(page):
    """The page with what it includes whole blocks of."""

    def anchored(match):
        text = (page.parent / match[1]).read_text()
        return re.search(rf"ANCHOR: {match[2]}\b[^\n]*\n(.*?)\n[^\n]*ANCHOR_END: {match[2]}", text, re.S)[1]

    return INCLUDE.sub(anchored, page.read_text())


def blocks(page):
    """Language, what it is for, text and line of each block."""
    found, open_at = [], None
    for number, line in enumerate(text_of(page).splitlines(), 1):
        if line.startswith("```") and open_at is None:
            language, _, purpose = re.sub(r",\w+", "", line[3:]).partition(" ")
            open_at, body = number, []
        elif line.startswith("```"):
            found.append((language, purpose, "".join(body), open_at))
            open_at = None
        elif open_at is not None:
            body.append(line + "\n")
    return found


def extract(docs, out):
    faults = []
    for page in pages(docs):
        before = None
        for language, purpose, text, line in blocks(page):
            place = f"{page.name}:{line}"
            folder = None
            if "`" in purpose:
                faults.append(f"{place}: a ` in the first line of a block, which then is none")
            elif re.match(r"skip: \w", purpose):
                pass
            elif language in FILES and purpose:
                folder = out / f"{page.stem}.{purpose}"
                folder.mkdir(parents=True, exist_ok=True)
                (folder / FILES[language].format(purpose)).write_text(text)
                folder = None
            elif language == "sh" and purpose == "run":
                folder = out / f"run.{page.stem}.{line}"
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "commands").write_text(text)
            elif language == "sh" and purpose.startswith("with "):
                folder = out / f"{page.stem}.{purpose[5:]}"
                if folder.is_dir():
                    (folder / "commands").write_text(text)
                else:
                    faults.append(f"{place}: there is no program {purpose[5:]!r} before it")
            elif language == "text" and before is not None:
                (before / "expected").write_text(text)
            elif language in FILES or language in ("sh", "", "bash", "shell"):
                faults.append(f"{place}: a block {language!r} that does not say what it is for")
            before = folder
        for program in out.glob(f"{page.stem}.*"):
            if not (program / "commands").exists():
                faults.append(f"{page.name}: nothing builds {program.name}")
    return faults


class Site:
    """What a built page links to, and what can be linked to in it."""

    def __init__(self, root):
        self.root = root
        self.texts = {path: path.read_text() for path in root.rglob("*.html")}
        self.ids = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in self.texts.items()}

    def faults(self):
        for path, text in self.texts.items():
            # 404.html and toc.html have their links from the root.
            for link in re.findall(r'\b(?:href|src)="([^"]+)"', text):
                if re.match(r"[a-z]+:|//|/", link) or path.name == "404.html":
                    continue
                name, _, anchor = link.partition("#")
                target = path if not name else (path.parent / name).resolve()
                if not target.exists():
                    yield f"{path.name}: {link} leads to nothing"
                elif anchor and anchor not in self.ids.get(target, ()):
                    yield f"{path.name}: {link} leads to a page that has no such place"


def named_files(docs):
    """Files of the repository that a page names and that are not there."""
    folders = "src|examples|tests|ffi-tests|include|bindings|benches|docs|fuzz"
    for page in pages(docs):
        for name in re.findall(rf"`((?:{folders})/[\w./-]+)`", page.read_text()):
            if not (docs.parent / name).exists():
                yield f"{page.name}: there is no {name}"
        for row in re.findall(r"row `([\w-]+)`|ffi-tests/run\.sh ([\w-]+)", page.read_text()):
            name = row[0] or row[1]
            if f"'{name}|" not in (docs.parent / "ffi-tests/run.sh").read_text() and name != "--list":
                yield f"{page.name}: there is no row {name}"


def doc_tests(docs):
    """Pages with Rust in them that no doc test includes."""
    book = (docs.parent / "src/book.rs").read_text()
    for page in pages(docs):
        fences = re.findall(r"^```(rust[\w,]*)", page.read_text(), re.M)
        if any("ignore" not in fence for fence in fences) and f"docs/{page.name}" not in book:
            yield f"{page.name}: src/book.rs does not name it, so nothing compiles its blocks"


def check(docs, site):
    looks = (Site(site.resolve()).faults(), named_files(docs), doc_tests(docs))
    return sorted({fault for look in looks for fault in look})


if __name__ == "__main__":
    act = {"blocks": extract, "check": check}[sys.argv[1]]
    said = act(Path(sys.argv[2]).resolve(), Path(sys.argv[3]))
    print("\n".join(said), file=sys.stderr) if said else None
    sys.exit(1 if said else 0)

#!/usr/bin/env python3
"""Hostile names: puts them into a graph, and judges whether an output keeps them inert.

    hostile.py plant GRAPH           packages, files, requirements, findings get hostile texts
    hostile.py files FOLDER          makes files with hostile names
    hostile.py check FORMAT FILE     prints what is wrong, exit status 1
"""
import csv
import html.parser
import io
import json
import os
import re
import sqlite3
import sys
import xml.etree.ElementTree

PARTS = [
    "<script>window.owned=1</script>", "</script><img src=x onerror=window.owned=2>",
    "--><!--", "]]>", "&lt;", "\"'`", "``` ", "|", "\\", "*_~[a](javascript:b)",
    "\033[31m", "\033]0;owned\a", "\x01", "\x7f", "\r", "\t", "\x9b31m",
    "\u202egpj", "\u2066", "\u200b", "\u2028", "\ufeff",
    "\n::error::owned", "\n##vso[task.owned]", "##[owned]", "%0A", "$(owned)", ";owned;",
    "@owned", "https://owned.example", "\n# owned",
]
ALL = "".join(PARTS)
# what a spreadsheet calculates, and what a build server reads, only at the beginning
FIRST = ["=owned()", "+owned", "-owned", "@owned", "::error::owned"]


def plant(path):
    graph = sqlite3.connect(path)
    names = [row[0] for row in graph.execute("SELECT id FROM package ORDER BY id")]
    for i, package in enumerate(names):
        # the first letter stays: packages keep their order
        graph.execute("UPDATE package SET name = substr(name, 1, 3) || ?, "
                      "nevra = substr(nevra, 1, 3) || ? || '-1-1.noarch', summary = ?, "
                      "vendor = ?, license = ? WHERE id = ?",
                      (ALL, ALL, FIRST[i % len(FIRST)] + ALL, ALL, ALL, package))
    graph.execute("UPDATE requirement SET text = text || ?", (ALL,))
    graph.execute("UPDATE capability SET name = name || ?", (ALL,))
    graph.execute("UPDATE edge SET cite_text = cite_text || ?", (ALL,))
    graph.execute("UPDATE image SET os_name = ?, root = ?", (ALL, "/" + ALL))
    first, last = graph.execute("SELECT min(id), max(id) FROM file WHERE type = 'regular'").fetchone()
    graph.execute("INSERT INTO edge (id, from_file, to_file, kind, strength, cite_line, cite_text) "
                  "SELECT coalesce(max(id), 0) + 1, ?, ?, 'exec', 'likely', 1, ? FROM edge",
                  (first, last, ALL))
    graph.execute("UPDATE file SET category = 'unit' WHERE path LIKE '/srv/hostile/%script%'")
    position = graph.execute("SELECT coalesce(max(id), 0) + 1 FROM finding").fetchone()[0]
    graph.execute("INSERT INTO finding VALUES (?, 'bad-elf', 'note', NULL, NULL, ?, ?, ?)",
                  (position, ALL, FIRST[4] + ALL, ALL))
    graph.commit()


def files(folder):
    root = os.fsencode(folder)
    for part in PARTS + FIRST + [b"latin1-\xe4", b"\xff\xfe", b"overlong-\xc0\xaf"]:
        name = part if isinstance(part, bytes) else part.encode()
        with open(os.path.join(root, name.replace(b"/", b"_")), "wb") as file:
            file.write(b"#!/bin/sh\n")


UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e"
                         "\u2060-\u206f\ufeff]")


def text(data):
    """What every output must be: UTF-8 without anything that a terminal or a log obeys."""
    words = data.decode("utf-8")
    found = UNPRINTABLE.search(words)
    assert not found, f"unprintable {found.group()!r} in {words[found.start() - 40:][:80]!r}"
    for line in words.split("\n"):
        assert not line.startswith("::error::owned"), line[:80]
        assert "##vso[task.owned]" not in line and "##[owned]" not in line, line[:80]
    return words


def as_json(data):
    document = json.loads(text(data))
    assert data.isascii(), "not ASCII"
    return document


def as_csv(data):
    rows = list(csv.reader(io.StringIO(text(data)), strict=True))
    assert len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows), "ragged"
    for row in rows:
        for cell in row:
            number = re.fullmatch(r"-?[0-9]+", cell)
            assert number or not cell.lstrip()[:1] in ("=", "+", "-", "@"), cell[:60]


def without_code(line):
    """A line without its code spans, as CommonMark finds them."""
    out, at = "", 0
    while at < len(line):
        fence = re.match("`+", line[at:])
        if not fence:
            out, at = out + line[at], at + 1
            continue
        close = re.search(r"(?<!`)" + fence.group() + r"(?!`)", line[at + len(fence.group()):])
        assert close, "a code span has no end: " + line[at:][:60]
        at += 2 * len(fence.group()) + close.start()
    return out


def as_markdown(data):
    columns = None
    for line in text(data).split("\n"):
        plain = without_code(line)
        for bad in ("<script", "<img", "<!--", "](", "@owned", "https://"):
            assert bad not in plain, (bad, plain[:120])
        if not line.startswith("|"):
            assert not line.startswith("# owned"), line
            columns = None
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        columns = columns or cells
        assert cells == columns, (cells, columns, line[:120])


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.inside, self.blocks, self.tags = None, [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.inside = dict(attrs).get("id") if tag == "script" else None
        for name, _ in attrs:
            assert not name.startswith("on") and name != "style", (tag, name)

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside == "data":
            self.blocks.append(data)


def as_html(data):
    page = Page()
    text(data.replace(b"\t", b""))  # style and scripts are indented
    page.feed(data.decode())
    assert "img" not in page.tags, "an element of the data"
    block = "".join(page.blocks)
    json.loads(block)
    assert not re.search("[<\t\n]", block) and "owned" in block, "the data block"


def as_xml(data):
    xml.etree.ElementTree.fromstring(text(data))


def as_github(data):
    for line in text(data).rstrip("\n").split("\n"):
        assert re.match("::(error|warning|notice) ", line), line[:80]


def as_azure(data):
    for line in text(data).rstrip("\n").split("\n"):
        assert line.startswith("##vso[") and line.count("##vso[") == 1, line[:80]


CHECKS = {"text": text, "json": as_json, "csv": as_csv, "markdown": as_markdown,
          "html": as_html, "xml": as_xml, "github": as_github, "azure": as_azure}


def main():
    if sys.argv[1] == "plant":
        plant(sys.argv[2])
    elif sys.argv[1] == "files":
        files(sys.argv[2])
    else:
        with open(sys.argv[3], "rb") as file:
            data = file.read()
        try:
            assert data, "nothing was written"
            CHECKS[sys.argv[2]](data)
        except (AssertionError, ValueError, xml.etree.ElementTree.ParseError, csv.Error) as error:
            print(error)
            sys.exit(1)


if __name__ == "__main__":
    main()

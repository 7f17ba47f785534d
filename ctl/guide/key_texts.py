# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints the table of key_text.h in C: what sriovd.yaml(5) says of each key and type.

    key_texts.py sriovd.yaml.5.scd
"""

import re
import sys

# "*min-tx-rate*: _rate_, *max-tx-rate*: _rate_", or "_rate_" of a type, and how deep it stands.
ENTRY = re.compile(r"^(\t*)(\*[a-z-]+\*(?:: |, \*).*|_[a-z]+_)$")


def plain(text):
    """The text of scdoc(5) without its markup."""
    escaped = []

    def keep(match):
        escaped.append(match[1])
        return "\0"

    text = re.sub(r"\\(.)", keep, text)
    text = re.sub(r"\*([^*]+)\*", r"\1", text)
    text = re.sub(r"(?<![A-Za-z0-9])_(.+?)_(?![A-Za-z0-9])", r"\1", text)
    rest = iter(escaped)
    return re.sub("\0", lambda _: next(rest), text)


def names_of(head):
    """Each key of an entry's head with its type: those that have none have that of the next."""
    names = []
    for part in reversed(re.split(r", (?=\*)", head)):
        name, _, kind = part.partition(": ")
        names.insert(0, (plain(name), plain(kind) or names[0][1] if kind or names else ""))
    return names


def paragraphs(lines):
    """Their text: a line a paragraph, and a line that begins with a tab for each of a listing."""
    listing, text = False, []
    for line in lines:
        if line == "```":
            listing = not listing
            text.append("")
        elif listing:
            text.append("\t" + line)
            text.append("")
        elif not line:
            text.append("")
        else:
            text[-1:] = [" ".join(filter(None, [*text[-1:], line]))]
    return [paragraph if paragraph.startswith("\t") else plain(paragraph)
            for paragraph in text if paragraph]


def examples_of(lines):
    """The last "Example: _a: 1_, _b: 2_", and the lines without it."""
    found = []
    for number, line in enumerate(lines):
        before, mark, behind = line.partition("Example: ")
        if mark:
            found = [plain(each) for each in re.findall(r"_(.+?)_(?=, _|$)", behind)]
            lines[number] = before.rstrip()
    return found


def entries(manual):
    heading, chapter, parents, current = "", "", [], None
    for line in manual.splitlines():
        if line.startswith("#"):
            heading, parents, current = line.lstrip("# "), [], None
            chapter = heading if line.startswith("# ") else chapter
        elif (match := ENTRY.match(line)) and len(match[1]) <= len(parents):
            depth = len(match[1])
            parents[depth:] = [names_of(match[2])]
            current = {"heading": heading, "prefix": "".join(f"{names[0][0]}."
                       for names in parents[:depth]), "names": parents[depth],
                       "depth": depth + 1, "lines": []}
            yield current
        elif current and line == "```":
            current["lines"].append(line)
        elif current and (not line or line.startswith("\t" * current["depth"])):
            current["lines"].append(line[current["depth"]:])
        else:
            current = None


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def main():
    with open(sys.argv[1], encoding="utf-8") as stream:
        found = list(entries(stream.read()))
    print("/* Made by key_texts.py. */\n#include \"guide/key_text.h\"\n\n#include <stddef.h>\n")
    print("const struct key_text key_texts[] = {")
    for entry in found:
        examples = examples_of(entry["lines"])
        text = '\\n"\n\t  "'.join(literal(each)[1:-1] for each in paragraphs(entry["lines"]))
        for name, kind in entry["names"]:
            example = next((each for each in examples
                            if each.startswith(f"{(entry['prefix'] + name).split('.')[0]}:")), None)
            print(f'\t{{ {literal(entry["heading"])}, {literal(entry["prefix"] + name)}, '
                  f'{literal(kind)},\n\t  "{text}",\n\t  '
                  f'{literal(example) if example else "NULL"} }},')
    print("\t{ NULL, NULL, NULL, NULL, NULL },\n};")


main()

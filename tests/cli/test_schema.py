# SPDX-License-Identifier: LGPL-2.1-or-later
"""The JSON Schemas say of documents what the programs say."""

import os
import pathlib
import re
import textwrap

import schema
import yaml
from harness import Case, HERE, USAGE, execute, main
from test_help import PLACES, places, with_example

TREE = pathlib.Path(HERE).parents[1]
DATA = TREE / "tests/data"

# Errors that a schema cannot tell, and why.
UNSEEN = {
    "what YAML does not hand on: how a scalar is written, keys twice, encodings": [
        "bom", "enforce-twice", "index-leading-zero", "number-hex", "number-octal",
        "syntax-directive", "utf16"],
    "how large what a text says is": ["duration-huge", "duration-range", "index-descending",
                                      "index-ranges"],
    "two values together": [
        "altname-for-several", "altname-twice", "class-without-network", "guid-for-several",
        "guid-from-beyond", "guid-twice", "index-beyond-vfs", "index-without-vfs", "mac-for-several",
        "mac-from-beyond", "mac-from-twice", "mac-from-twice-in-defaults", "mac-in-defaults",
        "mac-twice", "rates-cross", "rates-cross-merged", "rates-cross-min-later",
        "rates-cross-percent", "rule-name-twice", "vlan-from-beyond",
        "vlan-from-beyond-of-ranges"],
}


def is_refused(path):
    """By the schema, or by whatever reads YAML before it."""
    try:
        return bool(schema.complaints(schema.read_yaml(path.read_bytes()), "policy"))
    except (yaml.YAMLError, RecursionError, UnicodeError, ValueError):
        return True


class Policy(Case):
    def assert_right(self, text, where):
        self.assertEqual(schema.complaints(schema.read_yaml(text), "policy"), [], where)

    def test_every_good_file_is_right(self):
        files = [*(DATA / "good").glob("*.yaml"), *(TREE / "etc/examples").glob("*.yaml")]
        self.assertGreater(len(files), 25)
        for path in files:
            self.assert_right(path.read_bytes(), path.name)

    def test_every_bad_file_is_refused_or_has_a_reason(self):
        taken = {path.stem for path in (DATA / "bad").glob("*.yaml") if not is_refused(path)}
        self.assertEqual(taken, {name for names in UNSEEN.values() for name in names})

    def test_every_policy_of_the_manuals_is_right(self):
        found = 0
        for page in ["man/sriovd.yaml.5.scd", "man/sriovd.8.scd", "README.md"]:
            text = (TREE / page).read_text(encoding="utf-8")
            for block in re.findall(r"^```(?:yaml)?\n(.*?)^```$", text, re.M | re.S):
                block = textwrap.dedent(block)
                if block.startswith("version: "):
                    self.assert_right(block, f"{page}: {block}")
                    found += 1
        self.assertGreater(found, 7)

    def test_every_example_of_a_key_is_right(self):
        for place, keys in places(self.sriovctl("help").out):
            parent = (re.findall(r"'(.*?)'", place) or [""])[-1]
            for key in keys:
                out = self.sriovctl("help", f"{parent}.{key}" if parent else key).out
                for example in re.findall(r"    Example:\n\n        (.*)\n", out):
                    self.assert_right(with_example(place, example), example)

    def test_what_capture_writes_is_right(self):
        for path in (DATA / "inventory").glob("*.yaml"):
            result = execute([os.environ["SRIOVCTL"], "capture", "--inventory", str(path)])
            if result.code != USAGE and schema.read_yaml(result.out):
                self.assert_right(result.out, path.name)

    def test_every_key_has_a_description(self):
        def walk(node, where):
            for key, value in node.get("properties", {}).items():
                self.assertIn("description", value, f"{where}.{key}")
                walk(value, f"{where}.{key}")
                walk(value.get("items", {}), f"{where}.{key}")
        policy = schema.load("policy")
        walk(policy, "")
        vf = policy["properties"]["physical-functions"]["items"]["properties"]["vf-defaults"]
        self.assertIn("Example: vlan: {id: 100, qos: 3}",
                      vf["properties"]["vlan"]["description"])

    def test_examples_name_the_schema(self):
        for path in (TREE / "etc/examples").glob("*.yaml"):
            self.assertIn("\n# yaml-language-server: $schema=/usr/share/sriovd/policy.schema.json\n",
                          path.read_text(encoding="utf-8"))


class Verb(Case):
    def test_it_is_for_programs(self):
        self.assertNotIn("schema", self.sriovctl("--help").out)
        self.assertIn("there is none of 'x'", self.sriovctl("schema", "x", code=USAGE).err)


if __name__ == "__main__":
    main()

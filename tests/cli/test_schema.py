# SPDX-License-Identifier: LGPL-2.1-or-later
"""The JSON Schemas say of documents what the programs say."""

import json
import os
import pathlib
import re
import textwrap

import schema
import yaml
from harness import Case, HERE, USAGE, execute, main
from test_manual import array
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

    def test_what_only_the_kernel_says_is_no_policy(self):
        pf = schema.load("policy")["properties"]["physical-functions"]["items"]["properties"]
        self.assertEqual(pf["eswitch"]["properties"]["mode"]["anyOf"],
                         [{"enum": ["legacy", "switchdev"]}])
        seen = schema.load("output")["$defs"]["inventory-pf"]["properties"]["eswitch"]
        self.assertIn("switchdev-inactive", seen["properties"]["mode"]["enum"])

    def test_examples_name_the_schema(self):
        for path in (TREE / "etc/examples").glob("*.yaml"):
            self.assertIn("\n# yaml-language-server: $schema=/usr/share/sriovd/policy.schema.json\n",
                          path.read_text(encoding="utf-8"))


def array_of_words(path, name):
    return set(re.findall(r'= "([a-z-]+)"', array(path, name)))


class Output(Case):
    """Nothing is printed that has no definition."""

    HOSTS = sorted(path.stem for path in (DATA / "inventory").glob("*.yaml"))
    POLICIES = sorted(str(path) for path in (TREE / "tests/cli/policy").iterdir())

    def assert_defined(self, verb, *arguments):
        result = execute([os.environ["SRIOVCTL"], verb, "--json", *arguments])
        self.assertTrue(result.out, f"{verb} {arguments}: {result.err}")
        self.assertEqual(schema.complaints(json.loads(result.out), "output", verb), [],
                         f"{verb} {arguments}")
        return json.loads(result.out)

    def inventory(self, name):
        return ["--inventory", str(DATA / "inventory" / f"{name}.yaml")]

    def test_every_verb_with_json_has_a_definition(self):
        verbs = re.findall(r"^  ([a-z]+) ", self.sriovctl("--help").out, re.M)
        with_json = {verb for verb in verbs if "--json " in self.sriovctl(verb, "--help").out}
        self.assertEqual(with_json - set(schema.load("output")["$defs"]), set())

    def test_what_is_printed_of_an_inventory(self):
        for host in self.HOSTS:
            for verb in ["list", "topology", "inventory", "doctor"]:
                self.assert_defined(verb, *self.inventory(host))
            self.assert_defined("list", "--capabilities", *self.inventory(host))

    def test_what_is_printed_of_an_inventory_and_a_policy(self):
        steps = 0
        for policy in self.POLICIES:
            self.assert_defined("check", policy)
            for host in self.HOSTS:
                given = [*self.inventory(host), "--policy", policy]
                plan = self.assert_defined("plan", *given)
                steps += sum(len(pf["steps"]) for pf in plan.get("pfs", []))
                self.assert_defined("doctor", *given)
                for pf in plan.get("pfs", []):
                    self.assert_defined("explain", pf["handle"], *given)
        self.assertGreater(steps, 100)

    def test_what_is_printed_of_many_hosts(self):
        self.assert_defined("plan", "--inventory", str(DATA / "inventory"), "--policy",
                            self.POLICIES[0])

    def test_what_is_printed_of_errors(self):
        for path in sorted((DATA / "bad").glob("*.yaml")):
            self.assert_defined("check", str(path))
        self.assert_defined("plan", "--policy", str(DATA / "bad/mac.yaml"),
                            *self.inventory(self.HOSTS[0]))

    def test_what_is_printed_of_a_host(self):
        for host in self.HOSTS:
            for policy in self.POLICIES:
                for verb in ["status", "apply"]:
                    wait = ["--wait=0"] if verb == "apply" else []
                    result = self.simulated(host, verb, "--json", *wait, "--policy", policy,
                                            code=None)
                    self.assertEqual(schema.complaints(result.json, "output", verb), [],
                                     f"{host} {policy} {verb}")

    def test_every_inventory_is_right(self):
        for host in self.HOSTS:
            text = (DATA / "inventory" / f"{host}.yaml").read_bytes()
            self.assertEqual(schema.complaints(schema.read_yaml(text), "inventory"), [], host)

    def test_words_are_those_of_the_tables(self):
        definitions = schema.load("output")["$defs"]
        for name, path, table in [("step-kind", "lib/report/steps.c", "kind_words"),
                                  ("refusal-kind", "lib/report/steps.c", "refusal_words")]:
            self.assertEqual(set(definitions[name]["enum"]), array_of_words(path, table))

    def test_a_key_that_nobody_has_defined_is_seen(self):
        plan = self.assert_defined("plan", *self.inventory("hypervisor"), "--policy",
                                   "policy/uplinks")
        for place in [plan, plan["pfs"][0], plan["pfs"][0]["steps"][0]]:
            place["new"] = 1
            self.assertNotEqual(schema.complaints(plan, "output", "plan"), [])
            del place["new"]
        self.assertEqual(schema.complaints(plan, "output", "plan"), [])


class Verb(Case):
    def test_it_is_for_programs(self):
        self.assertNotIn("schema", self.sriovctl("--help").out)
        self.assertIn("there is none of 'x'", self.sriovctl("schema", "x", code=USAGE).err)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manuals have what the tables in the code have."""

import pathlib
import re

from harness import Case, HERE, main

TREE = pathlib.Path(HERE).parents[1]


def read(path):
    return (TREE / path).read_text(encoding="utf-8")


def array(path, name):
    """The source of an array in a C file."""
    return re.search(rf"\b{name}\[[^\]]*\] = {{(.*?)^}};", read(path), re.M | re.S)[1]


def table(manual, heading):
    """Words in the first column of the table that follows a line which begins so."""
    text = read(manual).split(heading, 1)[1].split("[[", 1)[1].split("\n\n", 1)[0]
    cells = re.findall(r"^(?:\|| ) *(.*)$", "| " + text, re.M)
    return set(re.findall(r"_([a-z0-9-]+)_", "\n".join(cells)))


def settings(name):
    return {key.partition(".")[0]
            for key in re.findall(r'= { "([a-z.-]+)"', array("lib/model/setting.c", name))}


class Inventory(Case):
    def keys(self, name):
        return set(re.findall(r'\.key = "([a-z0-9-]+)"', array("lib/model/inventory.c", name)))

    def test_keys_of_a_pf(self):
        observed = settings("pf_settings") - {"mode", "on-resize"}  # no kernel has these
        self.assertEqual(table("man/sriovctl.1.scd", "A PF has these keys"),
                         self.keys("pf_fields") | observed)

    def test_keys_of_a_vf(self):
        self.assertEqual(table("man/sriovctl.1.scd", "A VF has these keys"),
                         self.keys("vf_fields") | settings("vf_settings") - {"altname"})


class Words(Case):
    def test_kinds_of_steps(self):
        kinds = set(re.findall(r'= "([a-z-]+)"', array("lib/report/steps.c", "kind_words")))
        text = read("man/sriovctl.1.scd").split("[[ _kind_\n", 1)[1].split("\n|", 1)[0]
        self.assertEqual(set(re.findall(r"_([a-z-]+)_", text)), kinds)

    def test_kinds_of_refusals(self):
        kinds = set(re.findall(r'= "([a-z-]+)"', array("lib/report/steps.c", "refusal_words")))
        text = read("man/sriovctl.1.scd").split("The _kind_ of a refusal is", 1)[1]
        self.assertEqual(set(re.findall(r"_([a-z-]+)_", text.split(";", 1)[0])), kinds)

    def test_states(self):
        states = re.findall(r'= "([a-z-]+)"', read("lib/model/pf_state.c"))
        text = read("man/sriovd.8.scd").split("# STATES", 1)[1].split("\n# ", 1)[0]
        told = re.findall(r"(?m)^(?:\||\[\[)  ?\*?_?([a-z-]+)", text)
        self.assertEqual(set(states) - set(told), {"unmanaged"}, "no rule matches such a PF")

    def test_options(self):
        options = re.findall(r'^\s*\[OPTION_[A-Z]+\] = { "([a-z]+)"', read("ctl/options.c"), re.M)
        self.assertGreater(len(options), 5)
        text = read("man/sriovctl.1.scd").split("# OPTIONS", 1)[1].split("\n# ", 1)[0]
        self.assertEqual([option for option in options if f"*--{option}*" not in text], [])

    def test_settings(self):
        text = read("man/sriovd.yaml.5.scd")
        for key in settings("pf_settings") | settings("vf_settings"):
            self.assertTrue(re.search(rf"(?m)^\*(.*\*)?{key}\*[:,]", text), key)

    def test_keys_of_match(self):
        text = read("man/sriovd.yaml.5.scd")
        for key in re.findall(r'= "([a-z-]+)"', array("lib/policy/rule.c", "match_key_names")):
            self.assertTrue(re.search(rf"(?m)^\*{key}\*: ", text), key)


if __name__ == "__main__":
    main()

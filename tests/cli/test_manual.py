# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manuals have what the tables in the code have."""

import os
import pathlib
import re
import textwrap

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
        return set(re.findall(r'\.key = "([a-z0-9-]+)"', array("lib/model/inventory_pf.c", name)))

    def test_keys_of_a_pf(self):
        # No kernel has these.
        unknown = {"mode", "at-most", "on-resize", "disruption", "on-disrupt", "driver-after"}
        observed = settings("pf_settings") - unknown
        self.assertEqual(table("man/sriovctl.1.scd", "A PF has these keys"),
                         self.keys("pf_fields") | observed)

    def test_keys_of_facts(self):
        for name, heading in [("facts_fields", "Facts have these keys"),
                              ("function_fields", "A PCI function has these keys")]:
            keys = set(re.findall(r'\.key = "([a-z0-9-]+)"',
                                  array("lib/model/facts/facts_schema.c", name)))
            self.assertEqual(table("man/sriovctl.1.scd", heading), keys)

    def test_keys_of_a_vf(self):
        # One is among the names, the other a name that the kernel knows nothing of.
        unknown = {"altname", "pool"}
        self.assertEqual(table("man/sriovctl.1.scd", "A VF has these keys"),
                         self.keys("vf_fields") | settings("vf_settings") - unknown)


class Metrics(Case):
    def test_every_family_is_in_the_manual_in_its_order(self):
        families = re.findall(r'{ { "(sriovd_\w+)", METRIC_', read("lib/report/metrics.c"))
        section = read("man/sriovctl.1.scd").split("# METRICS\n")[1].split("\n# ")[0]
        self.assertEqual(re.findall(r"^\|  _(sriovd_\w+)_$", section, re.M), families)
        self.assertGreater(len(families), 30)

    def test_drivers_that_count_are_named(self):
        counting = re.findall(r'name = "([^"]+)",(?:(?!\.name).)*?\.counts = ',
                              read("lib/model/driver_table.c"), re.S)
        named = re.search(r"^names: (.*?), each", read("man/sriovctl.1.scd"), re.M)[1]
        self.assertEqual(named.split(", "), counting)


class Examples(Case):
    def test_every_policy_of_the_manual_is_right(self):
        blocks = re.findall(r"^```\n(.*?)^```$", read("man/sriovd.yaml.5.scd"), re.M | re.S)
        policies = [text for text in map(textwrap.dedent, blocks) if text.startswith("version: ")]
        self.assertGreater(len(policies), 3)
        for policy in policies:
            self.sriovctl("check", "-", stdin=policy)


LETTERS = {"M": ["mac"], "V": ["vlan"], "R": ["max-tx-rate"], "MIN": ["min-tx-rate", "max-tx-rate"],
           "S": ["spoof-check"], "L": ["link-state"], "T": ["trust"], "Q": ["query-rss"],
           "G": ["node-guid", "port-guid"], "MSIX": ["msix-vectors"]}

# What columns of a driver's row mean, in the order in which the manual says it.
COLUMNS = {"resets_vf": "The VF starts over for {}.",
           "lost_with_link": "Lost with the link, unseen, and written again: {}.",
           "zeroed_with_speed": "Lost with another speed of the link, and written again: {}.",
           "taken_at_bind": "Taken up by a VF's driver only when it is bound: {}.",
           "idle_in_switchdev": "Not in force in switchdev mode: {}.",
           "fixed_in_switchdev": "Not to be changed in switchdev mode: {}."}
HABITS = {"CREATES_UP": "VFs are made only while the PF is up.",
          "DESTROYS_UP": "They are destroyed only then, too.",
          "SETS_UP": "Settings of VFs are taken only while the PF is up.",
          "BINDS_UP": "Drivers of VFs get no *mac* while the PF is down.",
          "MAKES_ALL": "It makes all VFs of the card, whatever number it is asked for.",
          "NEVER_TELLS": "It reports nothing of VFs.",
          "NO_NETDEV": "The PF has no network device."}


def words(mask):
    keys = [f"*{key}*" for letter in re.findall(r"[A-Z]+", mask) for key in LETTERS[letter]]
    return " and ".join(filter(None, [", ".join(keys[:-1]), keys[-1]]))


def describe_driver(row):
    """An entry of the manual of a row of lib/model/driver_table.c."""
    column = {key: value.strip() for key, value in
              re.findall(r"\.(\w+)\s*=\s*((?:\"[^\"]*\"\s*)+|[A-Z_ |()\n\t]+)", row)}
    text = [f"Sets {words(column['sets'])}." if "sets" in column else "No settings of VFs."]
    text += [says.format(words(column[key])) for key, says in COLUMNS.items() if key in column]
    text += [says for habit, says in HABITS.items() if habit in column.get("habits", "")]
    if "V" in column.get("sets", "") and "TAKES_AD" not in column.get("habits", ""):
        text.append("No 802.1ad.")
    if re.search(r"NO_ZERO_MAC\(", row):
        text.append("_mac: none_ is refused.")
    text += ["".join(re.findall(r'"([^"]*)"', column["note"]))] if "note" in column else []
    name = re.search(r'\.name = "([^"]*)"', row)[1]
    lines = textwrap.wrap(" ".join(text), 92, break_on_hyphens=False, break_long_words=False)
    return f"*{name}*\n\t" + "\n\t".join(lines) + "\n"


def describe_drivers():
    rows = re.split(r"(?=\.name = )", array("lib/model/driver_table.c", "drivers"))[1:]
    rows = [re.sub(r"/\*.*?\*/", "", row, flags=re.S) for row in rows]
    return "\n".join(describe_driver(row) for row in rows)


class Drivers(Case):
    maxDiff = None

    def test_what_drivers_take_and_do(self):
        """With UPDATE_GOLDEN set the manual is made so."""
        path = TREE / "man/sriovd.yaml.5.scd"
        before, rest = read(path).split("What is known of each:\n\n", 1)
        section, behind = rest.split("\nInfiniBand\n", 1)
        if os.environ.get("UPDATE_GOLDEN"):
            section = describe_drivers()
            path.write_text(f"{before}What is known of each:\n\n{section}\nInfiniBand\n{behind}",
                            encoding="utf-8")
        self.assertEqual(section, describe_drivers())


def strings(source, column):
    """The string that a column of a row has, which may be in several pieces."""
    pieces = re.search(rf'\.{column} = ((?:"(?:[^"\\]|\\.)*"\s*)+)', source)[1]
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', pieces)).replace('\\"', '"')


def describe_check(row):
    text = ". ".join(part[0].upper() + part[1:] for part in (strings(row, "finds"),
                                                             strings(row, "why"))) + "."
    lines = textwrap.wrap(text, 92, break_on_hyphens=False, break_long_words=False)
    severity = re.search(r"SEVERITY_(\w+)", row)[1].lower()
    escaped = [re.sub(r"(?<=\w)_", r"\\_", line) for line in lines]
    return f"*{strings(row, 'name')}* ({severity})\n\t" + "\n\t".join(escaped) + "\n"


def describe_checks():
    rows = [row for path in sorted((TREE / "lib/doctor").glob("check_*.c"))
            for row in re.split(r"(?={ \.name = )", read(path))[1:]]
    order = ["ERROR", "WARNING", "NOTE"]
    rows.sort(key=lambda row: order.index(re.search(r"SEVERITY_(\w+)", row)[1]))
    return "\n".join(describe_check(row) for row in rows)


class Checks(Case):
    def test_what_doctor_looks_for(self):
        """With UPDATE_GOLDEN set the manual is made so."""
        path = TREE / "man/sriovctl.1.scd"
        head = "What is wanted counts where a rule says it, else what is.\n\n"
        before, rest = read(path).split(head, 1)
        section, behind = rest.split("\n# INVENTORY\n", 1)
        if os.environ.get("UPDATE_GOLDEN"):
            section = describe_checks()
            path.write_text(f"{before}{head}{section}\n# INVENTORY\n{behind}", encoding="utf-8")
        self.assertEqual(section, describe_checks())


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

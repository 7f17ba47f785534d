# SPDX-License-Identifier: LGPL-2.1-or-later
"""What sriovctl says of its verbs and of the keys of a policy."""

import re
import textwrap

from harness import Case, USAGE, main

# Where a key belongs, and a policy with its example there.
RULE = "version: 1\nphysical-functions:\n- name: a\n  match: {interface: ens1}\n  vfs: 8\n"
ENTRY = RULE + "  virtual-functions:\n  - index: 1\n"
VALUE = "    spoof-check: true\n"
PLACES = {
    "at the left margin": "version: 1\n%s\n",
    "under 'host'": "version: 1\nhost:\n  %s\n",
    "under 'settings'": "version: 1\nsettings:\n  %s\n",
    "in a rule of 'physical-functions'": RULE + "  %s\n",
    "under 'match'":
        "version: 1\nphysical-functions:\n- name: a\n  vfs: 8\n  match:\n    %s\n    pci: \"*\"\n",
    "under 'eswitch'": RULE + "  %s\n",
    "under 'driver-after'": RULE + "  %s\n",
    "under 'vf-defaults'": RULE + "  vf-defaults:\n    %s\n" + VALUE,
    "in an entry of 'virtual-functions'": ENTRY + "    %s\n" + VALUE,
}
SETTINGS = "under 'vf-defaults' or in an entry of 'virtual-functions'"
PLACES[SETTINGS] = PLACES["in an entry of 'virtual-functions'"]


def with_example(place, example):
    """A policy with it, in which no key stands twice."""
    key = example.partition(":")[0]
    before, behind = PLACES[place].split("%s")
    line = re.compile(rf"^( *(- )?){key}: .*\n", re.M)
    if re.search(r"^ *- " + key, before, re.M):
        return line.sub(rf"\1{example}\n".replace("\\n", "\n"), before.rstrip(" ")) + behind[1:]
    return line.sub("", before) + example + line.sub("", behind)


def places(text):
    """The places of keys in what help lists, with their keys."""
    text = text.partition("The keys of a policy:\n")[2]
    for place, keys in re.findall(r"^  (\S.*)\n((?:    .*\n)+)", text, re.M):
        for each in place.split(", or "):
            yield each, re.split(r",\s+", keys.strip())


class Verbs(Case):
    def verbs(self):
        return re.findall(r"^  ([a-z]+) ", self.sriovctl("--help").out, re.M)

    def test_every_verb_has_help_in_one_form(self):
        self.assertGreater(len(self.verbs()), 15)
        for verb in self.verbs():
            result = self.sriovctl(verb, "--help")
            form = (rf"sriovctl {verb} \[OPTION\.\.\.\]( \S+)*\n\n"
                    r"[A-Z][^\n]*\.\n\n"
                    r"([A-Z]+ is one of\n(  \S+ +\S[^\n]*\n)+\n)?"
                    r"(  (-[a-z], )?--[a-z-]+( [A-Z]+)? +\S[^\n]*\n)+\n"
                    r"See sriovctl\(1\), and \S+\(\d\) for the [a-z]+\.\n")
            self.assertRegex(result.out, rf"\A{form}\Z")
            self.assertTrue(self.sriovctl("help", verb).out.startswith(result.out))
            for line in result.out.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_a_verb_says_which_words_it_takes(self):
        self.assertIn("FORMAT is one of\n  cdi  ", self.sriovctl("export", "--help").out)


class Keys(Case):
    def places(self):
        return places(self.sriovctl("help").out)

    def test_all_are_listed(self):
        listed = [(place, key) for place, keys in self.places() for key in keys]
        for place, key in [("under 'match'", "not"), ("under 'eswitch'", "encap-mode"),
                           (SETTINGS, "vlan"), ("at the left margin", "version"),
                           ("under 'vf-defaults'", "enforce"), ("under 'driver-after'", "bond")]:
            self.assertIn((place, key), listed)
        self.assertGreater(len(listed), 55)
        self.assertEqual({place for place, _ in listed}, set(PLACES))
        for line in self.sriovctl("help").out.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_each_has_a_text_and_an_example_that_is_right(self):
        for place, keys in self.places():
            parent = (re.findall(r"'(.*?)'", place) or [""])[-1]
            for key in keys:
                out = self.sriovctl("help", f"{parent}.{key}" if parent else key).out
                self.assertRegex(out, rf"^(\S+\.)?{key}: \S.*\n.*{re.escape(place)}")
                self.assertIn("\nSee sriovd.yaml(5).\n", out)
                for line in out.splitlines():
                    self.assertLessEqual(len(line), 80, line)
                for example in re.findall(r"    Example:\n\n        (.*)\n", out):
                    policy = with_example(place, example)
                    self.assertIn(example, policy)
                    result = self.sriovctl("check", "-", stdin=policy)
                    self.assertNotIn("warning", result.err, policy)

    def test_what_it_says_is_the_manual_s(self):
        self.assertEqual(self.sriovctl("help", "settings.resync").out, textwrap.dedent("""\
            resync: duration
            under 'settings'

                Look at all PFs this often, even if the kernel has reported no change. Some
                changes, such as those that a guest makes by way of its driver, are not
                reported. From 1s to 24h, or 0: only when something is reported. Default:
                60s.

                duration: A number with ms, s, m or h behind it, such as 500ms or 2m. 0
                needs no unit.

                Example:

                    resync: 5m

            See sriovd.yaml(5).
            """))

    def test_what_two_keys_mean_by_one_word_is_told_apart(self):
        both = self.sriovctl("help", "driver").out
        self.assertIn("under 'match'", both)
        self.assertIn("driver: vfio-pci\n", both)
        self.assertNotIn("vfio-pci", self.sriovctl("help", "match.driver").out)
        self.assertNotIn("under 'match'", self.sriovctl("help", "vf-defaults.driver").out)
        self.assertIn("legacy | switchdev", self.sriovctl("help", "eswitch.mode").out)

    def test_a_word_may_be_a_verb_and_a_key(self):
        self.assertEqual(self.sriovctl("help", "resync").out,
                         self.sriovctl("resync", "--help").out + "\n" +
                         self.sriovctl("help", "settings.resync").out)

    def test_what_is_left_out_is_left_alone(self):
        self.assertIn("Default: it is left as it is.\n", self.sriovctl("help", "vlan").out)
        for key in ["resync", "on-resize", "vfs", "match", "interface"]:
            self.assertNotIn("left as it is", self.sriovctl("help", key).out)

    def test_mappings_name_their_keys(self):
        self.assertIn("Its keys: mode, inline-mode, encap-mode\n",
                      self.sriovctl("help", "eswitch").out)
        self.assertIn("Its keys: hostname, ", self.sriovctl("help", "host").out)

    def test_types_are_explained(self):
        self.assertIn("2.5Gbit/s", self.sriovctl("help", "rate").out)

    def test_a_word_that_is_none_gets_a_hint(self):
        for word, said in [("vlna", "; did you mean 'vlan'?"), ("statsu", "; did you mean 'status'?"),
                           ("sriov_numvfs", "; did you mean 'vfs'?"), ("match.vlan", ""),
                           ("xyzzy", ""), ("", ""), (".", ""), ("..driver", "; did you mean 'driver'?")]:
            result = self.sriovctl("help", word, code=USAGE)
            self.assertEqual((result.out, result.err),
                             ("", f"sriovctl help: there is no verb and no key '{word}'"
                                  f"{said}\nTry 'sriovctl help'.\n"))


if __name__ == "__main__":
    main()

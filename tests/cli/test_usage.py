# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the command line is read."""

import os
import unittest

from harness import BLOCKED, Case, FAILED, INVENTORIES, OK, USAGE, execute, have_room, main

VERBS = ["check", "plan", "apply", "status", "explain", "doctor", "list", "topology", "inventory"]


class Help(Case):
    def test_help_lists_every_verb_and_the_manual(self):
        result = self.sriovctl("--help")
        for verb in VERBS:
            self.assertIn(f"  {verb} ", result.out)
        self.assertIn("sriovctl(1)", result.out)
        self.assertEqual(result.err, "")

    def test_no_verb_is_listed_that_does_not_exist(self):
        for verb in ["confirm", "revert"]:
            self.assertNotIn(f"  {verb} ", self.sriovctl("--help").out)
            self.sriovctl(verb, code=USAGE)

    def test_every_verb_has_help(self):
        for verb in VERBS:
            result = self.sriovctl(verb, "--help")
            self.assertTrue(result.out.startswith(f"sriovctl {verb} [OPTION...]"))
            self.assertIn("--json", result.out)
            self.assertEqual(result.out, self.sriovctl(verb, "-h").out)

    def test_no_line_of_a_help_is_wider_than_a_terminal(self):
        for verb in [[], *([verb] for verb in [*VERBS, "capture", "export", "reload", "resync", "pause", "wait", "monitor", "top"])]:
            for line in self.sriovctl(*verb, "--help").out.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_what_only_the_daemon_can_do_has_no_policy_of_its_own(self):
        for verb in ["reload", "resync", "pause", "wait", "monitor"]:
            result = self.sriovctl(verb, "--help")
            self.assertTrue(result.out.startswith(f"sriovctl {verb} [OPTION...]"))
            self.assertNotIn("--policy", result.out)
            self.assertNotIn("--root", result.out)
            self.assertIn("unknown option '--policy'",
                          self.sriovctl(verb, "--policy", "x", code=USAGE).err)

    def test_without_a_bus_the_daemon_cannot_be_asked(self):
        env = {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
        for verb in ["reload", "resync", "wait", "monitor"]:
            result = self.sriovctl(verb, code=FAILED, env=env)
            self.assertIn(f"sriovctl {verb}: sriovd cannot be asked: there is no system bus",
                          result.err)

    def test_version_is_told_by_the_program_and_by_every_verb(self):
        version = self.sriovctl("--version").out
        self.assertRegex(version, r"^sriovctl \d+\.\d+\.\d+\n$")
        for verb in VERBS:
            self.assertEqual(self.sriovctl(verb, "--version").out, version)


class Since(Case):
    def test_a_time_is_one_that_is_past(self):
        for word in ["", "soon", "-1h", "2000-01-01T", "2999-01-01", "1h ago"]:
            err = self.sriovctl("monitor", "--since", word, code=USAGE).err
            self.assertIn("--since' needs a", err)
            self.assertIn("Try 'sriovctl monitor --help'", err) if word else None
            for line in err.splitlines():
                self.assertLessEqual(len(line), 80)

    def test_a_time_is_written_in_many_ways(self):
        # With or without a journal that may be read here.
        for word in ["90s", "3d", "2020-01-31", "2020-01-31 12:30", "2020-01-31 12:30:59",
                     "2020-01-31T12:30:59Z", "2020-01-31T12:30:59+0100"]:
            result = execute([os.environ["SRIOVCTL"], "monitor", "--json", "--since", word])
            self.assertIn(result.code, [OK, FAILED], result.err)


class Misspelt(Case):
    def assert_usage(self, message, *arguments):
        result = self.sriovctl(*arguments, code=USAGE)
        self.assertEqual(result.out, "")
        self.assertTrue(result.err.startswith(message), result.err)
        self.assertIn("--help", result.err)

    def test_a_verb_is_needed(self):
        self.assert_usage("sriovctl: a verb is missing\n")
        self.assert_usage("sriovctl: a verb is missing\n", "--json")
        self.assert_usage("sriovctl: a verb is missing\n", "--policy", "plan")
        self.assert_usage("sriovctl: a verb is missing\n", "--")

    def test_a_verb_that_is_nearly_right_is_suggested(self):
        self.assert_usage("sriovctl: unknown verb 'stauts'; did you mean 'status'?\n", "stauts")
        self.assert_usage("sriovctl: unknown verb 'frobnicate'\n", "frobnicate")

    def test_an_option_that_is_nearly_right_is_suggested(self):
        self.assert_usage("sriovctl plan: unknown option '--jsno'; did you mean '--json'?\n",
                          "plan", "--jsno")
        self.assert_usage(
            "sriovctl plan: unknown option '--inventroy'; did you mean '--inventory'?\n",
            "plan", "--inventroy=x")
        self.assert_usage("sriovctl: unknown option '--vresion'; did you mean '--version'?\n",
                          "--vresion")
        self.assert_usage("sriovctl: unknown option '--inventroy'; did you mean '--inventory'?\n",
                          "--inventroy=x", "reload")

    def test_an_option_that_is_nothing_like_it_is_refused(self):
        self.assert_usage("sriovctl plan: unknown option '--frobnicate'\n", "plan", "--frobnicate")
        self.assert_usage("sriovctl plan: unknown option '-x'\n", "plan", "-x")
        self.assert_usage("sriovctl plan: unknown option '-\\xc3'\n", "plan", "-\u00e9")
        self.assert_usage("sriovctl: unknown option '--frobnicate'\n", "--frobnicate", "plan")
        self.assert_usage("sriovctl: unknown option '-x'\n", "-x", "plan")

    def test_a_letter_that_is_no_option_is_answered_with_the_word(self):
        for letter, word in [("-p", "policy"), ("-j", "json"), ("-V", "version")]:
            self.assert_usage(
                f"sriovctl plan: unknown option '{letter}'; did you mean '--{word}'?\n",
                "plan", letter)
        self.assert_usage("sriovctl: unknown option '-j'; did you mean '--json'?\n", "-j", "plan")

    def test_an_option_in_the_place_of_a_verb_is_suggested(self):
        for word in ["version", "policy"]:
            self.assert_usage(f"sriovctl: unknown verb '{word}'; did you mean '--{word}'?\n", word)

    def test_verbs_that_read_no_policy_take_none(self):
        for verb in ["list", "inventory", "capture"]:
            self.assertNotIn("--policy", self.sriovctl(verb, "--help").out)
            self.assert_usage(f"sriovctl {verb}: unknown option '--policy'\n",
                              verb, "--policy", "x")

    def test_an_option_of_another_verb_is_refused(self):
        self.assert_usage("sriovctl status: unknown option '--inventory'\n",
                          "status", "--inventory", "x")
        self.assert_usage("sriovctl plan: unknown option '--wait'\n", "plan", "--wait", "1")
        self.assert_usage("sriovctl plan: unknown option '--wait'\n", "--wait", "1", "plan")
        self.assert_usage("sriovctl list: unknown option '--wait'\n", "--wait=x", "list", "--json")
        self.assert_usage("sriovctl reload: unknown option '--policy'\n",
                          "--policy", "x", "reload")

    def test_arguments_of_options_are_checked(self):
        self.assert_usage("sriovctl plan: option '--policy' needs an argument\n",
                          "plan", "--policy")
        self.assert_usage("sriovctl plan: option '--root' needs an argument\n", "plan", "--root=")
        self.assert_usage("sriovctl plan: option '--json' takes no argument\n",
                          "plan", "--json=yes")
        self.assert_usage("sriovctl: option '--policy' needs an argument\n", "--policy")
        self.assert_usage("sriovctl plan: option '--root' needs an argument\n", "--root=", "plan")
        self.assert_usage("sriovctl: option '--json' takes no argument\n", "--json=yes", "plan")
        self.assert_usage("sriovctl: option '--help' takes no argument\n", "--help=yes")
        for bad in ["x", "", "-1", "1w", "1S", "s", "86401", "25h", "2d", "99999999999999999999", "999999999999999d"]:
            self.assert_usage("sriovctl apply: option '--wait' needs", "apply", f"--wait={bad}")
            self.assert_usage("sriovctl apply: option '--wait' needs", f"--wait={bad}", "apply")
        self.assert_usage(
            "sriovctl apply: option '--wait' needs a time such as 60s, 5m or 1h, at most 86400s\n",
            "apply", "--wait", "1week")

    def test_operands_are_counted(self):
        self.assert_usage("sriovctl explain: PF is missing\n", "explain")
        self.assert_usage("sriovctl explain: too many arguments: 'c'\n", "explain", "a", "1", "c")
        self.assert_usage("sriovctl inventory: too many arguments: 'a'\n", "inventory", "a")

    def test_what_comes_from_the_command_line_is_escaped(self):
        self.assert_usage("sriovctl: unknown verb '\\x1b[31m'\n", "\033[31m")
        self.assert_usage("sriovctl plan: unknown option '--\\x07'\n", "plan", "--\007")
        self.assert_usage("sriovctl inventory: too many arguments: '\\x07'\n", "inventory", "\007")


class Order(Case):
    """Options stand before the verb, after it, or on both sides."""

    HOST = ["--inventory", f"{INVENTORIES}/hypervisor.yaml"]
    UPLINKS = ["--policy", "policy/uplinks"]

    def test_an_option_means_the_same_on_either_side(self):
        after = self.sriovctl("plan", *self.HOST, *self.UPLINKS, "--json", code=BLOCKED)
        for words in [
            ["--json", *self.UPLINKS, *self.HOST, "plan"],
            ["--json", "plan", *self.HOST, *self.UPLINKS],
            [*self.HOST, "plan", "--json", *self.UPLINKS],
            ["--inventory=" + self.HOST[1], "plan", "--policy=" + self.UPLINKS[1], "--json"],
        ]:
            result = self.sriovctl(*words, code=BLOCKED)
            self.assertEqual((result.out, result.err), (after.out, after.err))

    def test_a_flag_may_be_repeated(self):
        self.assertEqual(
            self.sriovctl("--json", "--json", "list", *self.HOST, "--json").json,
            self.sriovctl("list", *self.HOST, "--json").json)

    def test_of_one_value_the_last_counts(self):
        self.sriovctl("--inventory", "/nonexistent", "list", *self.HOST)
        self.sriovctl(*self.HOST, "list", "--inventory", "/nonexistent", code=USAGE)

    def test_directories_count_in_the_order_in_which_they_are_given(self):
        good = os.path.dirname(self.file("good/10-a.yaml", "version: 1\n"))
        bad = os.path.dirname(self.file("bad/10-a.yaml", "version: 2\n"))
        self.sriovctl("--policy", good, "check", "--policy", bad)
        self.sriovctl("--policy", bad, "check", "--policy", good, code=USAGE)

    def test_operands_may_have_options_on_both_sides(self):
        before = self.sriovctl("--json", "explain", *self.HOST, "ens1f0", *self.UPLINKS, "1")
        after = self.sriovctl("explain", "ens1f0", "1", *self.HOST, *self.UPLINKS, "--json")
        self.assertEqual(before.out, after.out)

    def test_help_and_version_before_a_verb_are_the_verb_s(self):
        self.assertEqual(self.sriovctl("--help", "plan").out, self.sriovctl("plan", "--help").out)
        self.assertEqual(self.sriovctl("-h", "plan").out, self.sriovctl("plan", "-h").out)
        self.assertEqual(self.sriovctl("--version", "plan").out, self.sriovctl("--version").out)
        self.assertEqual(self.sriovctl("--json", "--help").out, self.sriovctl("--help").out)
        self.assertEqual(self.sriovctl("-h").out, self.sriovctl("--help").out)

    def test_two_dashes_end_the_options(self):
        missing = self.sriovctl("check", "--", "--json", code=USAGE)
        self.assertIn("--json: ", missing.err)
        self.assertEqual(self.sriovctl("--", "check", "--json", code=USAGE).err, missing.err)
        self.assertIn("sriovctl: unknown verb '--help'; did you mean 'help'?\n",
                      self.sriovctl("--", "--help", code=USAGE).err)


class Output(Case):
    def test_a_full_disk_is_an_error(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            import subprocess
            process = subprocess.run([os.environ["SRIOVCTL"], "--help"], stdout=full,
                                     stderr=subprocess.PIPE, text=True)
        self.assertEqual(process.returncode, 1)
        self.assertIn("cannot write the output", process.stderr)

    def test_options_may_follow_operands(self):
        self.sriovctl("check", "policy/uplinks/10-uplinks.yaml", "--json", code=OK)


class Daemon(Case):
    def sriovd(self, *words, before=()):
        return execute([*before, os.environ["SRIOVD"], *words])

    def test_help_has_the_exit_codes(self):
        result = self.sriovd("-h")
        self.assertEqual((result.code, result.out), (OK, self.sriovd("--help").out))
        self.assertIn("4 if a step is blocked", result.out)

    @unittest.skipUnless(have_room(), "no user namespaces here")
    def test_somebody_else_than_root_is_told_so(self):
        result = self.sriovd(before=["unshare", "--user"])
        self.assertEqual(result.code, FAILED)
        self.assertEqual(result.err, "sriovd: must be root; 'sriovctl plan' shows what would be "
                         "done\n")


class Named(Case):
    """What is named must be there: below what is not there is no policy, and all would be well."""

    def test_a_root_that_is_not_there(self):
        for verb in ["check", "plan", "apply", "status", "list", "inventory", "capture"]:
            result = self.sriovctl(verb, "--root", "/nonexistent", code=USAGE)
            self.assertEqual(result.err,
                             "sriovctl: --root /nonexistent: No such file or directory\n")
        result = self.sriovctl("check", "--root", "/dev/null", code=USAGE)
        self.assertEqual(result.err, "sriovctl: --root /dev/null: Not a directory\n")

    def test_what_the_daemon_is_to_read(self):
        for arguments, said in {
            "--root /nonexistent": "--root /nonexistent: No such file or directory\n",
            "--once --policy /nonexistent": "--policy /nonexistent: No such file or directory\n",
            "--once --root /dev --policy null": "--policy /dev/null: Not a directory\n",
        }.items():
            result = execute([os.environ["SRIOVD"], *arguments.split()])
            self.assertEqual((result.code, result.err), (USAGE, said))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: LGPL-2.1-or-later
"""What sriovctl top prints."""

import json
import os
import subprocess
import unittest

from harness import Case, FAILED, HERE, INVENTORIES, IN_A_ROOM, USAGE, have_room, main


class Once(Case):
    def top(self, inventory, *arguments, **keywords):
        return self.simulated(inventory, "top", "--once", "--period", "1", "--direct", *arguments,
                              **keywords)

    def test_what_is_printed(self):
        self.assert_golden("top-hypervisor.txt", self.top("hypervisor", script="flow").out)

    def test_what_a_driver_does_not_count_is_unknown(self):
        # igb_main.c has no ndo_get_vf_stats.
        text = self.top("igb-drifted", script="flow").out
        self.assertRegex(text, r"\n  0 \S+ +\S+ +\S+ +(- +){8}")
        self.assertNotIn(" 0 ", text.replace("\n  0 ", "\n"))
        pf = self.top("igb-drifted", "--json", script="flow").json["pfs"][0]
        self.assertNotIn("totals", pf)
        self.assertNotIn("per-second", pf["virtual-functions"][0])
        self.assertEqual(pf["vfs"]["counted"], 0)

    def test_programs_have_rates_and_totals(self):
        pf = self.top("hypervisor", "ens1f1np1", "--json", script="flow").json["pfs"][0]
        vf = pf["virtual-functions"][3]
        # As much in a second as it has to begin with: three readings, of which one is to pick.
        self.assertEqual(vf["per-second"]["rx-packets"], 4000)
        self.assertEqual(vf["totals"]["rx-packets"], 3 * 4000)
        self.assertEqual(vf["per-second"]["rx-bytes"], 4002000)
        self.assertEqual(pf["per-second"]["rx-packets"], 10000)
        # What ice does not count (ice_get_vf_stats()) is not 0.
        self.assertNotIn("tx-dropped", vf["totals"])
        self.assertEqual(vf["holder"], "its network device is in another network namespace")

    def test_without_a_period_there_are_totals(self):
        result = self.simulated("hypervisor", "top", "--once", "--period", "0", "--direct",
                                "--json", script="flow")
        vf = result.json["pfs"][1]["virtual-functions"][0]
        self.assertEqual(vf["totals"]["rx-packets"], 1000)
        self.assertNotIn("per-second", vf)
        text = self.simulated("hypervisor", "top", "--once", "--period", "0", "--direct",
                              script="flow").out
        self.assertRegex(text, r"\n  0 .* 1\.00M ")

    def test_pfs_that_are_named(self):
        text = self.top("hypervisor", "ens1f0").out
        self.assertIn("ens1f0np0", text)
        self.assertNotIn("ens1f1np1", text)
        self.top("hypervisor", "nosuch", code=FAILED)

    def test_a_pf_that_cannot_be_looked_at_costs_no_other(self):
        result = self.top("hypervisor", script="broken:pci/0000:3b:00.0", code=FAILED)
        self.assertIn("ens1f1np1", result.out)
        self.assertEqual(result.err, "sriovctl top: cannot observe pci/0000:3b:00.0: "
                                     "Input/output error\n")

    def test_a_pf_that_goes_is_left_out(self):
        text = self.top("hypervisor", script="gone:1:pci/0000:3b:00.0").out
        self.assertNotIn("ens1f0np0", text)
        self.assertIn("ens1f1np1", text)


class Lines(Case):
    def test_a_line_for_each_period(self):
        if not have_room():
            self.skipTest("no user namespaces here")
        env = {**os.environ, "SIM_INVENTORY": f"{INVENTORIES}/hypervisor.yaml",
               "SIM_SCRIPT": "flow"}
        with subprocess.Popen(
                [*IN_A_ROOM, os.environ["SRIOVCTL_SIM"], "top", "--json", "--period", "1",
                 "--direct"], cwd=HERE, env=env, stdout=subprocess.PIPE, text=True) as process:
            lines = [json.loads(process.stdout.readline()) for _ in range(2)]
            process.stdout.close()
            process.kill()
        totals = [line["pfs"][1]["totals"]["rx-packets"] for line in lines]
        self.assertEqual(totals, [20000, 30000])


class Usage(Case):
    def test_totals_are_for_once(self):
        result = self.sriovctl("top", "--period", "0", code=USAGE)
        self.assertIn("--period 0 is for --once", result.err)


if __name__ == "__main__":
    main()

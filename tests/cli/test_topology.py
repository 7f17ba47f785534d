# SPDX-License-Identifier: LGPL-2.1-or-later
"""sriovctl topology: root ports, PFs and VFs, and who has them, as a tree and as pictures."""

import json
import os
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

from harness import Case, FAILED, USAGE, main


SVG = "{http://www.w3.org/2000/svg}"


class Host:
    """An inventory of two ports of two cards, each behind a root port and in a NUMA node of its own."""

    def __init__(self, n_vfs):
        self.n_vfs = n_vfs
        self.pfs = [self.pf(0, "0000:3b", 0), self.pf(1, "0000:af", 1)]
        self.functions = [function for i, pf in enumerate(self.pfs)
                          for function in self.functions_of(i, pf)]
        self.facts = {"iommu": True, "functions": self.functions}

    def vf(self, bus, pf, i):
        return {"index": i, "address": f"{bus}:{i // 8 + 1:02x}.{i % 8}", "driver": "iavf",
                "interface": f"ens{pf + 1}f0v{i}", "ifindex": 100 * (pf + 1) + i}

    def pf(self, i, bus, node):
        return {"handle": f"pci/{bus}:00.0", "interface": f"ens{i + 1}f0", "ifindex": i + 2,
                "driver": "ice", "totalvfs": 128, "vfs": self.n_vfs, "numa-node": node,
                "virtual-functions": [self.vf(bus, i, k) for k in range(self.n_vfs)]}

    def functions_of(self, i, pf):
        address, node = pf["handle"].removeprefix("pci/"), pf["numa-node"]
        port = f"{address[:5]}{int(address[5:7], 16) - 1:02x}:00.0"
        yield {"address": port, "class": "0x060400", "driver": "pcieport", "numa-node": node,
               "iommu-group": 10 + i, "width": 16, "width-max": 16, "speed": 16000,
               "speed-max": 16000}
        yield {"address": address, "class": "0x020000", "driver": "ice", "upstream": port,
               "name": "Ethernet Controller E810-C for QSFP", "numa-node": node,
               "iommu-group": 20 + i, "width": 8, "width-max": 16, "speed": 16000,
               "speed-max": 16000}
        for vf in pf["virtual-functions"]:
            yield {"address": vf["address"], "class": "0x020000", "driver": vf["driver"],
                   "upstream": port, "numa-node": node, "iommu-group": 200 * (i + 1) + vf["index"]}

    def give(self, pf, vf, driver, holder=None, use="vfio"):
        """Has a VF be a guest's, say."""
        item = self.pfs[pf]["virtual-functions"][vf]
        item["driver"] = driver
        if driver != "iavf":
            del item["interface"], item["ifindex"]
        if holder:
            item |= {"holder": holder, "use": use}
        return self

    def function(self, address):
        [found] = [function for function in self.functions if function["address"] == address]
        return found

    def json(self):
        host = {"inventory": 2, "host": {"hostname": "compute-17"},
                "physical-functions": self.pfs}
        if self.facts is not None:
            host["facts"] = self.facts
        return json.dumps(host)


def in_use(n_vfs):
    """Some VFs are guests', and one is a container's."""
    host = Host(n_vfs)
    host.give(0, 1, "vfio-pci", "vfio, by qemu-system-x86 (pid 4711)")
    host.give(0, 2, "vfio-pci")
    host.give(0, 3, "none")
    host.give(1, n_vfs - 1, "iavf", f"ens2f0v{n_vfs - 1} is in network namespace cni-0b1c",
              "netns")
    return host


class Topology(Case):
    def topology(self, host, *arguments, **keywords):
        path = self.file("host.json", host if isinstance(host, str) else host.json())
        return self.sriovctl("topology", "--inventory", path, *arguments, **keywords)


class Tree(Topology):
    def test_vfs_that_are_alike_are_one_row(self):
        for n_vfs in [8, 64]:
            text = self.topology(in_use(n_vfs)).out
            self.assert_golden(f"topology-2x{n_vfs}.txt", text)
            self.assertLess(len(text.splitlines()), 15)

    def test_it_fits_a_terminal_of_80_columns(self):
        for n_vfs in [8, 64]:
            path = self.file("host.json", in_use(n_vfs).json())
            text = self.terminal("topology", "--inventory", path)
            for line in text.splitlines():
                self.assertLessEqual(len(line), 80, line)
            self.assert_golden(f"topology-2x{n_vfs}-80.txt", text)

    def rows(self, host, *arguments):
        """The words of each row by those of its first column, without the lines of the tree."""
        lines = self.topology(host, *arguments).out.splitlines()[1:]
        return [line.replace("├─", "  ").replace("└─", "  ").replace("│", " ").split()
                for line in lines]

    def test_a_pf_that_is_named_is_shown_alone(self):
        heads = [row[0] for row in self.rows(Host(2), "ens2f0")]
        self.assertEqual(heads, ["root", "ens2f0", "VFs"])
        result = self.topology(Host(2), "ens9", code=FAILED)
        self.assertIn("no PF", result.err)

    def test_without_vfs_there_is_the_way_to_the_pfs(self):
        self.assertEqual([row[:3] for row in self.rows(Host(0))],
                         [["root", "port", "0000:3a:00.0"], ["ens1f0", "0000:3b:00.0", "0/128"],
                          ["root", "port", "0000:ae:00.0"], ["ens2f0", "0000:af:00.0", "0/128"]])

    def test_without_pfs_it_says_so(self):
        self.assertEqual(self.topology('{"inventory": 2, "facts": {}}').out, "no PFs here\n")

    def test_a_host_that_nobody_looked_at_has_no_root_ports(self):
        host = Host(2)
        host.facts = None
        text = self.topology(host).out
        self.assertNotIn("root port", text)
        self.assertRegex(text, r"ens1f0 +0000:3b:00.0 +2/128 +0 +- +ice\n")
        self.assertTrue(text.endswith("\nwhich ports PFs are behind, their links and IOMMU groups "
                                      "cannot be told: the inventory has no facts\n"))

    def test_what_is_not_known_of_a_function_is_a_dash(self):
        host = Host(2)
        host.functions[:] = [{"address": "0000:3b:00.0", "upstream": "0000:3a:00.0"}]
        text = self.topology(host).out
        self.assertRegex(text, r"\nport +0000:3a:00.0 +- +-\n")
        self.assertIn("ens2f0: which port it is behind cannot be told\n", text)
        self.assertRegex(text, r"VFs 0-1 +0000:3b:01.0\.\.01.1 +2 +- +- +iavf")

    def test_vfs_of_one_group_are_not_alone(self):
        host = Host(4)
        for i in (0, 1):
            host.function(f"0000:3b:01.{i}")["iommu-group"] = 20
        text = self.topology(host).out
        self.assertRegex(text, r"VFs 0-1 .* 20 shared ")
        self.assertRegex(text, r"ens1f0 .* 20 shared ")
        self.assertRegex(text, r"VFs 2-3 .* 202-203 ")
        self.assertEqual(text.count("shared"), 2)
        host.function("0000:3a:00.0")["iommu-group"] = 20
        self.assertEqual(self.topology(host).out.count("shared"), 2)

    def test_vfs_of_two_groups_are_two_rows(self):
        host = Host(4)
        for i in range(4):
            host.function(f"0000:3b:01.{i}")["iommu-group"] = 50 + i // 2
        self.assertRegex(self.topology(host).out, r"VFs 0-1 .* 50 shared .*\n.*VFs 2-3 .* 51 shared ")

    def test_a_vf_of_which_nothing_is_known_has_a_row(self):
        host = Host(4)
        host.functions.remove(host.function("0000:3b:01.2"))
        host.function("0000:3b:01.3").pop("iommu-group")
        host.function("0000:3b:01.3").pop("numa-node")
        text = self.topology(host).out
        self.assertRegex(text, r"VFs 0-1 .* 200-201 .*\n.*VFs 2-3 .* - +- +iavf")
        host.function("0000:3b:01.3")["numa-node"] = 0
        text = self.topology(host).out
        self.assertRegex(text, r"VFs 0-1 .*\n.*VF 2 .* - +- +iavf\n.*VF 3 .* 0 +- +iavf")

    def test_a_port_that_is_in_the_group_shares_it_with_nobody(self):
        """It is no function that could be given away."""
        host = Host(1)
        host.function("0000:3a:00.0")["iommu-group"] = 20
        self.assertNotIn("shared", self.topology(host).out)

    def test_where_there_is_no_iommu_there_are_no_groups(self):
        host = Host(1)
        for function in host.functions:
            del function["iommu-group"]
        self.assertNotIn("none", self.topology(host).out)
        host.facts["iommu"] = False
        self.assertRegex(self.topology(host).out, r"root port +0000:3a:00.0 +0 +none ")

    def test_groups_that_have_no_order_are_not_listed(self):
        host = Host(24)
        for i in range(24):
            host.function(f"0000:3b:{i // 8 + 1:02x}.{i % 8}")["iommu-group"] = 100 + i * 7 % 97
        self.assertRegex(self.topology(host).out, r"VFs 0-23 .* one each ")

    def test_vfs_that_alternate_are_named_below_their_row(self):
        host = Host(64)
        for i in range(0, 64, 2):
            host.give(0, i, "vfio-pci")
        path = self.file("host.json", host.json())
        text = self.terminal("topology", "--inventory", path)
        self.assertRegex(text, r"├─32 VFs +0000:3b:01.0\.\.08.6 .* vfio-pci\n"
                               r" +VFs 0, 2, 4, 6,(.|\n)* 62\n  └─32 VFs")
        for line in text.splitlines():
            self.assertLessEqual(len(line), 80, line)

    def test_ports_of_a_switch_are_levels(self):
        host = Host(0)
        way = ["0000:3a:00.0", "0000:40:00.0", "0000:41:00.0", "0000:3b:00.0"]
        host.functions += [{"address": below, "upstream": above, "class": "0x060400"}
                           for above, below in zip(way[:2], way[1:3])]
        host.function("0000:3b:00.0")["upstream"] = way[2]
        text = self.topology(host).out
        self.assertRegex(text, r"root port +0000:3a:00.0 .*\n└─port +0000:40:00.0 .*\n"
                               r"  └─port +0000:41:00.0 .*\n    └─ens1f0 ")

    def test_ports_that_go_round_in_circles_end(self):
        host = Host(1)
        host.function("0000:3a:00.0")["upstream"] = "0000:3a:00.0"
        self.assertIn("ens1f0", self.topology(host).out)
        self.topology(host, "--json")

    def test_two_pfs_behind_a_port_are_both_below_it(self):
        host = Host(2)
        host.function("0000:af:00.0")["upstream"] = "0000:3a:00.0"
        heads = [row[0] for row in self.rows(host)]
        self.assertEqual(heads, ["root", "ens1f0", "VFs", "ens2f0", "VFs"])

    def test_a_link_is_low_for_what_the_card_could_have(self):
        """A slot that could take more has lost nothing."""
        host = Host(1)
        host.function("0000:3a:00.0")["width-max"] = 32
        text = self.topology(host).out
        self.assertRegex(text, r"root port +0000:3a:00.0 .* 16.0 GT/s x16\n")
        self.assertRegex(text, r"ens1f0 .* 16.0 GT/s x8, could be 16.0 GT/s x16 ")
        self.assertRegex(text.splitlines()[4], r"^root port +0000:ae:00.0")

    def test_numa_nodes_come_in_order(self):
        host = Host(1)
        host.pfs[0]["numa-node"] = 3
        for function in host.functions:
            if function["numa-node"] == 0:
                function["numa-node"] = 3
        heads = [row[0] for row in self.rows(host)]
        self.assertEqual(heads, ["root", "ens2f0", "VF", "root", "ens1f0", "VF"])
        for item in [host.pfs[0], *host.functions]:
            if item["numa-node"] == 3:
                del item["numa-node"]
        self.assertEqual([row[0] for row in self.rows(host)], heads)

    def test_what_is_not_on_pci_has_no_port(self):
        text = self.topology(json.dumps({"inventory": 2, "facts": {}, "physical-functions": [
            {"handle": "netdevsim/netdevsim1", "interface": "eni1np1", "ifindex": 2, "driver": "netdevsim",
             "virtual-functions": [{"index": 0}, {"index": 1}]}]})).out
        self.assertRegex(text, r"\neni1np1 +netdevsim1 +2 .*netdevsim\n└─VFs 0-1 +- +2 ")
        self.assertNotIn("cannot be told", text)

    def test_who_cannot_be_told_is_not_a_user(self):
        said = "whether a process has it open cannot be told (EACCES)"
        host = Host(3)
        for i in range(3):
            host.give(0, i, "vfio-pci", said, "unknown")
        path = self.file("host.json", host.json())
        text = self.terminal("topology", "--inventory", path)
        self.assertRegex(text, r"VFs 0-2 .*\n    " + said.replace("(", r"\(").replace(")", r"\)"))
        self.assertNotIn("in use", text)

    def test_users_that_differ_have_rows(self):
        host = Host(4)
        for i, name in enumerate(["red", "red", "blue", "red"]):
            host.give(0, i, "vfio-pci", f"libvirt, as noted in {name}", "libvirt")
        text = self.topology(host).out
        self.assertRegex(text, r"VFs 0-1,3 .*in red\n.*VF 2 .*in blue\n")

    def test_the_pf_s_own_user_is_told(self):
        host = Host(0)
        host.pfs[0] |= {"use": "netdev", "holder": "ens1f0 is up and has an address"}
        self.assertRegex(self.topology(host).out, r"ens1f0 .* ens1f0 is up and has an address\n")

    def test_names_are_not_obeyed(self):
        host = Host(1)
        host.pfs[0]["interface"] = "a\033[31m"
        host.give(0, 0, "vfio-pci", "process 1 (\033]0;x\007)")
        text = self.topology(host).out
        self.assertNotIn("\033", text)
        self.assertIn("a\\x1b[31m", text)


class Document(Topology):
    def test_every_vf_is_on_its_own(self):
        document = self.topology(in_use(64), "--json").json
        self.assertEqual((document["hostname"], document["iommu"], document["notes"]),
                         ("compute-17", True, []))
        port, _ = document["topology"]
        self.assertEqual({key: port[key] for key in port if key != "below"},
                         {"kind": "root-port", "address": "0000:3a:00.0", "driver": "pcieport",
                          "numa-node": 0, "iommu-group": 10,
                          "link": {"speed": 16000, "width": 16, "speed-max": 16000,
                                   "width-max": 16}})
        [pf] = port["below"]
        self.assertEqual((pf["kind"], pf["handle"], pf["name"], pf["iommu-group-shared"]),
                         ("pf", "pci/0000:3b:00.0", "ens1f0", False))
        self.assertEqual(len(pf["virtual-functions"]), 64)
        self.assertEqual(pf["virtual-functions"][1],
                         {"index": 1, "address": "0000:3b:01.1", "driver": "vfio-pci",
                          "numa-node": 0, "iommu-group": 201, "iommu-group-shared": False,
                          "use": "vfio",
                          "holder": "vfio, by qemu-system-x86 (pid 4711)"})

    def test_what_is_not_known_is_left_out(self):
        host = Host(1)
        host.facts = None
        document = self.topology(host, "--json").json
        self.assertNotIn("iommu", document)
        self.assertEqual(document["topology"][0]["virtual-functions"],
                         [{"index": 0, "address": "0000:3b:01.0", "interface": "ens1f0v0",
                           "driver": "iavf"}])
        self.assertEqual(len(document["notes"]), 1)


HOSTILE = '<b>&lt;&"\'\\N]]>\ufffe'
# The last character is none.
SAID = HOSTILE.replace("\ufffe", "\ufffd")


def hostile():
    """Others have given names, and said things, that mean something to XML and to Graphviz."""
    host = Host(3)
    host.pfs[0] |= {"interface": HOSTILE, "driver": HOSTILE}
    host.function("0000:3b:00.0")["name"] = HOSTILE
    host.give(0, 0, "vfio-pci", "<script>alert(1)</script> \033 " + HOSTILE)
    return host


def far():
    """A PF behind a switch and one at a root bus; long names, many users, one that cannot be told."""
    host = Host(64)
    way = ["0000:3a:00.0", "0000:40:00.0", "0000:41:00.0"]
    host.functions += [{"address": below, "upstream": above, "class": "0x060400"}
                       for above, below in zip(way, way[1:])]
    host.function("0000:3b:00.0")["upstream"] = way[-1]
    del host.function("0000:af:00.0")["upstream"]
    for i in range(20):
        host.give(0, i, "vfio-pci", f"libvirt, as noted in /run/libvirt/hostdevmgr/guest-{i}")
    host.give(0, 22, "vfio-pci", "whether a process has it open cannot be told (EACCES)", "unknown")
    for i in range(0, 64, 2):
        host.give(1, i, "none")
    host.pfs[1] |= {"interface": "a-very-long-name-" * 5, "use": "netdev",
                    "holder": "ens2f0 is up and has an address, " * 4}
    return host


def two_behind_one_port():
    """As the ports of one card are."""
    host = in_use(8)
    host.function("0000:af:00.0")["upstream"] = "0000:3a:00.0"
    return host


def apart():
    """Two cards in a NUMA node, each behind a root port of its own."""
    host = in_use(8)
    for item in host.functions + host.pfs:
        item["numa-node"] = 0
    return host


def lonely():
    """Nothing is known of NUMA nodes."""
    host = Host(2)
    for item in host.functions + host.pfs:
        item.pop("numa-node", None)
    return host


with_graphviz = unittest.skipUnless(shutil.which("dot"), "graphviz is not installed")


class Dot(Topology):
    def draw(self, host):
        """What Graphviz makes of it: a node's lines each."""
        picture = xml.etree.ElementTree.fromstring(subprocess.run(
            ["dot", "-Tsvg"], input=self.topology(host, "--dot").out, capture_output=True,
            text=True, check=True).stdout)
        return [[element.text for element in group.iter(f"{SVG}text")]
                for group in picture.iter(f"{SVG}g") if group.get("class") == "node"]

    def test_it_says_what_the_tree_does(self):
        self.assert_golden("topology-2x8.dot", self.topology(in_use(8), "--dot").out)

    @with_graphviz
    def test_graphviz_takes_it(self):
        for host in [in_use(64), far(), lonely(), Host(0)]:
            self.draw(host)
        self.assertIn(["VF 1: vfio-pci, IOMMU group 201",
                       "in use: vfio, by qemu-system-x86 (pid 4711)"], self.draw(in_use(8)))

    @with_graphviz
    def test_names_are_labels_and_nothing_else(self):
        nodes = self.draw(hostile())
        [pf] = [lines for lines in nodes if lines[0] == SAID]
        self.assertIn(SAID, pf[1:])
        [vf] = [lines for lines in nodes if lines[0].startswith("VF 0: ")]
        self.assertEqual(" ".join(vf), "VF 0: vfio-pci, IOMMU group 200 in use: "
                         f"<script>alert(1)</script> \\x1b {SAID}")

    @with_graphviz
    def test_what_is_not_known_is_said(self):
        host = in_use(8)
        host.facts = None
        graph = subprocess.run(["dot", "-Tplain"], input=self.topology(host, "--dot").out,
                               capture_output=True, text=True, check=True).stdout
        self.assertNotIn("root port", graph)
        self.assertIn("cannot be told", self.topology(host, "--dot").out)


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
             for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


class Picture(Topology):
    def draw(self, host):
        return xml.etree.ElementTree.fromstring(self.topology(host, "--svg", "-").out)

    def texts(self, host):
        return [element.text for element in self.draw(host).iter(f"{SVG}text")]

    def rectangles(self, picture, *classes):
        return [tuple(int(element.get(key)) for key in ("x", "y", "width", "height"))
                for element in picture.iter(f"{SVG}rect")
                if element.get("class") in classes and element.get("x")]

    def test_it_says_what_the_tree_does(self):
        for n_vfs in [8, 64]:
            self.assert_golden(f"topology-2x{n_vfs}.svg",
                               self.topology(in_use(n_vfs), "--svg", "-").out)

    def test_the_one_in_the_documentation_is_up_to_date(self):
        """README shows it; UPDATE_GOLDEN=1 draws it."""
        self.assert_golden("../../../man/topology.svg", self.sriovctl(
            "topology", "--inventory", "../../man/topology.yaml", "--svg", "-").out)

    def test_every_vf_is_a_cell_that_says_what_it_is(self):
        titles = [element.text for element in self.draw(in_use(64)).iter(f"{SVG}title")]
        self.assertEqual(titles[0], "compute-17: from root ports to VFs")
        self.assertEqual(len(titles), 1 + 2 * 64)
        self.assertEqual(titles[2], "VF 1, 0000:3b:01.1, driver vfio-pci, IOMMU group 201, in use: "
                         "vfio, by qemu-system-x86 (pid 4711)")
        self.assertEqual(titles[4], "VF 3, 0000:3b:01.3, driver none, IOMMU group 203")

    def test_it_has_no_script_and_refers_to_nothing(self):
        for host in [in_use(8), hostile()]:
            picture = self.draw(host)
            self.assertEqual({element.tag.removeprefix(SVG) for element in picture.iter()},
                             {"svg", "title", "style", "rect", "text", "path", "g"})
            for element in picture.iter():
                self.assertFalse([key for key in element.keys()
                                  if "href" in key or key.startswith("on")])
            self.assertNotRegex(picture.find(f"{SVG}style").text, "url|import")

    def test_names_are_text_and_nothing_else(self):
        texts = self.texts(hostile())
        self.assertIn(SAID, texts)
        self.assertIn(f"0000:3b:00.0, {SAID}", texts)
        self.assertIn(f"in use: <script>alert(1)</script> \\x1b {SAID}", texts)

    def test_boxes_do_not_overlap_and_nothing_is_outside(self):
        for host in [in_use(8), in_use(64), far(), lonely(), hostile(), apart(),
                     two_behind_one_port(), Host(0)]:
            picture = self.draw(host)
            boxes = self.rectangles(picture, "port", "pf", "page")
            for i, (x, y, width, height) in enumerate(boxes):
                self.assertLess(x + width, int(picture.get("width")))
                self.assertLess(y + height, int(picture.get("height")))
                for a, b, c, d in boxes[:i]:
                    self.assertTrue(x + width + 8 < a or a + c + 8 < x or
                                    y + height + 8 < b or b + d + 8 < y)

    def test_text_is_within_its_box(self):
        for host in [in_use(64), far(), hostile()]:
            picture = self.draw(host)
            boxes = self.rectangles(picture, "port", "pf", "page")
            for element in picture.iter(f"{SVG}text"):
                x, y = int(element.get("x")), int(element.get("y"))
                for a, b, c, d in boxes:
                    if a <= x < a + c and b <= y < b + d:
                        self.assertLessEqual(x + 7.6 * len(element.text), a + c, element.text)
                        break

    def test_text_stands_out_on_light_and_on_dark(self):
        style = self.draw(in_use(8)).find(f"{SVG}style").text
        for part in style.split("@media (prefers-color-scheme:dark)"):
            fills = dict(re.findall(r"\.([a-z-]+)\{fill:(#[0-9a-f]{6})", part))
            names = [name for name in fills if f"{name}-text" in fills]
            self.assertEqual(len(names), 11)
            for name in names:
                dark, light = sorted(luminance(fills[key]) for key in (name, f"{name}-text"))
                self.assertGreaterEqual((light + 0.05) / (dark + 0.05), 4.5, name)

    def test_the_key_has_the_colours_that_there_are(self):
        self.assertEqual(self.texts(in_use(8))[-5:],
                         ["driver of the kernel", "driver of the kernel, in use", "vfio",
                          "vfio, in use", "no driver"])
        self.assertEqual(self.texts(Host(1))[-1], "driver of the kernel")
        self.assertIn("cannot be told", self.texts(far()))

    def test_what_is_not_known_is_said(self):
        host = in_use(8)
        host.facts = None
        self.assertIn("which ports PFs are behind, their links and IOMMU groups cannot be told: "
                      "the inventory has no facts", self.texts(host))
        self.assertNotIn("NUMA", " ".join(self.texts(lonely())))

    def test_it_is_put_into_a_file_whole(self):
        path = f"{self.directory}/picture.svg"
        self.assertEqual(self.topology(in_use(8), "--svg", path).out, "")
        with open(path, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), self.topology(in_use(8), "--svg", "-").out)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o644)
        self.assertEqual(sorted(os.listdir(self.directory)), ["host.json", "picture.svg"])

    def test_what_cannot_be_written_is_said(self):
        result = self.topology(Host(1), "--svg", f"{self.directory}/none/x.svg", code=FAILED)
        self.assertIn(f"cannot write {self.directory}/none/x.svg: No such file", result.err)
        self.assertIn("no file", self.topology(Host(1), "--svg", "/dev/null", code=FAILED).err)

    def test_one_form_is_given(self):
        for arguments in [["--dot", "--json"], ["--svg", "-", "--dot"], ["--json", "--svg", "-"]]:
            result = self.topology(Host(1), *arguments, code=USAGE)
            self.assertEqual(result.err, "sriovctl: --json, --dot and --svg are forms of the same; "
                             "give one of them\n")


class AtHand(Case):
    def test_the_host_at_hand_is_looked_at(self):
        result = self.simulated("igb-drifted", "topology", "--root", self.directory)
        self.assertRegex(result.out, r"enp1s0 +0000:01:00.0 +7/7 ")
        self.assertIn("enp1s0: which port it is behind cannot be told\n", result.out)


if __name__ == "__main__":
    main()

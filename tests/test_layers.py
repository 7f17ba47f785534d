#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows layers.py trees that break one of its rules each, and one that breaks none."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import layers  # noqa: E402

# In two parts: tools that read licences take it for this file's otherwise.
LICENCE = "SPDX-License-" + "Identifier: LGPL-2.1-or-later"

FOLDERS = {"lib/util": [], "lib/kernel": ["lib/util"], "lib/kernel/netlink": ["lib/kernel/kernel.h"],
           "lib/plan": ["lib/util"], "daemon": ["lib"], "ctl": ["lib"]}  # fmt: skip

TREE = {
    "lib/util/text.h": "/* Text. */",
    "lib/util/fd.h": "/* Descriptors. */",
    "lib/kernel/kernel.h": "/* A kernel. */",
    "lib/kernel/linux.h": "/* Linux. */",
    "lib/kernel/netlink/rtnl.h": '/* Links. */\n#include "kernel/kernel.h"',
    "lib/plan/plan.h": '/* A plan. */\n#include "util/text.h"\n#include <string.h>',
    "lib/plan/plan.c": '#include "plan/plan.h"',
    "daemon/main.c": '/* The daemon. */\n#include "plan/plan.h"\n#include <stdio.h>',
    "ctl/main.c": '/* The face. */\n#include "kernel/netlink/rtnl.h"',
}


def check(changes):
    """What layers.py says of TREE with the changes, and whether it fails."""
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as directory, contextlib.redirect_stdout(out):
        for name, text in {**TREE, **changes}.items():
            path = pathlib.Path(directory, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"/* {LICENCE} */\n{text}\n")
        pure = {"lib/plan": [], "daemon/loop": ["lib/kernel/kernel.h"]}
        with mock.patch.multiple(layers, FOLDERS=FOLDERS, PURE=pure,
                                 IMPURE=["lib/util/fd.h", "lib/kernel"]):  # fmt: skip
            failed = layers.run(pathlib.Path(directory))
    return out.getvalue(), failed


class Layers(unittest.TestCase):
    def refuses(self, changes, *words):
        out, failed = check(changes)
        self.assertTrue(failed, out)
        for word in words:
            self.assertIn(word, out)

    def test_a_tree_that_breaks_no_rule_passes(self):
        out, failed = check({})
        self.assertFalse(failed, out)

    def test_an_include_against_the_direction(self):
        self.refuses({"lib/util/text.h": '/* Text. */\n#include "plan/plan.h"'},
                     "lib/util/text.h:3: lib/util/ must not include lib/plan/plan.h")  # fmt: skip

    def test_a_single_header_allows_no_other_of_its_folder(self):
        self.refuses({"lib/kernel/netlink/rtnl.h": '/* Links. */\n#include "kernel/linux.h"'},
                     "lib/kernel/netlink/rtnl.h:3: lib/kernel/netlink/ must not include")  # fmt: skip

    def test_a_folder_with_too_many_modules(self):
        most = {f"lib/util/m{n}.h": "/* One. */" for n in range(layers.MODULES_MAX - 2)}
        out, failed = check(most)
        self.assertFalse(failed, out)
        self.refuses({**most, "lib/util/more.c": "/* One more. */"}, "lib/util/: has 21 modules")

    def test_programs_do_not_include_each_other(self):
        self.refuses({"daemon/manager.h": "/* All. */",
                      "ctl/main.c": '/* The face. */\n#include "manager.h"'},
                     'ctl/main.c:3: "manager.h": no such file below ctl or lib')  # fmt: skip

    def test_a_folder_without_a_row(self):
        self.refuses({"lib/fresh/new.h": "/* New. */"}, "lib/fresh/: has no row")

    def test_a_row_without_a_folder(self):
        with mock.patch.dict(FOLDERS, {"lib/gone": []}):
            self.refuses({}, "lib/gone: has a row")

    def test_a_neighbour_that_is_not_named_from_the_root(self):
        self.refuses({"lib/plan/plan.c": '#include "plan.h"'},
                     'lib/plan/plan.c:2: "plan.h": no such file below lib')  # fmt: skip

    def test_a_name_with_dots(self):
        self.refuses({"lib/plan/plan.c": '#include "../plan/plan.h"'}, "without dots")

    def test_a_name_below_two_roots(self):
        self.refuses({"daemon/util/text.h": "/* Text. */",
                      "daemon/main.c": '/* The daemon. */\n#include "util/text.h"'},
                     "is both daemon/util/text.h and lib/util/text.h")  # fmt: skip

    def test_a_circle_over_a_source_file(self):
        circle = {"lib/util/a.h": "/* A. */", "lib/util/a.c": '#include "util/a.h"\n#include "util/b.h"',
                  "lib/util/b.h": '/* B. */\n#include "util/a.h"'}  # fmt: skip
        self.refuses(circle, "a circle of includes: lib/util/a, lib/util/b", "lib/util/a.c:3:")

    def test_a_header_of_the_system_that_does_io_reached_through_another_of_ours(self):
        self.refuses({"lib/util/text.h": "/* Text. */\n#include <stdio.h>"},
                     "lib/plan/plan.h:3: reaches stdio.h", "by lib/util/text.h:3")  # fmt: skip

    def test_a_header_of_ours_that_does_io(self):
        self.refuses({"lib/plan/plan.c": '#include "plan/plan.h"\n#include "util/fd.h"'},
                     "lib/plan/plan.c:3: reaches lib/util/fd.h")  # fmt: skip

    def test_a_unit_that_is_pure_may_name_its_doors_and_nothing_else(self):
        loop = '/* The loop. */\n#include "kernel/kernel.h"'
        out, failed = check({"daemon/loop.c": loop})
        self.assertFalse(failed, out)
        self.refuses({"daemon/loop.c": f'{loop}\n#include "kernel/linux.h"'},
                     "daemon/loop.c:4: reaches lib/kernel/linux.h")  # fmt: skip

    def test_what_one_file_alone_may_include(self):
        bus = {"daemon/bus/bus.h": "/* The bus. */",
               "daemon/main.c": '/* The daemon. */\n#include "bus/bus.h"'}  # fmt: skip
        with mock.patch.dict(FOLDERS, {"daemon/bus": []}):
            self.refuses(bus, "daemon/main.c:3: daemon/ must not include daemon/bus/bus.h")
        with mock.patch.dict(FOLDERS, {"daemon/bus": [], "daemon/main.c": ["daemon/bus"]}):
            out, failed = check(bus)
            self.assertFalse(failed, out)

    def test_a_header_that_says_nothing_of_itself(self):
        self.refuses({"lib/util/text.h": "#pragma once"}, "lib/util/text.h:2: begin with a comment")

    def test_a_source_without_a_header_that_says_nothing_of_itself(self):
        self.refuses({"daemon/main.c": "#include <stdio.h>"}, "daemon/main.c:2: begin with a comment")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows differences.py outputs that differ, and which of them fail."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from differences import Output, collect, read_allowed, report  # noqa: E402


def compare(*pairs, allow=""):
    """What is reported of outputs of an old and a new build, and whether it passes."""
    out = io.StringIO()
    different = [(f"command {i}", Output(0, old), Output(0, new)) for i, (old, new) in
                 enumerate(pairs)]  # fmt: skip
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(allow)
        file.flush()
        allowed = read_allowed(pathlib.Path(file.name))
    with contextlib.redirect_stdout(out):
        passes = report(collect(different, allowed), allowed, 9)
    return out.getvalue(), passes


class Differences(unittest.TestCase):
    def test_nothing_that_differs_passes(self):
        out, passes = compare()
        self.assertTrue(passes)
        self.assertEqual(out, "9 outputs compared, 0 differ, 0 of these as allowed\n")

    def test_what_differs_fails_and_is_shown(self):
        out, passes = compare((b"a\nb\n", b"a\nc\n"))
        self.assertFalse(passes)
        self.assertIn("command 0\n--- old\n+++ new\n", out)
        self.assertIn(" a\n-b\n+c\n", out)
        self.assertTrue(out.endswith("9 outputs compared, 1 differ, 0 of these as allowed\n"))

    def test_what_differs_alike_is_shown_once(self):
        out, _ = compare((b"PF 1 goes\n", b"PF 1 went\n"), (b"PF 22 goes\n", b"PF 22 went\n"))
        self.assertIn("== 2 that differ like this:", out)
        self.assertNotIn("22", out)

    def test_what_is_allowed_passes(self):
        out, passes = compare((b"it goes\n", b"it went\n"), allow="goes$|went$\tbetter English\n")
        self.assertTrue(passes)
        self.assertEqual(out, "allowed: 2 lines: better English\n"
                              "9 outputs compared, 1 differ, 1 of these as allowed\n")  # fmt: skip

    def test_each_line_must_be_allowed(self):
        for allow in ("goes\told\n", "went\tnew\n"):
            out, passes = compare((b"it goes\n", b"it went\n"), allow=allow)
            self.assertFalse(passes)
            self.assertIn("1 differ, 0 of these as allowed", out)

    def test_bytes_count_that_are_not_seen(self):
        for new in (b"a", b"a\r\n", b"a\xff\n", b"a \n"):
            self.assertFalse(compare((b"a\n", new))[1])
        out, passes = compare((b'{"a":1}', b'{"a": 1}'))
        self.assertIn("not byte for byte", out)
        self.assertFalse(passes)

    def test_json_in_one_line_is_compared_member_by_member(self):
        out, _ = compare((b'{"a":1,"b":2}', b'{"a":1,"b":3}'))
        self.assertIn('   "a": 1,\n-  "b": 2\n+  "b": 3\n', out)

    def test_an_output_that_a_build_does_not_have_fails(self):
        (difference,) = collect([("a", Output(0, b"a\n"), None)], [])
        self.assertIn("-a", difference.lines)
        self.assertFalse(difference.allowed)

    def test_why_must_be_told(self):
        for allow in ("goes\n", "goes\t\n"):
            with self.assertRaises(SystemExit):
                compare(allow=allow)


if __name__ == "__main__":
    unittest.main()

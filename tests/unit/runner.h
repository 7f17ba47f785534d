/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Runs a suite as a program's whole work. Takes the suite over; returns the exit status. */

#include <check.h>
#include <stdlib.h>

/* The exit status by which meson knows a program that cannot run here; before it has a suite. */
#define RUNNER_SKIPPED 77

static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

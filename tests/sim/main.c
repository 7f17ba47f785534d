/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sim --seeds FIRST[-LAST]    runs histories and prints those that break an invariant
 * sim --seed N [--only I,J]   shows one history, call by call, with the items that are named only
 *
 * Of both with --driver NAME: all PFs are of a driver of profile.c.
 *
 * The last line of the first form is "sim: N histories, M violations". */

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

/* So many violations are printed with their shortest history, the others in a line each. */
#define SHOWN_MAX 5

static void print_only(const struct story *story)
{
	const char *separator = " --only ";

	if (story->driver)
		(void)printf(" --driver %s", story->driver);
	for (uint32_t i = 0; i < story->count; i++) {
		if (story->left_out >> i & 1)
			continue;
		(void)printf("%s%u", separator, i);
		separator = ",";
	}
	(void)puts(separator[0] == ' ' ? " --only none" : "");
}

static void print_violation(uint64_t seed, const char *driver, const struct verdict *verdict)
{
	struct story story = { .driver = driver };
	struct verdict shortest;

	history_run(seed, &story, NULL, &shortest);
	history_shorten(seed, &story, verdict->broken);
	history_run(seed, &story, NULL, &shortest);
	(void)printf("seed %" PRIu64 " breaks '%s': %s\n", seed, invariant_name(verdict->broken),
		     shortest.message);
	for (uint32_t i = 0; i < story.count; i++) {
		CLEANUP_TEXT struct text text = { 0 };

		if (story.left_out >> i & 1)
			continue;
		story_describe(&story, i, &text);
		(void)printf("  [%u] %s\n", i, text_string(&text));
	}
	(void)printf("  to see it: sim --seed %" PRIu64, seed);
	print_only(&story);
	(void)fflush(stdout);
}

static uint64_t run_range(uint64_t first, uint64_t last, const char *driver)
{
	uint64_t violations = 0, calls = 0;

	for (uint64_t seed = first; seed <= last; seed++) {
		struct story story = { .driver = driver };
		struct verdict verdict;

		history_run(seed, &story, NULL, &verdict);
		calls += verdict.calls;
		if (!verdict.broken)
			continue;
		if (violations++ < SHOWN_MAX)
			print_violation(seed, driver, &verdict);
		else
			(void)printf("seed %" PRIu64 " breaks '%s': %s\n", seed,
				     invariant_name(verdict.broken), verdict.message);
	}
	(void)printf("sim: %" PRIu64 " histories, %" PRIu64 " violations, %" PRIu64
		     " kernel calls\n",
		     last - first + 1, violations, calls);
	return violations;
}

/* "3,7,12", or none: everything else is left out. */
static uint64_t parse_only(const char *text)
{
	uint64_t kept = 0;

	while (*text >= '0' && *text <= '9') {
		char *end;

		kept |= UINT64_C(1) << (strtoul(text, &end, 10) & 63);
		text = *end == ',' ? end + 1 : end;
	}
	return ~kept;
}

static int show(uint64_t seed, uint64_t left_out, const char *driver)
{
	struct story story = { .left_out = left_out, .driver = driver };
	struct verdict verdict;

	history_run(seed, &story, stdout, &verdict);
	(void)printf("%s\n", verdict.broken ? verdict.message : "all invariants held");
	return verdict.broken ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seeds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'n' },
		{ "only", required_argument, NULL, 'o' },
		{ "driver", required_argument, NULL, 'd' },
		{ 0 },
	};
	uint64_t first = 1, last = 300, left_out = 0;
	const char *driver = NULL;
	bool one = false;
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			first = strtoull(optarg, &end, 10);
			last = *end == '-' ? strtoull(end + 1, NULL, 10) : first;
			break;
		case 'n':
			first = strtoull(optarg, NULL, 10);
			one = true;
			break;
		case 'o':
			left_out = parse_only(optarg);
			break;
		case 'd':
			driver = optarg;
			break;
		default:
			return 2;
		}
	}
	if (driver && !profile_find(driver))
		return 2;
	if (one)
		return show(first, left_out, driver);
	return run_range(first, last, driver) ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/policy_refusal.h"

#include <errno.h>

#include "host/inputs.h"
#include "kernel/facts.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"

/* What the daemon said itself, where its files are others or may not be read. */
static void print_without_place(const struct daemon *daemon)
{
	const struct diagnostic error = { .severity = SEVERITY_ERROR,
					  .message = daemon_error(daemon) };
	struct json_object *document = json_new_object(), *array = json_new_array();

	json_append(array, json_diagnostic(&error));
	json_set(document, "errors", array);
	json_print(document);
}

enum verdict policy_refusal_print(const struct options *options, const struct daemon *daemon,
				  const char *verb)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	struct host host;
	enum verdict verdict = daemon_failed(daemon, verb, -EINVAL);

	if (facts_read_host(options->root, arena, &host) < 0)
		memory_exhausted();
	if (inputs_read_policy(options, &host, &policy) == VERDICT_OK && options->json)
		print_without_place(daemon);
	return verdict;
}

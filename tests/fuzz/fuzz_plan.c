/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A policy and an inventory, with a line "===" between: merging, planning, and a pass over each PF.
 */

#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define SEPARATOR "\n===\n"

static bool read_policy(const char *text, struct policy **ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	const struct document document = { "policy", text, strlen(text) };

	return policy_read(&document, 1, NULL, &diagnostics, ret) == 0;
}

static bool read_inventory(const char *text, struct inventory *ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	const struct document document = { "inventory", text, strlen(text) };

	return inventory_read(&document, &diagnostics, ret) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_INVENTORY struct inventory inventory = { 0 };
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	CLEANUP_FREE char *text = harness_text(data, size);
	char *separator = strstr(text, SEPARATOR);

	if (!separator)
		return 0;
	*separator = '\0';
	if (!read_policy(text, &policy) ||
	    !read_inventory(separator + strlen(SEPARATOR), &inventory))
		return 0;
	harness_pipeline(policy, &inventory);
	return 0;
}

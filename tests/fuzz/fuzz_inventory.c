/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as an inventory. One that reads is written, read back, and written the same again. */

#include <errno.h>
#include <json-c/json_object.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static char *write_text(const struct inventory *inventory)
{
	struct json_object *json = inventory_json(inventory);
	const char *text =
		json ? json_object_to_json_string_ext(json, JSON_C_TO_STRING_PRETTY) : NULL;
	char *copy = text ? strdup(text) : NULL;

	REQUIRE(copy);
	json_object_put(json);
	return copy;
}

static void check_round_trip(const struct inventory *inventory)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_INVENTORY struct inventory back = { 0 };
	CLEANUP_FREE char *once = write_text(inventory), *again = NULL;
	const struct document document = { "written", once, strlen(once) };

	REQUIRE(inventory_read(&document, &diagnostics, &back) == 0);
	again = write_text(&back);
	REQUIRE(!strcmp(once, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_INVENTORY struct inventory inventory = { 0 };
	CLEANUP_FREE char *text = harness_text(data, size);
	const struct document document = { "input", text, size };
	int r = inventory_read(&document, &diagnostics, &inventory);

	REQUIRE(r == 0 || r == -EINVAL);
	REQUIRE((r == 0) == (diagnostics.errors == 0));
	if (r == 0)
		check_round_trip(&inventory);
	return 0;
}

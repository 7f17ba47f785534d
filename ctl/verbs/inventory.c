/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl inventory: the host as a document, for plan --inventory elsewhere. */

#include <stdio.h>

#include "document/yaml_out.h"
#include "host/inputs.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "report/anonymise.h"
#include "verb.h"

static void print_yaml(const struct inventory *inventory)
{
	CLEANUP_JSON struct json_object *object = MEMORY_REQUIRE(inventory_json(inventory));
	CLEANUP_TEXT struct text yaml = { 0 };

	if (yaml_out_write(object, &yaml) < 0)
		memory_exhausted();
	puts("# The SR-IOV devices of a host as sriovctl inventory found them, for sriovctl plan\n"
	     "# --inventory FILE. The format, of version 2, is described in sriovctl(1).");
	(void)fputs(memory_text(&yaml), stdout);
}

static enum verdict run(const struct options *options)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	enum verdict verdict;

	verdict = inputs_open(options, &inputs);
	if (verdict == VERDICT_OK)
		verdict = inputs_read_facts(options, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	if (options->anonymise && anonymise(&inputs.inventory) < 0)
		memory_exhausted();
	if (options->json)
		json_print(MEMORY_REQUIRE(inventory_json(&inputs.inventory)));
	else
		print_yaml(&inputs.inventory);
	return inputs.partial ? VERDICT_FAILED : VERDICT_OK;
}

const struct verb verb_inventory = {
	.name = "inventory",
	.summary = "the host as YAML, for plan --inventory elsewhere",
	.options = OPTION_BIT(OPTION_INVENTORY) | OPTION_BIT(OPTION_JSON) |
		   OPTION_BIT(OPTION_ANONYMISE),
	.without = OPTION_BIT(OPTION_POLICY),
	.run = run,
};

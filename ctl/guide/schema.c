/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl schema: what the tables have of a JSON Schema, for schemas.py, which makes files of it.
 */

#include <stdio.h>
#include <string.h>

#include "guide/document_schema.h"
#include "guide/policy_schema.h"
#include "options.h"
#include "print/json.h"
#include "style.h"
#include "verb.h"

static const struct {
	const char *name;
	struct json_object *(*make)(void);
} schemas[] = {
	{ "policy", policy_schema },
	{ "inventory", document_schema_inventory },
	{ "output", document_schema_output },
};

static enum verdict run(const struct options *options)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemas); i++) {
		if (strcmp(schemas[i].name, options->operands[0]) != 0)
			continue;
		json_print(schemas[i].make());
		return VERDICT_OK;
	}
	(void)fputs("sriovctl schema: there is none of '", stderr);
	style_print(stderr, STYLE_PLAIN, options->operands[0]);
	(void)fputs("'\n", stderr);
	return VERDICT_USAGE;
}

const struct verb verb_schema = {
	.name = "schema",
	.operands = "NAME",
	.summary = "a JSON Schema without the definitions of its types",
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};

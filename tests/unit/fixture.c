/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <check.h>
#include <string.h>

#include "document/diagnostic.h"
#include "util/text.h"

const struct host fixture_host = { .hostname = "host",
				   .machine_id = "0123456789abcdef0123456789abcdef" };

static void fail_with(const struct diagnostics *diagnostics)
{
	CLEANUP_TEXT struct text text = { 0 };

	diagnostics_format(diagnostics, &text);
	ck_abort_msg("%s", text_string(&text));
}

static struct document document_of(const struct text *text)
{
	return (struct document){ "fixture", text_string(text), text->length };
}

struct policy *fixture_policy(const char *text)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_TEXT struct text whole = { 0 };
	struct document document;
	struct policy *policy;

	text_printf(&whole, "version: 1\n%s", text);
	document = document_of(&whole);
	if (policy_read(&document, 1, NULL, &diagnostics, &policy) < 0)
		fail_with(&diagnostics);
	return policy;
}

void fixture_inventory(const char *text, struct inventory *ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_TEXT struct text whole = { 0 };
	struct document document;

	text_printf(&whole, "inventory: 1\nphysical-functions:\n%s", text);
	document = document_of(&whole);
	if (inventory_read(&document, &diagnostics, ret) < 0)
		fail_with(&diagnostics);
}

struct pf *fixture_pf(const char *text)
{
	CLEANUP_INVENTORY struct inventory inventory = { 0 };
	struct pf *pf;

	fixture_inventory(text, &inventory);
	ck_assert_uint_eq(inventory.pfs.count, 1);
	pf = inventory.pfs.items[0];
	inventory.pfs.count = 0;
	return pf;
}

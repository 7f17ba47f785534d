/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "print/capabilities.h"

#include <stdio.h>
#include <string.h>

#include "memory.h"
#include "print/json.h"
#include "print/pf_view.h"
#include "print/table.h"
#include "print/wrap.h"
#include "util/text.h"

enum { CELL_SETTING, CELL_TAKES, CELL_REMARK };

static const struct column columns[] = {
	[CELL_SETTING] = { "SETTING" },
	[CELL_TAKES] = { "TAKEN" },
	[CELL_REMARK] = { "REMARK", COLUMN_WRAP },
};

/* Why the driver refused it here; NULL: it did not, as far as is known. */
static const char *find_refusal(struct json_object *pf, const char *setting)
{
	struct json_object *refusals = json_get(pf, "refusals");

	for (size_t i = 0; i < json_length(refusals); i++) {
		const char *key = json_get_text(json_item(refusals, i), "setting");

		if (key && !strcmp(key, setting))
			return json_get_text(json_item(refusals, i), "reason");
	}
	return NULL;
}

static void add_setting(struct table *table, struct json_object *pf, struct json_object *setting)
{
	const char *key = json_get_text(setting, "setting");
	const char *refusal = find_refusal(pf, key);
	struct json_object *remarks = json_get(setting, "remarks");
	bool takes = json_get_bool(setting, "takes");
	struct libscols_line *row = table_row(table, NULL);
	CLEANUP_TEXT struct text text = { 0 };

	if (refusal)
		text_printf(&text, "refused here: %s", refusal);
	for (size_t i = 0; i < json_length(remarks); i++)
		text_printf(&text, "%s%s", text.length ? "; " : "",
			    json_string(json_item(remarks, i)));
	table_cell(row, CELL_SETTING, STYLE_PLAIN, key);
	table_cell(row, CELL_TAKES, refusal || !takes ? STYLE_WARN : STYLE_PLAIN,
		   takes ? "yes" : "no");
	table_cell(row, CELL_REMARK, STYLE_PLAIN, memory_text(&text));
}

static void print_line(const char *before, const char *sentence)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%s%s", before, sentence);
	wrap_print(stdout, STYLE_PLAIN, memory_text(&text));
}

static void print_heading(struct json_object *pf)
{
	const char *driver = json_get_text(pf, "driver");
	CLEANUP_TEXT struct text text = { 0 };

	style_print(stdout, STYLE_STRONG, json_get_text(pf, "name"));
	text_printf(&text, " (%s%s%s)", json_get_text(pf, "address"), driver ? ", " : "",
		    driver ? driver : "");
	if (json_get(json_get(pf, "vfs"), "most"))
		text_printf(&text, ", %d VFs at most",
			    (int)json_get_number(json_get(pf, "vfs"), "most"));
	style_print(stdout, STYLE_PLAIN, memory_text(&text));
	putchar('\n');
}

/* What there is not to know of a driver without a row may be known by now all the same. */
static void print_unknown(struct json_object *pf)
{
	struct json_object *refusals = json_get(pf, "refusals");

	print_line("  ", json_get_text(pf, "driver") ? "nothing is known of its driver"
						     : "it has no driver");
	for (size_t i = 0; i < json_length(refusals); i++) {
		struct json_object *refusal = json_item(refusals, i);
		CLEANUP_TEXT struct text text = { 0 };

		text_printf(&text, "%s: refused here: %s", json_get_text(refusal, "setting"),
			    json_get_text(refusal, "reason"));
		print_line("  ", memory_text(&text));
	}
}

static void print_known(struct json_object *pf)
{
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));
	struct json_object *settings = json_get(pf, "settings"), *remarks = json_get(pf, "remarks");

	for (size_t i = 0; i < json_length(settings); i++)
		add_setting(table, pf, json_item(settings, i));
	table_print(table, TABLE_INDENTED | TABLE_HEADING);
	for (size_t i = 0; i < json_length(remarks); i++)
		print_line("  ", json_string(json_item(remarks, i)));
	print_line("  as of Linux's drivers/", json_get_text(pf, "source"));
}

void capabilities_print(struct json_object *pf)
{
	print_heading(pf);
	if (json_get_bool(pf, "known"))
		print_known(pf);
	else
		print_unknown(pf);
	putchar('\n');
}

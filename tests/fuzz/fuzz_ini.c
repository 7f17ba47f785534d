/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a file of systemd's, or of GLib's, by the first byte. */

#include <errno.h>
#include <string.h>

#include "document/ini.h"
#include "harness.h"

#define BLANKS " \t\n\r\v\f"

static void require_stripped(const char *string)
{
	size_t length = strlen(string);

	REQUIRE(!length || (!strchr(BLANKS, string[0]) && !strchr(BLANKS, string[length - 1])));
}

static void check(const struct ini_line *line, enum ini_dialect dialect)
{
	REQUIRE(line->section || dialect == INI_SYSTEMD);
	REQUIRE(!line->key == !line->value);
	if (!line->key)
		return;
	require_stripped(line->key);
	require_stripped(line->value);
	REQUIRE(!line->section || ini_is(line, line->section, line->key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_FREE char *text = NULL;
	struct document document = { .name = "fuzz" };
	struct ini_line *lines = NULL;
	enum ini_dialect dialect;
	size_t count = 0, ends = 1;
	unsigned bad = 0;
	int r;

	if (!size)
		return 0;
	dialect = data[0] == 'k' ? INI_KEYFILE : INI_SYSTEMD;
	text = harness_text(data + 1, size - 1);
	document.text = text;
	document.length = size - 1;
	REQUIRE(arena_new(&arena) == 0);
	r = ini_read(&document, dialect, arena, &lines, &count, &bad);
	REQUIRE(r == 0 || r == -EBADMSG);
	for (size_t i = 0; i < document.length; i++)
		ends += text[i] == '\n';
	REQUIRE(count <= ends);
	REQUIRE(r == 0 || (bad && bad <= ends));
	for (size_t i = 0; i < count; i++) {
		REQUIRE(lines[i].line > (i ? lines[i - 1].line : 0) && lines[i].line <= ends);
		check(&lines[i], dialect);
	}
	return 0;
}

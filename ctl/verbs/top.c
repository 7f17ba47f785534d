/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl top: what VFs send and receive, as it goes on. */

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "print/wrap.h"
#include "top/lines.h"
#include "top/live.h"
#include "top/reader.h"
#include "top/rows_json.h"
#include "util/timestamp.h"
#include "verb.h"

static void print_line(enum style style, struct text *line)
{
	while (line->length && line->data[line->length - 1] == ' ')
		line->data[--line->length] = '\0';
	style_print_lines(stdout, style, memory_text(line));
	putchar('\n');
	text_clear(line);
}

static void print_for_people(const struct rows *rows, bool totals, struct arena *arena)
{
	const struct view view = { .totals = totals };
	CLEANUP_TEXT struct text line = { 0 };
	const struct row **shown;
	struct lines lines;
	size_t count;

	if (view_select(&view, rows, arena, &shown, &count) < 0)
		memory_exhausted();
	if (!count) {
		puts("no PFs here");
		return;
	}
	lines = lines_for(&view, shown, count, wrap_columns(stdout));
	lines_heading(&lines, &line);
	print_line(STYLE_STRONG, &line);
	for (size_t i = 0; i < count; i++) {
		lines_row(&lines, shown[i], &line);
		print_line(lines_style(shown[i]), &line);
	}
}

static void print_for_programs(const struct rows *rows, bool once)
{
	struct json_object *document = MEMORY_REQUIRE(rows_json(rows));
	char buffer[TIMESTAMP_SIZE];

	json_set_text(document, "time", timestamp_iso(time(NULL), buffer));
	if (once)
		json_print(document);
	else
		json_print_line(document);
	(void)fflush(stdout);
}

/* totals: there is no period whose rates could be told. */
static void print(const struct options *options, const struct reading *before,
		  const struct reading *now)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct rows rows;

	if (rows_make(before, now, arena, &rows) < 0)
		memory_exhausted();
	if (options->json)
		print_for_programs(&rows, options->once);
	else
		print_for_people(&rows, !before, arena);
}

static enum verdict complain(const struct reading *reading)
{
	if (!reading->problem.length)
		return VERDICT_OK;
	(void)fprintf(stderr, "sriovctl top: %s\n", text_string(&reading->problem));
	return VERDICT_FAILED;
}

static void pass_time(unsigned seconds)
{
	struct timespec left = { .tv_sec = seconds };

	(void)nanosleep(&left, &left);
}

static enum verdict print_once(const struct options *options, struct reader *reader,
			       struct reading *first)
{
	CLEANUP(reading_free_cleanup) struct reading *second = NULL;

	if (options->period_s) {
		pass_time(options->period_s);
		second = reader_take(reader);
	}
	print(options, second ? first : NULL, second ? second : first);
	return complain(second ? second : first);
}

/* Until somebody ends it, or does not read any more. */
static enum verdict print_for_ever(const struct options *options, struct reader *reader,
				   struct reading **reading)
{
	while (!ferror(stdout)) {
		struct reading *next;

		pass_time(options->period_s);
		next = reader_take(reader);
		print(options, *reading, next);
		(void)complain(next);
		reading_free(*reading);
		*reading = next;
	}
	return VERDICT_OK;
}

static enum verdict usage(const char *complaint)
{
	(void)fprintf(stderr, "sriovctl top: %s\nTry 'sriovctl top --help'.\n", complaint);
	return VERDICT_USAGE;
}

static enum verdict run(const struct options *options)
{
	CLEANUP(reader_free_cleanup) struct reader *reader = NULL;
	CLEANUP(reading_free_cleanup) struct reading *reading = NULL;
	enum verdict verdict;

	if (!options->period_s && !options->once)
		return usage("--period 0 is for --once, which prints totals then");
	verdict = reader_new(options->direct, &reader);
	if (verdict != VERDICT_OK)
		return verdict;
	reading = reader_take(reader);
	if (!reader_pick(reader, reading, options->operands, options->n_operands))
		return VERDICT_FAILED;
	if (options->n_operands) { /* it has others as well */
		reading_free(reading);
		reading = reader_take(reader);
	}
	if (options->once)
		return print_once(options, reader, reading);
	if (options->json)
		return print_for_ever(options, reader, &reading);
	return live_run(TAKE(reader), TAKE(reading), options->period_s);
}

const struct verb verb_top = {
	.name = "top",
	.operands = "[PF...]",
	.summary = "what VFs send and receive, as it goes on",
	.options = OPTION_BIT(OPTION_DIRECT) | OPTION_BIT(OPTION_ONCE) | OPTION_BIT(OPTION_PERIOD) |
		   OPTION_BIT(OPTION_JSON),
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT),
	.operands_max = SIZE_MAX,
	.run = run,
};

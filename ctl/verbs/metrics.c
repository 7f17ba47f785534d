/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sriovctl metrics: the host in figures, for Prometheus. */

#include "report/metrics.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/daemon.h"
#include "host/inputs.h"
#include "host/output_file.h"
#include "host/pick.h"
#include "host/scrape.h"
#include "kernel/counters.h"
#include "memory.h"
#include "options.h"
#include "print/json.h"
#include "style.h"
#include "verb.h"

/* Prometheus gives up after ten seconds, and is to have what is known without the daemon. */
#define PATIENCE_S 4

/* Where it cannot be asked it may run all the same; where it could and says nothing it is as good
 * as away. */
static struct metrics_daemon ask_daemon(const struct options *options)
{
	CLEANUP(daemon_close_cleanup) struct daemon *daemon = NULL;
	struct metrics_daemon known = { 0 };
	int r;

	if (options->direct)
		return known;
	r = daemon_open(&daemon);
	if (r >= 0) {
		daemon_set_patience(daemon, PATIENCE_S);
		r = daemon_describe(daemon, NULL, 0, &known.told);
	}
	known.is_away = r == -ENOENT || r == -ETIMEDOUT;
	if (r < 0 && r != -ENOENT)
		(void)daemon_failed(daemon, "metrics", r);
	return known;
}

/* Where there is no socket nothing is known of traffic. */
static void read_counters(const struct pf_list *pfs, const bool *wanted)
{
	CLEANUP(counters_reader_free_cleanup) struct counters_reader *reader = NULL;
	int r = counters_reader_new(&reader);

	for (size_t i = 0; r >= 0 && i < pfs->count; i++)
		r = wanted[i] ? counters_read(reader, pfs->items[i]) : 0;
	if (r == -ENOMEM)
		memory_exhausted();
	if (r < 0)
		(void)fprintf(stderr, "sriovctl: cannot read what VFs have sent and received: %s\n",
			      strerror(-r));
}

static void write_metrics(const struct options *options, const struct pf_list *pfs,
			  const bool *wanted, bool openmetrics, struct text *out)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct metrics_daemon daemon = ask_daemon(options);
	const struct pf **picked =
		MEMORY_REQUIRE(arena_array(arena, pfs->count + 1, sizeof(*picked)));
	size_t count = 0;

	read_counters(pfs, wanted);
	for (size_t i = 0; i < pfs->count; i++)
		if (wanted[i])
			picked[count++] = pfs->items[i];
	metrics_write(picked, count, &daemon, openmetrics, out);
	json_drop(daemon.told);
	(void)memory_text(out);
}

/* The PFs' figures; of all, or those that are named. */
static enum verdict gather(const struct options *options, bool openmetrics, struct text *out)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	enum verdict verdict = inputs_open(options, &inputs);
	const struct pf_list *pfs = &inputs.inventory.pfs;
	const bool *wanted;

	if (verdict != VERDICT_OK)
		return verdict;
	wanted = pick_wanted(pfs, options->operands, options->n_operands, NULL, arena);
	if (!wanted)
		return VERDICT_FAILED;
	write_metrics(options, pfs, wanted, openmetrics, out);
	return inputs.partial ? VERDICT_FAILED : VERDICT_OK;
}

/* Who has asked may be gone by then, which is no failure. */
static enum verdict serve(const struct options *options)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct scrape scrape = scrape_receive(STDIN_FILENO);
	enum verdict verdict = VERDICT_OK;

	(void)signal(SIGPIPE, SIG_IGN);
	if (scrape.status == 200)
		verdict = gather(options, scrape.openmetrics, &text);
	if (scrape.status == 200 && !text.length)
		scrape.status = 500;
	(void)scrape_answer(STDOUT_FILENO, &scrape, text_string(&text), text.length);
	return verdict;
}

static enum verdict run(const struct options *options)
{
	CLEANUP_TEXT struct text text = { 0 };
	enum verdict verdict;

	if (options->http && (options->output || options->n_operands)) {
		(void)fputs("sriovctl: --http answers a request for all PFs; it takes neither "
			    "PFs nor --output\n",
			    stderr);
		return VERDICT_USAGE;
	}
	if (options->http)
		return serve(options);
	verdict = gather(options, options->openmetrics, &text);
	if (!text.length)
		return verdict;
	if (options->output)
		return verdict_worst(verdict, output_file_write(options->output, &text));
	(void)fputs(text_string(&text), stdout);
	return verdict;
}

const struct verb verb_metrics = {
	.name = "metrics",
	.operands = "[PF...]",
	.summary = "PFs and VFs in figures, for Prometheus",
	.options = OPTION_BIT(OPTION_DIRECT) | OPTION_BIT(OPTION_OUTPUT) |
		   OPTION_BIT(OPTION_OPENMETRICS) | OPTION_BIT(OPTION_HTTP),
	.without = OPTION_BIT(OPTION_POLICY) | OPTION_BIT(OPTION_ROOT) | OPTION_BIT(OPTION_JSON),
	.operands_max = SIZE_MAX,
	.run = run,
};

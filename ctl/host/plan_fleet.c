/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/plan_fleet.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "host/host_plan.h"
#include "host/inputs.h"
#include "memory.h"
#include "options.h"
#include "print/table.h"
#include "print/warnings.h"
#include "util/directory.h"

/* Hosts are shared out one by one: some have a hundred times the VFs of others. */
#define THREADS_MAX 64

struct fleet {
	const char *path;
	struct dirent **files; /* in order of name; their inventories are */
	size_t count;
	size_t next; /* the first that nobody has taken yet; changed atomically */
	struct host_plan *plans;
	struct host_plan_context context;
	struct host_problems problems;
	struct diagnostics warnings;
	bool all;	      /* hosts of which none of the policy's rules is are told too */
	pthread_mutex_t lock; /* of what the context says */
};

bool plan_fleet_is_folder(const char *path)
{
	return directory_check(path) >= 0;
}

static void clear_fleet(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++) {
		if (fleet->plans)
			host_plan_clear(&fleet->plans[i]);
		free(fleet->files[i]);
	}
	free(fleet->plans);
	free(fleet->files);
	free(fleet->context.matched);
	policy_free(fleet->context.policy);
	diagnostics_clear(&fleet->warnings);
	if (fleet->problems.arena)
		arena_free(fleet->problems.arena);
}

/* What people and editors leave in a folder. An inventory may have any other name: hosts' names end
 * in anything. */
static bool is_note(const char *name)
{
	static const char *const suffixes[] = {
		".txt", ".md", ".rst", ".bak", ".orig", ".swp", "~"
	};

	if (strncmp(name, "README", strlen("README")) == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (text_has_suffix(name, suffixes[i]))
			return true;
	return false;
}

/* Hidden files are none of ours. */
static int is_candidate(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_type != DT_DIR && !is_note(entry->d_name);
}

static enum verdict list_files(struct fleet *fleet)
{
	int count = scandir(fleet->path, &fleet->files, is_candidate, versionsort);

	if (count < 0 && errno == ENOMEM)
		memory_exhausted();
	if (count <= 0) {
		(void)fputs("sriovctl: ", stderr);
		style_print(stderr, STYLE_PLAIN, fleet->path);
		(void)fprintf(stderr, ": %s\n",
			      count < 0 ? strerror(errno) : "there are no inventories in it");
		return VERDICT_USAGE;
	}
	fleet->count = (size_t)count;
	return VERDICT_OK;
}

static void lock(void *locker)
{
	(void)pthread_mutex_lock(locker);
}

static void unlock(void *locker)
{
	(void)pthread_mutex_unlock(locker);
}

static void *work(void *context)
{
	CLEANUP(policy_free_cleanup) struct policy *part = NULL;
	struct fleet *fleet = context;
	size_t i;

	while ((i = __atomic_fetch_add(&fleet->next, 1, __ATOMIC_RELAXED)) < fleet->count) {
		const char *name = fleet->files[i]->d_name;

		host_plan_make(&fleet->context, fleet->path, name, &part, &fleet->plans[i]);
	}
	return NULL;
}

static size_t count_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 ? 1 : (size_t)CPU_COUNT(&set);
}

/* Plans for all hosts, a thread a processor; what cannot be started is left to those that were. */
static void plan_all(struct fleet *fleet)
{
	pthread_t threads[THREADS_MAX];
	size_t cpus = count_cpus(), started = 0;

	cpus = cpus < THREADS_MAX ? cpus : THREADS_MAX;
	while (started + 1 < cpus && started + 1 < fleet->count &&
	       pthread_create(&threads[started], NULL, work, fleet) == 0)
		started++;
	(void)work(fleet);
	while (started > 0)
		(void)pthread_join(threads[--started], NULL);
}

static void warn_of_unmatched(struct fleet *fleet)
{
	const struct policy *policy = fleet->context.policy;

	for (size_t i = 0; i < policy->n_rules; i++)
		if (!fleet->context.matched[i])
			diagnostics_report(&fleet->warnings, SEVERITY_WARNING,
					   &policy->rules[i].origin, NULL,
					   "rule '%s' matches no PF of any of these hosts",
					   policy->rules[i].name);
}

/* "'index' names VF 5, but the PF has 4 VFs; on hv-1 and 2 more hosts" */
static void warn_of_problems(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->problems.count; i++) {
		const struct host_problem *item = &fleet->problems.items[i];
		CLEANUP_TEXT struct text where = { 0 };

		text_append_quoted(&where, item->host);
		if (item->hosts > 1)
			text_printf(&where, " and %zu more host%s", item->hosts - 1,
				    item->hosts == 2 ? "" : "s");
		diagnostics_report(&fleet->warnings, SEVERITY_WARNING, &item->problem.origin, NULL,
				   "%s; on %s", item->problem.message, memory_text(&where));
	}
}

static void print_messages(struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++)
		if (fleet->plans[i].errors)
			(void)fputs(fleet->plans[i].errors, stderr);
	warn_of_unmatched(fleet);
	warn_of_problems(fleet);
	diagnostics_sort(&fleet->warnings);
	warnings_print_diagnostics(&fleet->warnings);
}

static void print_hosts(const struct fleet *fleet)
{
	static const struct column columns[] = { { "HOST" }, { "STATE" }, { "WHY", COLUMN_WRAP } };
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < fleet->count; i++) {
		const struct host_plan *host_plan = &fleet->plans[i];
		struct libscols_line *row;

		if (host_plan->state == HOST_PLAN_IN_SYNC ||
		    (host_plan->state == HOST_PLAN_UNMANAGED && !fleet->all))
			continue;
		row = table_row(table, NULL);
		table_cell(row, 0, STYLE_STRONG, fleet->files[i]->d_name);
		table_cell(row, 1, host_plan_state_style(host_plan->state),
			   host_plan_state_name(host_plan->state));
		table_cell(row, 2, STYLE_PLAIN, host_plan->note);
	}
	table_print(table, 0);
}

/* On how much a setting differs, over all hosts. */
struct group {
	size_t hosts, pfs, vfs;
};

static struct group group_of(const struct fleet *fleet, size_t setting)
{
	struct group group = { 0 };

	for (size_t i = 0; i < fleet->count; i++) {
		const struct host_plan_change *change = &fleet->plans[i].changes[setting];

		group.hosts += change->pfs ? 1 : 0;
		group.pfs += change->pfs;
		group.vfs += change->vfs;
	}
	return group;
}

static void number_cell(struct libscols_line *row, size_t column, size_t number)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (!number)
		return;
	text_printf(&text, "%zu", number);
	table_cell(row, column, STYLE_PLAIN, memory_text(&text));
}

static void print_groups(const struct fleet *fleet)
{
	static const struct column columns[] = { { "DIFFERS" },
						 { "HOSTS", COLUMN_RIGHT },
						 { "PFS", COLUMN_RIGHT },
						 { "VFS", COLUMN_RIGHT } };
	CLEANUP_TABLE struct table *table = table_new(columns, ARRAY_SIZE(columns));
	bool any = false;

	for (size_t i = 0; i < HOST_PLAN_SETTINGS; i++) {
		struct group group = group_of(fleet, i);
		struct libscols_line *row;

		if (!group.hosts)
			continue;
		row = table_row(table, NULL);
		table_cell(row, 0, STYLE_PLAIN, host_plan_setting_key(i));
		number_cell(row, 1, group.hosts);
		number_cell(row, 2, group.pfs);
		number_cell(row, 3, group.vfs);
		any = true;
	}
	if (any)
		putchar('\n');
	table_print(table, TABLE_HEADING);
}

static void print_summary(const struct fleet *fleet)
{
	size_t counts[HOST_PLAN_STATE_COUNT] = { 0 };
	const char *separator = ": ";

	for (size_t i = 0; i < fleet->count; i++)
		counts[fleet->plans[i].state]++;
	printf("%s%zu host%s", counts[HOST_PLAN_IN_SYNC] < fleet->count ? "\n" : "", fleet->count,
	       fleet->count == 1 ? "" : "s");
	for (enum host_plan_state state = 0; state < HOST_PLAN_STATE_COUNT; state++) {
		if (!counts[state] && state != HOST_PLAN_IN_SYNC)
			continue;
		printf("%s%zu %s", separator, counts[state], host_plan_state_name(state));
		separator = ", ";
	}
	putchar('\n');
}

/* A host a line. */
static void print_json(const struct fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++)
		printf("%s%s", i ? ",\n" : "[\n", fleet->plans[i].json);
	puts("\n]");
}

static void print_text(const struct fleet *fleet)
{
	print_hosts(fleet);
	print_groups(fleet);
	print_summary(fleet);
}

static enum verdict verdict_of(const struct fleet *fleet)
{
	enum verdict verdict = VERDICT_OK;

	for (size_t i = 0; i < fleet->count; i++)
		verdict = verdict_worst(verdict, fleet->plans[i].verdict);
	for (size_t i = 0; i < fleet->context.policy->n_rules; i++)
		if (!fleet->context.matched[i])
			verdict = verdict_worst(verdict, VERDICT_PENDING);
	return verdict;
}

static enum verdict open_fleet(const struct options *options, struct fleet *fleet)
{
	struct host_plan_context *context = &fleet->context;
	enum verdict verdict = list_files(fleet);

	if (verdict == VERDICT_OK)
		verdict = inputs_read_policy(options, NULL, &context->policy);
	if (verdict != VERDICT_OK)
		return verdict;
	fleet->plans = MEMORY_REQUIRE(calloc(fleet->count, sizeof(*fleet->plans)));
	context->matched =
		MEMORY_REQUIRE(calloc(context->policy->n_rules + 1, sizeof(*context->matched)));
	context->json = options->json;
	fleet->problems.arena = memory_arena();
	context->problems = &fleet->problems;
	context->lock = lock;
	context->unlock = unlock;
	context->locker = &fleet->lock;
	return VERDICT_OK;
}

enum verdict plan_fleet_run(const struct options *options)
{
	CLEANUP(clear_fleet)
	struct fleet fleet = { .path = options->inventory,
			       .all = options->all,
			       .lock = PTHREAD_MUTEX_INITIALIZER };
	enum verdict verdict;

	if (options->n_operands) {
		(void)fputs("sriovctl plan: with a folder of inventories no PF can be named\n",
			    stderr);
		return VERDICT_USAGE;
	}
	verdict = open_fleet(options, &fleet);
	if (verdict != VERDICT_OK)
		return verdict;
	plan_all(&fleet);
	print_messages(&fleet);
	if (options->json)
		print_json(&fleet);
	else
		print_text(&fleet);
	return verdict_of(&fleet);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan_fleet.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "host_plan.h"
#include "inputs.h"
#include "memory.h"
#include "options.h"
#include "table.h"

/* Hosts are shared out one by one: some have a hundred times the VFs of others. */
#define THREADS_MAX 64

struct folder {
	const char *path;
	struct dirent **files; /* in order of name; their inventories are */
	size_t count;
	size_t next; /* the first that nobody has taken yet; changed atomically */
	struct host_plan *plans;
	struct host_plan_context context;
	struct diagnostics warnings;
	pthread_mutex_t lock; /* of what the context says */
};

bool folder_is(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void folder_clear(struct folder *folder)
{
	for (size_t i = 0; i < folder->count; i++) {
		if (folder->plans)
			host_plan_clear(&folder->plans[i]);
		free(folder->files[i]);
	}
	free(folder->plans);
	free(folder->files);
	free(folder->context.matched);
	policy_free(folder->context.policy);
	diagnostics_clear(&folder->warnings);
}

/* Hidden files are none of ours. */
static int is_candidate(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_type != DT_DIR;
}

static enum verdict list_files(struct folder *folder)
{
	int count = scandir(folder->path, &folder->files, is_candidate, versionsort);

	if (count < 0 && errno == ENOMEM)
		memory_exhausted();
	if (count <= 0) {
		(void)fputs("sriovctl: ", stderr);
		style_print(stderr, STYLE_PLAIN, folder->path);
		(void)fprintf(stderr, ": %s\n",
			      count < 0 ? strerror(errno) : "there are no inventories in it");
		return VERDICT_USAGE;
	}
	folder->count = (size_t)count;
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
	CLEANUP_TEXT struct text path = { 0 };
	struct folder *folder = context;
	size_t i;

	while ((i = __atomic_fetch_add(&folder->next, 1, __ATOMIC_RELAXED)) < folder->count) {
		const char *name = folder->files[i]->d_name;

		path.length = 0;
		text_printf(&path, "%s/%s", folder->path, name);
		host_plan_make(&folder->context, memory_text(&path), name, &part,
			       &folder->plans[i]);
	}
	return NULL;
}

static size_t count_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 ? 1 : (size_t)CPU_COUNT(&set);
}

/* Plans for all hosts, a thread a processor; what cannot be started is left to those that were. */
static void plan_all(struct folder *folder)
{
	pthread_t threads[THREADS_MAX];
	size_t cpus = count_cpus(), started = 0;

	cpus = cpus < THREADS_MAX ? cpus : THREADS_MAX;
	while (started + 1 < cpus && started + 1 < folder->count &&
	       pthread_create(&threads[started], NULL, work, folder) == 0)
		started++;
	(void)work(folder);
	while (started > 0)
		(void)pthread_join(threads[--started], NULL);
}

static void warn_of_unmatched(struct folder *folder)
{
	const struct policy *policy = folder->context.policy;

	for (size_t i = 0; i < policy->n_rules; i++)
		if (!folder->context.matched[i])
			diagnostics_report(&folder->warnings, SEVERITY_WARNING,
					   &policy->rules[i].origin, NULL,
					   "rule '%s' matches no PF of any of these hosts",
					   policy->rules[i].name);
}

static void print_messages(struct folder *folder)
{
	for (size_t i = 0; i < folder->count; i++)
		if (folder->plans[i].errors)
			(void)fputs(folder->plans[i].errors, stderr);
	warn_of_unmatched(folder);
	diagnostics_sort(&folder->warnings);
	inputs_print_diagnostics(&folder->warnings);
}

static void print_hosts(const struct folder *folder)
{
	static const struct column columns[] = { { "HOST" }, { "STATE" }, { "WHY", COLUMN_WRAP } };
	CLEANUP_TABLE struct libscols_table *table = table_new(columns, ARRAY_SIZE(columns));

	for (size_t i = 0; i < folder->count; i++) {
		const struct host_plan *host_plan = &folder->plans[i];
		struct libscols_line *row;

		if (host_plan->state == HOST_PLAN_IN_SYNC)
			continue;
		row = table_row(table, NULL);
		table_cell(row, 0, STYLE_STRONG, folder->files[i]->d_name);
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

static struct group group_of(const struct folder *folder, size_t setting)
{
	struct group group = { 0 };

	for (size_t i = 0; i < folder->count; i++) {
		const struct host_plan_change *change = &folder->plans[i].changes[setting];

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

static void print_groups(const struct folder *folder)
{
	static const struct column columns[] = { { "DIFFERS" },
						 { "HOSTS", COLUMN_RIGHT },
						 { "PFS", COLUMN_RIGHT },
						 { "VFS", COLUMN_RIGHT } };
	CLEANUP_TABLE struct libscols_table *table = table_new(columns, ARRAY_SIZE(columns));
	bool any = false;

	for (size_t i = 0; i < HOST_PLAN_SETTINGS; i++) {
		struct group group = group_of(folder, i);
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

static void print_summary(const struct folder *folder)
{
	size_t counts[HOST_PLAN_STATE_COUNT] = { 0 };
	const char *separator = ": ";

	for (size_t i = 0; i < folder->count; i++)
		counts[folder->plans[i].state]++;
	printf("%s%zu host%s", counts[HOST_PLAN_IN_SYNC] < folder->count ? "\n" : "", folder->count,
	       folder->count == 1 ? "" : "s");
	for (enum host_plan_state state = 0; state < HOST_PLAN_STATE_COUNT; state++) {
		if (!counts[state] && state != HOST_PLAN_IN_SYNC)
			continue;
		printf("%s%zu %s", separator, counts[state], host_plan_state_name(state));
		separator = ", ";
	}
	putchar('\n');
}

/* A host a line. */
static void print_json(const struct folder *folder)
{
	for (size_t i = 0; i < folder->count; i++)
		printf("%s%s", i ? ",\n" : "[\n", folder->plans[i].json);
	puts("\n]");
}

static void print_text(const struct folder *folder)
{
	print_hosts(folder);
	print_groups(folder);
	print_summary(folder);
}

static enum verdict verdict_of(const struct folder *folder)
{
	enum verdict verdict = VERDICT_OK;

	for (size_t i = 0; i < folder->count; i++)
		verdict = verdict_worst(verdict, folder->plans[i].verdict);
	return verdict;
}

static enum verdict open_folder(const struct options *options, struct folder *folder)
{
	struct host_plan_context *context = &folder->context;
	enum verdict verdict = list_files(folder);

	if (verdict == VERDICT_OK)
		verdict = inputs_read_policy(options, NULL, &context->policy);
	if (verdict != VERDICT_OK)
		return verdict;
	folder->plans = MEMORY_REQUIRE(calloc(folder->count, sizeof(*folder->plans)));
	context->matched =
		MEMORY_REQUIRE(calloc(context->policy->n_rules + 1, sizeof(*context->matched)));
	context->json = options->json;
	context->warnings = &folder->warnings;
	context->lock = lock;
	context->unlock = unlock;
	context->locker = &folder->lock;
	return VERDICT_OK;
}

enum verdict folder_plan(const struct options *options)
{
	CLEANUP(folder_clear)
	struct folder folder = { .path = options->inventory, .lock = PTHREAD_MUTEX_INITIALIZER };
	enum verdict verdict;

	if (options->n_operands) {
		(void)fputs("sriovctl plan: with a folder of inventories no PF can be named\n",
			    stderr);
		return VERDICT_USAGE;
	}
	verdict = open_folder(options, &folder);
	if (verdict != VERDICT_OK)
		return verdict;
	plan_all(&folder);
	print_messages(&folder);
	if (options->json)
		print_json(&folder);
	else
		print_text(&folder);
	return verdict_of(&folder);
}

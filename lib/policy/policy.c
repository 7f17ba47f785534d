/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/policy.h"

#include <errno.h>
#include <string.h>

#include "policy/read/reader.h"
#include "util/duplicate.h"

const char *const policy_directories[3] = { "/etc/sriovd", "/run/sriovd", "/usr/lib/sriovd" };

/* The policy as it grows. */
struct builder {
	struct policy_reader reader;
	struct policy *policy;
	/* Of all rules, those of other hosts included. */
	struct origin *origins;
	const char **names;
	size_t n_names, origins_capacity, names_capacity;
};

/* Takes note of a rule's name, for finding those that are given twice. */
static int note_name(struct builder *builder, const struct rule *rule)
{
	struct arena *arena = builder->reader.arena;
	int r;

	if (!rule->name)
		return 0;
	r = arena_grow(arena, &builder->names, builder->n_names, &builder->names_capacity,
		       sizeof(*builder->names));
	if (r < 0)
		return r;
	r = arena_grow(arena, &builder->origins, builder->n_names, &builder->origins_capacity,
		       sizeof(*builder->origins));
	if (r < 0)
		return r;
	builder->names[builder->n_names] = rule->name;
	builder->origins[builder->n_names++] = rule->origin;
	return 0;
}

static int read_document(struct builder *builder, const struct document *document)
{
	struct policy *policy = builder->policy;
	struct policy_file *file = &policy->files[policy->n_files];
	int r;

	r = policy_file_read(&builder->reader, document, file);
	if (r < 0)
		return r;
	policy->n_files++;
	for (size_t i = 0; r >= 0 && i < file->n_rules; i++)
		r = note_name(builder, &file->rules[i]);
	return r;
}

static int copy_document(const struct document *document, struct arena *arena, struct document *ret)
{
	char *text = arena_alloc(arena, document->length + 1);

	if (!text)
		return -ENOMEM;
	if (document->length)
		memcpy(text, document->text, document->length);
	ret->text = text;
	ret->length = document->length;
	ret->name = arena_strdup(arena, document->name);
	return ret->name ? 0 : -ENOMEM;
}

static int read_documents(struct builder *builder, const struct document *documents, size_t count)
{
	struct arena *arena = builder->reader.arena;
	struct document *copies = arena_array(arena, count, sizeof(*copies));
	struct policy *policy = builder->policy;
	int r;

	policy->files = arena_array(arena, count, sizeof(*policy->files));
	if (!copies || !policy->files)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		r = copy_document(&documents[i], arena, &copies[i]);
		if (r == 0)
			r = read_document(builder, &copies[i]);
		if (r == -ENOMEM)
			return r;
	}
	return 0;
}

static int check_names(struct builder *builder)
{
	CLEANUP_FREE size_t *first = duplicates_find(builder->names, builder->n_names);

	if (!first)
		return -ENOMEM;
	for (size_t i = 0; i < builder->n_names; i++) {
		const struct origin *origin = &builder->origins[first[i]];

		if (first[i] != i)
			diagnostics_report(builder->reader.diagnostics, SEVERITY_ERROR,
					   &builder->origins[i], NULL,
					   "there is a rule %s already, at %s:%u:%u",
					   DIAGNOSTIC_QUOTE(builder->names[i]),
					   origin->document->name, origin->line, origin->column);
	}
	return 0;
}

static int policy_new(struct policy **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct policy *policy;
	int r;

	r = arena_new(&arena);
	if (r < 0)
		return r;
	policy = arena_alloc(arena, sizeof(*policy));
	if (!policy)
		return -ENOMEM;
	policy->resync_ms = POLICY_RESYNC_DEFAULT_MS;
	policy->boot_wait_ms = POLICY_BOOT_WAIT_DEFAULT_MS;
	policy->references = 1;
	policy->arena = TAKE(arena);
	*ret = policy;
	return 0;
}

/* Which files are for the host, a bool each, and how many rules these have. */
static int choose(const struct policy *all, const struct host *host, bool *chosen,
		  size_t *ret_n_rules)
{
	size_t n_rules = 0;

	for (size_t i = 0; i < all->n_files; i++) {
		int r = 0;

		chosen[i] = true;
		if (host)
			r = host_selector_fits(&all->files[i].selector, host, &chosen[i]);
		if (r < 0)
			return r;
		n_rules += chosen[i] ? all->files[i].n_rules : 0;
	}
	*ret_n_rules = n_rules;
	return 0;
}

static void adopt(struct policy *policy, const struct policy_file *file)
{
	for (size_t i = 0; i < file->n_rules; i++)
		policy->rules[policy->n_rules++] = file->rules[i];
	if (file->resync_ms != POLICY_TIME_UNSET)
		policy->resync_ms = file->resync_ms;
	if (file->boot_wait_ms != POLICY_TIME_UNSET)
		policy->boot_wait_ms = file->boot_wait_ms;
}

/* Fills a policy with what the chosen files of all say; policy may be all itself. */
static int adopt_chosen(struct policy *policy, const struct policy *all, const bool *chosen,
			size_t n_rules)
{
	policy->rules = arena_array(policy->arena, n_rules, sizeof(*policy->rules));
	if (!policy->rules)
		return -ENOMEM;
	for (size_t i = 0; i < all->n_files; i++)
		if (chosen[i])
			adopt(policy, &all->files[i]);
	return 0;
}

static int adopt_for_host(struct policy *policy, const struct host *host)
{
	size_t n_rules;
	int r;

	policy->chosen = arena_array(policy->arena, policy->n_files, sizeof(*policy->chosen));
	if (!policy->chosen)
		return -ENOMEM;
	r = choose(policy, host, policy->chosen, &n_rules);
	return r < 0 ? r : adopt_chosen(policy, policy, policy->chosen, n_rules);
}

static int copy_fact(const char *fact, struct arena *arena, const char **ret)
{
	*ret = fact ? arena_strdup(arena, fact) : NULL;
	return fact && !*ret ? -ENOMEM : 0;
}

static int copy_host(const struct host *host, struct arena *arena, struct host *ret)
{
	int r = copy_fact(host->hostname, arena, &ret->hostname);

	if (r >= 0)
		r = copy_fact(host->machine_id, arena, &ret->machine_id);
	if (r >= 0)
		r = copy_fact(host->kernel_command_line, arena, &ret->kernel_command_line);
	return r < 0 ? r : copy_fact(host->product_name, arena, &ret->product_name);
}

static int keep_note(struct policy *policy, const struct diagnostic *note)
{
	struct left_out *masked = &policy->masked[policy->n_masked];
	struct document *document = arena_alloc(policy->arena, sizeof(*document));

	if (!document)
		return -ENOMEM;
	document->text = "";
	document->name = arena_strdup(policy->arena, note->origin.document->name);
	masked->origin.document = document;
	masked->reason = arena_strdup(policy->arena, note->message);
	if (!document->name || !masked->reason)
		return -ENOMEM;
	policy->n_masked++;
	return 0;
}

/* Of files that are masked. */
static int take_notes(struct policy *policy, struct diagnostics *diagnostics)
{
	policy->masked = arena_array(policy->arena, diagnostics_count(diagnostics, SEVERITY_NOTE),
				     sizeof(*policy->masked));
	if (!policy->masked)
		return -ENOMEM;
	for (size_t i = 0; i < diagnostics->count; i++)
		if (diagnostics->items[i].severity == SEVERITY_NOTE &&
		    keep_note(policy, &diagnostics->items[i]) < 0)
			return -ENOMEM;
	diagnostics_remove(diagnostics, SEVERITY_NOTE);
	return 0;
}

int policy_read(const struct document *documents, size_t n_documents, const struct host *host,
		struct diagnostics *diagnostics, struct policy **ret)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	struct builder builder = { .reader = { .diagnostics = diagnostics } };
	size_t errors = diagnostics->errors;
	int r;

	r = policy_new(&policy);
	if (r < 0)
		return r;
	builder.policy = policy;
	builder.reader.arena = policy->arena;
	r = read_documents(&builder, documents, n_documents);
	if (r < 0)
		return r;
	r = check_names(&builder);
	if (r < 0)
		return r;
	diagnostics_sort(diagnostics);
	if (diagnostics->failed)
		return -ENOMEM;
	if (diagnostics->errors > errors)
		return -EINVAL;
	r = take_notes(policy, diagnostics);
	if (r >= 0)
		r = adopt_for_host(policy, host);
	if (r >= 0 && host)
		r = copy_host(host, policy->arena, &policy->host);
	if (r < 0)
		return r;
	*ret = TAKE(policy);
	return 0;
}

int policy_select(struct policy *all, const struct host *host, struct policy *like,
		  struct policy **ret)
{
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	size_t n_rules;
	int r;

	r = policy_new(&policy);
	if (r < 0)
		return r;
	policy->chosen = arena_array(policy->arena, all->n_files, sizeof(*policy->chosen));
	if (!policy->chosen)
		return -ENOMEM;
	r = choose(all, host, policy->chosen, &n_rules);
	if (r < 0)
		return r;
	if (like && !memcmp(like->chosen, policy->chosen, all->n_files * sizeof(*all->chosen))) {
		*ret = policy_ref(like);
		return 0;
	}
	policy->whole = policy_ref(all);
	r = adopt_chosen(policy, all, policy->chosen, n_rules);
	if (r < 0)
		return r;
	*ret = TAKE(policy);
	return 0;
}

struct policy *policy_ref(struct policy *policy)
{
	__atomic_fetch_add(&policy->references, 1, __ATOMIC_RELAXED);
	return policy;
}

void policy_free(struct policy *policy)
{
	struct policy *whole;

	if (!policy || __atomic_sub_fetch(&policy->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	whole = policy->whole;
	arena_free(policy->arena);
	policy_free(whole);
}

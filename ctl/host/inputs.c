/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "document/document_file.h"
#include "document/yaml.h"
#include "host/config_space.h"
#include "host/policy_files.h"
#include "kernel/facts.h"
#include "kernel/linux.h"
#include "kernel/survey/survey.h"
#include "memory.h"
#include "options.h"
#include "policy/left_out.h"
#include "print/json.h"
#include "print/warnings.h"
#include "style.h"
#include "util/directory.h"

void inputs_clear(struct inputs *inputs)
{
	inventory_clear(&inputs->inventory);
	policy_free(inputs->policy);
	kernel_free(inputs->kernel);
	*inputs = (struct inputs){ 0 };
}

/* Says why, as an answer of the kernel; -ENOMEM does not return. */
static enum verdict failure(const char *what, int r)
{
	if (r == -ENOMEM)
		memory_exhausted();
	(void)fprintf(stderr, "sriovctl: %s: %s\n", what, strerror(-r));
	return VERDICT_FAILED;
}

int inputs_read_inventory(const char *folder, const char *name, struct diagnostics *diagnostics,
			  struct inventory *ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct document document;
	int r;

	if (folder)
		r = document_file_read_beneath(folder, name, YAML_SIZE_MAX, arena, diagnostics,
					       &document);
	else
		r = document_file_read(name, YAML_SIZE_MAX, arena, diagnostics, &document);
	if (r == 0)
		r = inventory_read(&document, diagnostics, ret);
	if (r == -ENOMEM)
		memory_exhausted();
	return r;
}

/* In the place of the document that there is none of. */
static void print_errors(const struct diagnostics *diagnostics)
{
	struct json_object *document = json_new_object(), *array = json_new_array();

	for (size_t i = 0; i < diagnostics->count; i++)
		json_append(array, json_diagnostic(&diagnostics->items[i]));
	json_set(document, "errors", array);
	json_print(document);
}

static enum verdict open_inventory(const struct options *options, struct inputs *inputs)
{
	const char *path = options->inventory;
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	int r;

	if (directory_check(path) >= 0) {
		(void)fputs("sriovctl: ", stderr);
		style_print(stderr, STYLE_PLAIN, path);
		(void)fputs(": only plan reads a folder of inventories; name a file of it\n",
			    stderr);
		return VERDICT_USAGE;
	}
	r = inputs_read_inventory(NULL, path, &diagnostics, &inputs->inventory);
	warnings_print_diagnostics(&diagnostics);
	if (r < 0 && options->json)
		print_errors(&diagnostics);
	return r < 0 ? VERDICT_USAGE : VERDICT_OK;
}

/* A PF that went away meanwhile is as one that was not there. */
static int find_holders(struct kernel *kernel, struct pf *pf)
{
	int r = kernel->find_holders(kernel, pf, KERNEL_PF);

	if (r >= 0)
		r = kernel->find_holders(kernel, pf, KERNEL_ALL_VFS);
	if (r < 0)
		pf_free(pf);
	return r;
}

/* A PF of which the kernel reports nothing keeps no other from being looked at. */
static void observe(struct inputs *inputs, const char *handle)
{
	CLEANUP_TEXT struct text what = { 0 };
	struct pf *pf;
	int r;

	r = inputs->kernel->observe(inputs->kernel, handle, &pf);
	if (r >= 0)
		r = find_holders(inputs->kernel, pf);
	if (r == -ENODEV) /* it went away since it was listed */
		return;
	if (r < 0) {
		text_append(&what, "cannot observe ");
		text_append_quoted(&what, handle);
		(void)failure(memory_text(&what), r);
		inputs->partial = true;
		return;
	}
	if (pf_list_add(&inputs->inventory.pfs, pf) < 0)
		memory_exhausted();
}

static enum verdict open_kernel(const char *root, struct inputs *inputs)
{
	struct arena *arena = inputs->inventory.arena = memory_arena();
	const char **handles;
	size_t count;
	int r;

	r = facts_read_host(root, arena, &inputs->inventory.host);
	if (r < 0)
		return failure("cannot read what host this is", r);
	r = kernel_linux_new(&inputs->kernel);
	if (r < 0)
		return failure("cannot talk to the kernel", r);
	r = inputs->kernel->list(inputs->kernel, arena, &handles, &count);
	if (r < 0)
		return failure("cannot list the PFs of this host", r);
	for (size_t i = 0; i < count; i++)
		observe(inputs, handles[i]);
	pf_list_sort(&inputs->inventory.pfs);
	return VERDICT_OK;
}

enum verdict inputs_open(const struct options *options, struct inputs *ret)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	enum verdict verdict;

	verdict = options->inventory ? open_inventory(options, &inputs)
				     : open_kernel(options->root, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	*ret = inputs;
	inputs = (struct inputs){ 0 };
	return VERDICT_OK;
}

int inputs_read_documents(const struct options *options, bool tells_others, struct arena *arena,
			  struct diagnostics *diagnostics, struct document **ret, size_t *ret_count)
{
	if (options->inventory && strcmp(options->inventory, "-") == 0)
		for (size_t i = 0; i < options->policies.count; i++)
			if (strcmp(options->policies.items[i], "-") == 0)
				return diagnostics_error(
					diagnostics, NULL, NULL,
					"standard input cannot be both inventory and policy");
	return policy_files_read(options->root, options->policies.items, options->policies.count,
				 tells_others, arena, diagnostics, ret, ret_count);
}

enum verdict inputs_read_policy(const struct options *options, const struct host *host,
				struct policy **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document *documents = NULL;
	size_t count = 0;
	int r;

	r = inputs_read_documents(options, false, arena, &diagnostics, &documents, &count);
	if (r == 0)
		r = policy_read(documents, count, host, &diagnostics, ret);
	if (r == -ENOMEM)
		memory_exhausted();
	warnings_print_diagnostics(&diagnostics);
	if (r < 0 && options->json)
		print_errors(&diagnostics);
	return r < 0 ? VERDICT_USAGE : VERDICT_OK;
}

void inputs_add_left_out(const struct policy *policy, const struct host *host,
			 struct diagnostics *diagnostics)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct left_out_list list;

	if (left_out_find(policy, host, arena, &list) < 0)
		memory_exhausted();
	for (size_t i = 0; i < list.count; i++)
		diagnostics_report(diagnostics, SEVERITY_NOTE, &list.items[i].origin, NULL, "%s",
				   list.items[i].reason);
}

enum verdict inputs_read_facts(const struct options *options, struct inputs *inputs)
{
	int r = 0;

	if (!options->inventory)
		r = survey_host(options->root, inputs->inventory.arena, &inputs->inventory.facts);
	/* libpci knows no root but "/". */
	if (r >= 0 && !options->inventory && !options->root)
		config_space_read(inputs->inventory.arena, inputs->inventory.facts);
	return r < 0 ? failure("cannot read the facts of this host", r) : VERDICT_OK;
}

enum verdict inputs_open_with_policy(const struct options *options, struct inputs *ret)
{
	CLEANUP_INPUTS struct inputs inputs = { 0 };
	enum verdict verdict;

	verdict = inputs_open(options, &inputs);
	if (verdict == VERDICT_OK)
		verdict = inputs_read_policy(options, &inputs.inventory.host, &inputs.policy);
	if (verdict != VERDICT_OK)
		return verdict;
	*ret = inputs;
	inputs = (struct inputs){ 0 };
	return VERDICT_OK;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "document/dropin.h"
#include "document/yaml.h"
#include "kernel/facts.h"
#include "kernel/linux.h"
#include "memory.h"
#include "options.h"
#include "print/warnings.h"

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

int inputs_read_inventory(const char *path, struct diagnostics *diagnostics, struct inventory *ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	struct document document;
	int r;

	r = dropin_read_file(path, YAML_SIZE_MAX, arena, diagnostics, &document);
	if (r == 0)
		r = inventory_read(&document, diagnostics, ret);
	if (r == -ENOMEM)
		memory_exhausted();
	return r;
}

static enum verdict open_inventory(const char *path, struct inputs *inputs)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	int r = inputs_read_inventory(path, &diagnostics, &inputs->inventory);

	warnings_print_diagnostics(&diagnostics);
	return r < 0 ? VERDICT_USAGE : VERDICT_OK;
}

/* A PF that went away meanwhile is as one that was not there. */
static int find_holders(struct kernel *kernel, struct pf *pf)
{
	int r = kernel->find_holders(kernel, pf, KERNEL_ALL_VFS);

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
		text_append_escaped(&what, handle);
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

	verdict = options->inventory ? open_inventory(options->inventory, &inputs)
				     : open_kernel(options->root, &inputs);
	if (verdict != VERDICT_OK)
		return verdict;
	*ret = inputs;
	inputs = (struct inputs){ 0 };
	return VERDICT_OK;
}

static bool is_standard(const char *directory)
{
	for (size_t i = 0; i < ARRAY_SIZE(policy_directories); i++) {
		size_t length = strlen(policy_directories[i]);

		if (strncmp(directory, policy_directories[i], length) == 0 &&
		    directory[length + strspn(directory + length, "/")] == '\0')
			return true;
	}
	return false;
}

/* The rule on owner and mode holds as soon as one of the directories is the system's own. */
static bool must_trust(const struct options *options)
{
	for (size_t i = 0; i < options->policies.count; i++)
		if (is_standard(options->policies.items[i]))
			return true;
	return options->policies.count == 0;
}

/* The standard directories may well not exist; one that the user named must. */
static void require_directories(const struct options *options, struct diagnostics *diagnostics)
{
	for (size_t i = 0; i < options->policies.count; i++) {
		CLEANUP_TEXT struct text path = { 0 };
		struct document document = { 0 };
		const struct origin origin = { .document = &document };
		struct stat status;

		text_printf(&path, "%s%s%s", options->root ? options->root : "",
			    options->root ? "/" : "", options->policies.items[i]);
		document.name = memory_text(&path);
		if (stat(document.name, &status) < 0)
			diagnostics_report(diagnostics, SEVERITY_ERROR, &origin, NULL,
					   "cannot be read: %s", strerror(errno));
		else if (!S_ISDIR(status.st_mode))
			diagnostics_report(diagnostics, SEVERITY_ERROR, &origin,
					   "'sriovctl check FILE' reads a file",
					   "is not a directory");
	}
}

int inputs_read_documents(const struct options *options, struct arena *arena,
			  struct diagnostics *diagnostics, struct document **ret, size_t *ret_count)
{
	const struct dropin_options dropin = {
		.root = options->root,
		.suffix = ".yaml",
		.size_max = YAML_SIZE_MAX,
		.trusted_only = must_trust(options),
	};
	const char *const *directories = policy_directories;
	size_t n_directories = ARRAY_SIZE(policy_directories);

	if (options->policies.count) {
		directories = options->policies.items;
		n_directories = options->policies.count;
	}
	require_directories(options, diagnostics);
	if (diagnostics->errors)
		return -EINVAL;
	return dropin_read(directories, n_directories, &dropin, arena, diagnostics, ret, ret_count);
}

enum verdict inputs_read_policy(const struct options *options, const struct host *host,
				struct policy **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = memory_arena();
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document *documents = NULL;
	size_t count = 0;
	int r;

	r = inputs_read_documents(options, arena, &diagnostics, &documents, &count);
	if (r == 0)
		r = policy_read(documents, count, host, &diagnostics, ret);
	if (r == -ENOMEM)
		memory_exhausted();
	warnings_print_diagnostics(&diagnostics);
	return r < 0 ? VERDICT_USAGE : VERDICT_OK;
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/pass.h"
#include "document/yaml.h"
#include "fake_kernel.h"
#include "policy/resolve/resolve.h"
#include "util/text.h"

void harness_fail(const char *file, int line, const char *what)
{
	(void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

char *harness_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	REQUIRE(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

struct nlmsghdr *harness_message(const uint8_t *data, size_t size)
{
	struct nlmsghdr *message = malloc(size);

	REQUIRE(message && size >= sizeof(*message));
	memcpy(message, data, size);
	if (message->nlmsg_len > size)
		message->nlmsg_len = (uint32_t)size;
	return message;
}

static void describe(const struct desired *desired, const struct plan *plan, struct text *out)
{
	for (size_t i = 0; i < desired->n_problems; i++)
		text_printf(out, "%s\n", desired->problems[i].message);
	for (size_t i = 0; i < plan->n_steps; i++) {
		step_describe(&plan->steps[i], out);
		text_printf(out, " (%s) %s\n", disruption_word(plan->steps[i].disruption),
			    plan->steps[i].block.why ? plan->steps[i].block.why : "");
	}
	REQUIRE(!out->failed);
}

static void plan_text(const struct policy *policy, const struct host *host, const struct pf *pf,
		      struct text *out)
{
	CLEANUP(desired_free_cleanup) struct desired *desired = NULL;
	CLEANUP(plan_free_cleanup) struct plan *plan = NULL;

	REQUIRE(policy_resolve(policy, host, pf, &desired) == 0);
	REQUIRE(plan_make(desired->pf, pf, NULL, &plan) == 0);
	for (size_t i = 1; i < plan->n_steps; i++)
		REQUIRE(plan->steps[i - 1].target.kind <= plan->steps[i].target.kind);
	REQUIRE(plan->n_ready + plan->n_blocked + plan->n_refused == plan->n_steps);
	describe(desired, plan, out);
}

static void run_pass(struct fake_kernel *fake, struct policy *policy, const struct host *host,
		     struct knowledge *knowledge, struct pass **ret)
{
	const struct pass_options options = { 0 };

	text_clear(&fake->calls);
	REQUIRE(pass_run(&fake->kernel, policy, host, fake->pf->handle, knowledge, &options, ret) ==
		0);
}

/* What a kernel that takes everything is left with: no step that could be done, and nothing that a
 * second pass would write. */
static void converge(struct policy *policy, const struct host *host, struct pf *pf)
{
	CLEANUP(knowledge_free_cleanup) struct knowledge *knowledge = NULL;
	CLEANUP(pass_free_cleanup) struct pass *first = NULL, *second = NULL;
	struct fake_kernel fake;

	fake_kernel_init(&fake, pf);
	REQUIRE(knowledge_new(&knowledge) == 0);
	run_pass(&fake, policy, host, knowledge, &first);
	if (!desired_is_managed(first->desired) || first->passive)
		REQUIRE(fake.calls.length == 0 || !strcmp(fake.calls.data, "release\n"));
	else if (first->remaining)
		REQUIRE(first->remaining->n_ready == 0 && first->remaining->n_refused == 0);
	run_pass(&fake, policy, host, knowledge, &second);
	REQUIRE(fake.calls.length == 0);
	REQUIRE(first->state == second->state);
	/* The PF is the caller's. */
	fake.pf = NULL;
	fake_kernel_clear(&fake);
}

/* More VFs than this make an input slow and show nothing new. */
#define VFS_MAX 300u

static bool asks_for_many(const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct value *vfs = VALUES_GET(&policy->rules[i].settings, PF_VFS);

		if (vfs && vfs->number > VFS_MAX)
			return true;
	}
	return false;
}

void harness_pipeline(struct policy *policy, const struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->pfs.count; i++) {
		CLEANUP_TEXT struct text once = { 0 }, again = { 0 };
		struct pf *pf = inventory->pfs.items[i];

		if ((!pf->totalvfs || pf->totalvfs > VFS_MAX) && asks_for_many(policy))
			continue;
		plan_text(policy, &inventory->host, pf, &once);
		plan_text(policy, &inventory->host, pf, &again);
		REQUIRE(!strcmp(text_string(&once), text_string(&again)));
		converge(policy, &inventory->host, pf);
	}
}

static void check_value(const struct setting *setting, const struct value *value)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_TEXT struct text text = { 0 };
	struct document document = { .name = "value" };
	struct yaml_node *node = NULL;
	struct value back;

	value_format(setting, value, &text);
	REQUIRE(!text.failed && arena_new(&arena) == 0);
	document.text = text_string(&text);
	document.length = text.length;
	REQUIRE(yaml_read(&document, arena, &diagnostics, &node) == 0 && node);
	REQUIRE(value_read(setting, node, arena, &diagnostics, &back) == 0);
	REQUIRE(value_equal(setting, value, &back));
}

static void check_entry(const struct vf_entry *entry)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++)
		if (VALUES_GET(&entry->settings, i))
			check_value(&vf_settings[i], &entry->settings.value[i]);
}

void harness_values(const struct policy *policy)
{
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct rule *rule = &policy->rules[i];

		for (enum pf_setting k = 0; k < PF_SETTING_COUNT; k++)
			if (VALUES_GET(&rule->settings, k))
				check_value(&pf_settings[k], &rule->settings.value[k]);
		for (size_t k = 0; k < rule->n_entries; k++)
			check_entry(&rule->entries[k]);
	}
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "survey.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "memory.h"
#include "policy/match.h"
#include "select.h"

void survey_clear(struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++) {
		pass_free(survey->items[i].pass);
		knowledge_free(survey->items[i].knowledge);
	}
	arena_free(survey->arena);
	*survey = (struct survey){ 0 };
}

static bool is_managed(const struct policy *policy, const struct pf *pf)
{
	for (size_t i = 0; i < policy->n_rules; i++)
		if (rule_matches(&policy->rules[i], pf, NULL))
			return true;
	return false;
}

static void add_subject(struct survey *survey, struct pf **slot)
{
	struct subject *subject = &survey->items[survey->count];

	*subject = (struct subject){ .handle = (*slot)->handle, .slot = slot };
	if (knowledge_new(&subject->knowledge) < 0)
		memory_exhausted();
	survey->count++;
}

static void add_subjects(struct survey *survey, struct pf_list *pfs, const bool *wanted)
{
	survey->items =
		MEMORY_REQUIRE(arena_array(survey->arena, pfs->count + 1, sizeof(*survey->items)));
	for (size_t i = 0; i < pfs->count; i++)
		if (wanted[i])
			add_subject(survey, &pfs->items[i]);
}

void survey_open_all(struct scene *scene, bool with_absents, struct survey *ret)
{
	struct survey survey = { .arena = memory_arena() };
	struct pf_list *pfs = &scene->inventory.pfs;
	bool *wanted = MEMORY_REQUIRE(arena_array(survey.arena, pfs->count + 1, sizeof(*wanted)));

	for (size_t i = 0; i < pfs->count; i++)
		wanted[i] = is_managed(scene->policy, pfs->items[i]);
	add_subjects(&survey, pfs, wanted);
	if (with_absents)
		survey.absents = absent_find(scene->policy, pfs, survey.arena, &survey.n_absents);
	*ret = survey;
}

enum verdict survey_open(const struct options *options, struct scene *scene, struct survey *ret)
{
	CLEANUP_SURVEY struct survey survey = { 0 };
	struct pf_list *pfs = &scene->inventory.pfs;
	bool *wanted;

	if (!options->n_operands) {
		survey_open_all(scene, true, ret);
		return VERDICT_OK;
	}
	survey.arena = memory_arena();
	wanted = MEMORY_REQUIRE(arena_array(survey.arena, pfs->count + 1, sizeof(*wanted)));
	if (!select_pfs(pfs, options->operands, options->n_operands, wanted))
		return VERDICT_FAILED;
	add_subjects(&survey, pfs, wanted);
	*ret = survey;
	survey = (struct survey){ 0 };
	return VERDICT_OK;
}

void survey_look(struct scene *scene, struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++) {
		struct subject *subject = &survey->items[i];

		/* It asks nothing of a kernel: only memory can be short. */
		if (pass_plan(scene->policy, &scene->inventory.host, *subject->slot,
			      subject->knowledge, &subject->pass) < 0)
			memory_exhausted();
		*subject->slot = NULL;
	}
}

int survey_apply(struct scene *scene, struct subject *subject, const char *lock_dir)
{
	const struct pass_options options = { .lock_dir = lock_dir };
	CLEANUP_TEXT struct text text = { 0 };
	struct pass *pass;
	int r;

	r = pass_run(scene->kernel, scene->policy, &scene->inventory.host, subject->handle,
		     subject->knowledge, &options, &pass);
	if (r == -ENOMEM)
		memory_exhausted();
	if (r < 0) {
		text_append_escaped(&text, pf_name(*subject->slot));
		(void)fprintf(stderr, "sriovctl: %s: %s\n", memory_text(&text),
			      r == -ENODEV ? "the PF is gone" : strerror(-r));
		return r;
	}
	pass_free(subject->pass);
	subject->pass = pass;
	return 0;
}

void survey_print_problems(const struct survey *survey)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };

	for (size_t i = 0; i < survey->count; i++) {
		const struct pass *pass = survey->items[i].pass;

		for (size_t k = 0; pass && k < pass->desired->n_problems; k++)
			diagnostics_report(&diagnostics, SEVERITY_WARNING,
					   &pass->desired->problems[k].origin, NULL, "%s: %s",
					   pf_name(pass->observed),
					   pass->desired->problems[k].message);
	}
	scene_print_diagnostics(&diagnostics);
}

void survey_rules(const struct subject *subject, struct text *out)
{
	const struct desired *desired = subject->pass->desired;

	for (size_t i = 0; i < desired->n_rules; i++)
		text_printf(out, "%s%s", i ? ", " : "", desired->rules[i]->name);
	if (!desired->n_rules)
		text_append(out, "none");
}

void survey_print_pf(const struct pf *pf)
{
	CLEANUP_TEXT struct text text = { 0 };

	style_print(stdout, STYLE_STRONG, pf_name(pf));
	text_printf(&text, " (%s%s%s)", pf->address, pf->driver ? ", " : "",
		    pf->driver ? pf->driver : "");
	style_print(stdout, STYLE_PLAIN, memory_text(&text));
}

void survey_print_heading(const struct subject *subject)
{
	CLEANUP_TEXT struct text text = { 0 };

	survey_print_pf(subject->pass->observed);
	text_append(&text, ", rules: ");
	survey_rules(subject, &text);
	style_print(stdout, STYLE_PLAIN, memory_text(&text));
	putchar('\n');
}

void survey_print_state(const struct subject *subject, enum style style)
{
	const char *reason = subject->pass->reason;

	fputs("  ", stdout);
	style_print(stdout, style, pf_state_name(subject->pass->state));
	fputs(*reason ? ": " : "", stdout);
	style_print(stdout, STYLE_PLAIN, reason);
	putchar('\n');
}

bool survey_observes_only(const struct subject *subject)
{
	const struct value *mode = VALUES_GET(&subject->pass->desired->pf->settings, PF_MODE);

	return mode && mode->number == MODE_OBSERVE;
}

static struct json_object *problems_json(const struct desired *desired)
{
	struct json_object *array = json_new_array();

	for (size_t i = 0; i < desired->n_problems; i++) {
		struct json_object *object = json_new_object();

		json_set_text(object, "message", desired->problems[i].message);
		json_set_origin(object, "origin", &desired->problems[i].origin);
		json_append(array, object);
	}
	return array;
}

struct json_object *survey_json(const struct subject *subject)
{
	const struct pass *pass = subject->pass;
	struct json_object *object = json_new_object();
	struct json_object *rules = json_new_array();

	for (size_t i = 0; i < pass->desired->n_rules; i++)
		json_append(rules, json_text(pass->desired->rules[i]->name));
	json_set_text(object, "handle", pass->observed->handle);
	json_set_text(object, "name", pf_name(pass->observed));
	json_set_text(object, "address", pass->observed->address);
	json_set_text(object, "driver", pass->observed->driver);
	json_set(object, "rules", rules);
	json_set_text(object, "mode", survey_observes_only(subject) ? "observe" : "enforce");
	json_set_text(object, "state", pf_state_name(pass->state));
	json_set_text(object, "reason", pass->reason);
	json_set(object, "problems", problems_json(pass->desired));
	return object;
}

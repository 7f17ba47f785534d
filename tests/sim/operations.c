/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operations.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "document/yaml.h"

#define LINE_MAX_BYTES 256

/* One operation, as it is done. */
struct operation {
	const struct stage *stage;
	struct kernel *kernel;
	const struct pf *pf;
	struct arena *arena;
	const char *text; /* what comes after its word */
	/* What is to be read back. */
	void (*show)(const struct operation *operation, const struct pf *now, struct text *out);
	uint32_t vf;
	unsigned shown;	    /* an enum vf_setting; VF_SETTING_COUNT: all of its layer */
	struct value value; /* that was written */
};

static int find_setting(const struct setting *settings, unsigned n, const char *key, unsigned *ret)
{
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(settings[i].key, key))
			continue;
		*ret = i;
		return 0;
	}
	return -EUCLEAN;
}

static void show_value(const struct setting *setting, const struct value *value, struct text *out)
{
	text_printf(out, " %s ", setting->key);
	if (value)
		value_format(setting, value, out);
	else
		text_append(out, "unknown");
}

/* Not what only sriovd knows. */
static void show_pf(const struct operation *operation, const struct pf *now, struct text *out)
{
	(void)operation;
	for (unsigned i = 0; i < PF_SETTING_COUNT; i++)
		if (pf_settings[i].when != SETTING_NEVER)
			show_value(&pf_settings[i], VALUES_GET(&now->settings, i), out);
	text_append(out, now->drivers_held ? " held" : "");
}

static void show_function(const struct operation *operation, const struct pf *now, struct text *out)
{
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++)
		if (operation->vf < now->n_vfs && vf_settings[i].layer == VF_LAYER_FUNCTION &&
		    (operation->shown == VF_SETTING_COUNT || operation->shown == i))
			show_value(&vf_settings[i],
				   VALUES_GET(&now->vfs[operation->vf].settings, i), out);
}

/* Its device and its network device. Of names those that others gave are left out. */
static void show_device(const struct operation *operation, const struct pf *now, struct text *out)
{
	const struct vf *vf = &now->vfs[operation->vf];

	if (operation->vf >= now->n_vfs)
		return;
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].layer != VF_LAYER_FUNCTION && i != VF_ALTNAME)
			show_value(&vf_settings[i], VALUES_GET(&vf->settings, i), out);
	if (operation->shown == VF_ALTNAME && operation->value.name)
		text_printf(out, " has the name: %d", vf_has(vf, VF_ALTNAME, &operation->value));
	text_printf(out, ", for %s, %s", vf->driver_override ? vf->driver_override : "any driver",
		    vf->ifname ? "a network device" : "no network device");
}

/* Of addresses also those that policies refuse. */
static int read_value(const struct setting *setting, const char *text, struct arena *arena,
		      struct value *ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document document = { "table", text, strlen(text) };
	struct yaml_node *node;
	int r;

	*ret = (struct value){ 0 };
	if (setting->type == VALUE_MAC && mac_parse(text, &ret->mac) == 0)
		return 0;
	r = yaml_read(&document, arena, &diagnostics, &node);
	if (r >= 0)
		r = value_read(setting, node, arena, &diagnostics, ret);
	return r < 0 ? -EUCLEAN : 0;
}

static int write_change(struct operation *operation, struct vf_change *change)
{
	struct kernel_error error = { 0 };

	return operation->kernel->write_vfs(operation->kernel, operation->pf, change, 1, &error);
}

/* "VF SETTING VALUE" */
static int read_setting(struct operation *operation)
{
	char key[32];
	int length, r;

	if (sscanf(operation->text, "%u %31s %n", &operation->vf, key, &length) != 2)
		return -EUCLEAN;
	r = find_setting(vf_settings, VF_SETTING_COUNT, key, &operation->shown);
	return r < 0 ? r
		     : read_value(&vf_settings[operation->shown], operation->text + length,
				  operation->arena, &operation->value);
}

static int do_set(struct operation *operation)
{
	const struct pf *pf = operation->pf;
	struct vf_change change = { 0 };
	int r = read_setting(operation);

	if (r < 0)
		return r;
	operation->show = show_function;
	change.index = operation->vf;
	change.mask = SETTING_BIT(operation->shown);
	if (operation->vf < pf->n_vfs)
		change.values = pf->vfs[operation->vf].settings;
	VALUES_SET(&change.values, operation->shown, operation->value);
	return write_change(operation, &change);
}

static int do_give(struct operation *operation)
{
	struct kernel_error error = { 0 };
	int r = read_setting(operation);

	if (r < 0)
		return r;
	operation->show = show_device;
	return operation->kernel->write_vf(operation->kernel, operation->pf, operation->vf,
					   operation->shown, &operation->value, &error);
}

static int do_rates(struct operation *operation)
{
	struct vf_change change = { .mask = SETTING_BIT(VF_MIN_TX_RATE) |
					    SETTING_BIT(VF_MAX_TX_RATE) };
	unsigned min, max;

	if (sscanf(operation->text, "%u %u %u", &operation->vf, &min, &max) != 3)
		return -EUCLEAN;
	operation->show = show_function;
	change.index = operation->vf;
	VALUES_SET(&change.values, VF_MIN_TX_RATE, (struct value){ .number = min });
	VALUES_SET(&change.values, VF_MAX_TX_RATE, (struct value){ .number = max });
	return write_change(operation, &change);
}

static int do_show(struct operation *operation)
{
	operation->show = show_function;
	return sscanf(operation->text, "%u", &operation->vf) == 1 ? 0 : -EUCLEAN;
}

static int do_device(struct operation *operation)
{
	operation->show = show_device;
	return sscanf(operation->text, "%u", &operation->vf) == 1 ? 0 : -EUCLEAN;
}

static int do_numvfs(struct operation *operation)
{
	unsigned n;

	if (sscanf(operation->text, "%u", &n) != 1)
		return -EUCLEAN;
	return operation->kernel->write_numvfs(operation->kernel, operation->pf, n);
}

static int do_wait(struct operation *operation)
{
	unsigned seconds;

	if (sscanf(operation->text, "%u", &seconds) != 1)
		return -EUCLEAN;
	operation->stage->wait(operation->stage->context, seconds);
	return 0;
}

static int write_pf(struct operation *operation, enum pf_setting setting)
{
	struct kernel_error error = { 0 };

	return operation->kernel->write_pf(operation->kernel, operation->pf, setting,
					   &operation->value, &error);
}

static int do_mtu(struct operation *operation)
{
	unsigned mtu;

	if (sscanf(operation->text, "%u", &mtu) != 1)
		return -EUCLEAN;
	operation->value = (struct value){ .number = mtu };
	return write_pf(operation, PF_MTU);
}

static int do_up(struct operation *operation)
{
	operation->value = (struct value){ .number = 1 };
	return write_pf(operation, PF_UP);
}

static int do_autoprobe(struct operation *operation)
{
	operation->value = (struct value){ .number = !strcmp(operation->text, "true") };
	return write_pf(operation, PF_DRIVERS_AUTOPROBE);
}

static int do_hold(struct operation *operation)
{
	return operation->kernel->hold_drivers(operation->kernel, operation->pf);
}

static int do_release(struct operation *operation)
{
	return operation->kernel->release_drivers(operation->kernel, operation->pf);
}

static int do_unbind(struct operation *operation)
{
	return operation->kernel->unbind_vfs(operation->kernel, operation->pf);
}

static int do_eswitch(struct operation *operation)
{
	unsigned setting;
	char key[32];
	int length, r;

	if (sscanf(operation->text, "%31s %n", key, &length) != 1)
		return -EUCLEAN;
	r = find_setting(pf_settings, PF_SETTING_COUNT, key, &setting);
	if (r >= 0)
		r = read_value(&pf_settings[setting], operation->text + length, operation->arena,
			       &operation->value);
	return r < 0 ? r : write_pf(operation, (enum pf_setting)setting);
}

static const struct {
	const char *word;
	int (*run)(struct operation *operation);
} kinds[] = {
	{ "set", do_set },	   { "rates", do_rates },     { "show", do_show },
	{ "give", do_give },	   { "device", do_device },   { "numvfs", do_numvfs },
	{ "mtu", do_mtu },	   { "up", do_up },	      { "autoprobe", do_autoprobe },
	{ "hold", do_hold },	   { "release", do_release }, { "unbind", do_unbind },
	{ "eswitch", do_eswitch }, { "wait", do_wait },
};

static int run(struct operation *operation, const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t length = strlen(kinds[i].word);

		if (strncmp(line, kinds[i].word, length) || (line[length] && line[length] != ' '))
			continue;
		operation->text = line + length + strspn(line + length, " ");
		return kinds[i].run(operation);
	}
	return -EUCLEAN;
}

static int run_line(const struct stage *stage, const char *line, FILE *out)
{
	struct kernel *kernel = stage->kernel;
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP(pf_free_cleanup) struct pf *before = NULL, *after = NULL;
	struct operation operation = {
		.stage = stage, .kernel = kernel, .show = show_pf, .shown = VF_SETTING_COUNT
	};
	CLEANUP_TEXT struct text text = { 0 };
	int result, r = arena_new(&arena);

	if (r >= 0)
		r = kernel->observe(kernel, stage->handle, &before);
	if (r < 0)
		return r;
	operation.pf = before;
	operation.arena = arena;
	result = run(&operation, line);
	if (result == -EUCLEAN)
		return result;
	r = kernel->observe(kernel, stage->handle, &after);
	if (r < 0)
		return r;
	operation.show(&operation, after, &text);
	(void)fprintf(out, "%s | %s |%s\n", line, result < 0 ? strerrorname_np(-result) : "done",
		      text_string(&text));
	return 0;
}

int operations_run(const struct stage *stage, FILE *table, const char *section, FILE *out)
{
	char line[LINE_MAX_BYTES];
	bool inside = false;

	while (fgets(line, sizeof(line), table)) {
		int r;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '[') {
			inside = strlen(section) + 2 == strlen(line) &&
				 !strncmp(line + 1, section, strlen(section));
			continue;
		}
		if (!inside || !line[0] || line[0] == '#')
			continue;
		r = run_line(stage, line, out);
		if (r < 0)
			return r;
	}
	return 0;
}

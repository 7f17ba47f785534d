/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operations.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 256

/* One operation, as it is done. */
struct operation {
	const struct stage *stage;
	struct kernel *kernel;
	const struct pf *pf;
	struct arena *arena;
	const char *text; /* what comes after its word */
	uint32_t vf;	  /* whose settings are to be read back; or none: */
	unsigned shown;	  /* an enum vf_setting; VF_SETTING_COUNT: all; above: none of a VF */
};

#define SHOWS_PF (VF_SETTING_COUNT + 1)

static int find_setting(const char *key, enum vf_setting *ret)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		if (strcmp(vf_settings[i].key, key))
			continue;
		*ret = i;
		return 0;
	}
	return -EINVAL;
}

/* Of addresses also those that policies refuse. */
static int read_value(enum vf_setting setting, const char *text, struct arena *arena,
		      struct value *ret)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document document = { "table", text, strlen(text) };
	struct yaml_node *node;
	int r;

	*ret = (struct value){ 0 };
	if (setting == VF_MAC && mac_parse(text, &ret->mac) == 0)
		return 0;
	r = yaml_read(&document, arena, &diagnostics, &node);
	return r < 0 ? r : value_read(&vf_settings[setting], node, arena, &diagnostics, ret);
}

static int write_change(struct operation *operation, struct vf_change *change)
{
	struct kernel_error error = { 0 };

	return operation->kernel->write_vfs(operation->kernel, operation->pf, change, 1, &error);
}

static int do_set(struct operation *operation)
{
	struct kernel *kernel = operation->kernel;
	const struct pf *pf = operation->pf;
	struct vf_change change = { 0 };
	struct kernel_error error = { 0 };
	enum vf_setting setting;
	struct value value;
	char key[32];
	int length;

	if (sscanf(operation->text, "%u %31s %n", &operation->vf, key, &length) != 2 ||
	    find_setting(key, &setting) < 0 ||
	    read_value(setting, operation->text + length, operation->arena, &value) < 0)
		return -EUCLEAN;
	operation->shown = setting;
	if (vf_settings[setting].layer != VF_LAYER_FUNCTION)
		return kernel->write_vf(kernel, pf, operation->vf, setting, &value, &error);
	change.index = operation->vf;
	change.mask = SETTING_BIT(setting);
	if (operation->vf < pf->n_vfs)
		change.values = pf->vfs[operation->vf].settings;
	VALUES_SET(&change.values, setting, value);
	return write_change(operation, &change);
}

static int do_rates(struct operation *operation)
{
	struct vf_change change = { .mask = SETTING_BIT(VF_MIN_TX_RATE) |
					    SETTING_BIT(VF_MAX_TX_RATE) };
	unsigned min, max;

	if (sscanf(operation->text, "%u %u %u", &operation->vf, &min, &max) != 3)
		return -EUCLEAN;
	operation->shown = VF_SETTING_COUNT;
	change.index = operation->vf;
	VALUES_SET(&change.values, VF_MIN_TX_RATE, (struct value){ .number = min });
	VALUES_SET(&change.values, VF_MAX_TX_RATE, (struct value){ .number = max });
	return write_change(operation, &change);
}

static int do_show(struct operation *operation)
{
	operation->shown = VF_SETTING_COUNT;
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

static int do_mtu(struct operation *operation)
{
	struct kernel_error error = { 0 };
	unsigned mtu;

	if (sscanf(operation->text, "%u", &mtu) != 1)
		return -EUCLEAN;
	return operation->kernel->write_mtu(operation->kernel, operation->pf, mtu, &error);
}

static const struct {
	const char *word;
	int (*run)(struct operation *operation);
} kinds[] = {
	{ "set", do_set },	 { "rates", do_rates }, { "show", do_show },
	{ "numvfs", do_numvfs }, { "mtu", do_mtu },	{ "wait", do_wait },
};

static void show_settings(const struct operation *operation, const struct pf *now, struct text *out)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		const struct vf_values *settings;

		if (operation->vf >= now->n_vfs ||
		    (operation->shown != VF_SETTING_COUNT && operation->shown != i) ||
		    vf_settings[i].layer != VF_LAYER_FUNCTION)
			continue;
		settings = &now->vfs[operation->vf].settings;
		text_printf(out, " %s ", vf_settings[i].key);
		if (settings->present & SETTING_BIT(i))
			value_format(&vf_settings[i], &settings->value[i], out);
		else
			text_append(out, "unknown");
	}
}

static void show(const struct operation *operation, const struct pf *now, struct text *out)
{
	const struct value *mtu = VALUES_GET(&now->settings, PF_MTU);

	if (operation->shown <= VF_SETTING_COUNT)
		show_settings(operation, now, out);
	else
		text_printf(out, " %u VFs, mtu %u", now->n_vfs, mtu ? (unsigned)mtu->number : 0);
}

static int run(struct operation *operation, const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t length = strlen(kinds[i].word);

		if (strncmp(line, kinds[i].word, length) || line[length] != ' ')
			continue;
		operation->text = line + length + 1;
		return kinds[i].run(operation);
	}
	return -EUCLEAN;
}

static int run_line(const struct stage *stage, const char *line, FILE *out)
{
	struct kernel *kernel = stage->kernel;
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP(pf_free_cleanup) struct pf *before = NULL, *after = NULL;
	struct operation operation = { .stage = stage, .kernel = kernel, .shown = SHOWS_PF };
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
	show(&operation, after, &text);
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

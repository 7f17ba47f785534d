/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* drift HANDLE VF SETTING VALUE: changes one setting of a VF behind the daemon's back and prints
 * the milliseconds until it is what it was before. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "document/yaml.h"
#include "kernel/linux.h"

#define TIMEOUT_MS 60000.0
/* Each look takes the kernel's network lock, and the processor from whom it measures. */
#define POLL_USEC 2000

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

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

static int read_value(enum vf_setting setting, const char *text, struct value *ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct document document = { "argument", text, strlen(text) };
	struct yaml_node *node;
	int r = arena_new(&arena);

	if (r >= 0)
		r = yaml_read(&document, arena, &diagnostics, &node);
	if (r >= 0)
		r = value_read(&vf_settings[setting], node, arena, &diagnostics, ret);
	return r;
}

static int run(const char *handle, uint32_t vf, enum vf_setting setting, const struct value *value)
{
	CLEANUP(pf_free_cleanup) struct pf *before = NULL;
	struct vf_change change = { .index = vf, .mask = SETTING_BIT(setting) };
	struct kernel_error error;
	struct kernel *kernel;
	double start;
	int r = kernel_linux_new(&kernel);

	if (r >= 0)
		r = kernel->observe(kernel, handle, &before);
	if (r < 0)
		return r;
	change.values = before->vfs[vf].settings;
	VALUES_SET(&change.values, setting, *value);
	start = now_ms();
	r = kernel->write_vfs(kernel, before, &change, 1, &error);
	while (r >= 0 && now_ms() - start < TIMEOUT_MS) {
		CLEANUP(pf_free_cleanup) struct pf *now = NULL;

		r = kernel->observe(kernel, handle, &now);
		if (r >= 0 && vf < now->n_vfs &&
		    value_equal(&vf_settings[setting], &now->vfs[vf].settings.value[setting],
				&before->vfs[vf].settings.value[setting])) {
			(void)printf("%.1f\n", now_ms() - start);
			return 0;
		}
		(void)usleep(POLL_USEC);
	}
	return r < 0 ? r : -ETIMEDOUT;
}

int main(int argc, char **argv)
{
	enum vf_setting setting;
	struct value value;
	int r = -EINVAL;

	if (argc == 5)
		r = find_setting(argv[3], &setting);
	if (r >= 0)
		r = read_value(setting, argv[4], &value);
	if (r >= 0)
		r = run(argv[1], (uint32_t)strtoul(argv[2], NULL, 10), setting, &value);
	if (r < 0)
		(void)fprintf(stderr, "drift: %s\n", strerror(-r));
	return r < 0;
}

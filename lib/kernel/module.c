/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/module.h"

#include <errno.h>
#include <libkmod.h>
#include <stddef.h>

#include "util/cleanup.h"

DEFINE_CLEANUP(struct kmod_ctx *, kmod_unref);
DEFINE_CLEANUP(struct kmod_list *, kmod_module_unref_list);

/* What we must not do: log, and run commands. */

static void ignore_message(void *data, int priority, const char *file, int line,
			   const char *function, const char *format, va_list arguments)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)function;
	(void)format;
	(void)arguments;
}

static int refuse_command(struct kmod_module *module, const char *command, void *data)
{
	(void)module;
	(void)command;
	(void)data;
	return -EPERM;
}

static int insert(struct kmod_module *module)
{
	int r = kmod_module_probe_insert_module(module, 0, NULL, refuse_command, NULL, NULL);

	return r == -EEXIST ? 0 : r;
}

int module_load(const char *name)
{
	CLEANUP(kmod_unref_cleanup) struct kmod_ctx *context = kmod_new(NULL, NULL);
	CLEANUP(kmod_module_unref_list_cleanup) struct kmod_list *modules = NULL;
	struct kmod_list *entry;
	int r;

	if (!context)
		return -ENOMEM;
	kmod_set_log_fn(context, ignore_message, NULL);
	r = kmod_module_new_from_lookup(context, name, &modules);
	if (r >= 0 && !modules)
		r = -ENOENT;
	kmod_list_foreach(entry, modules)
	{
		struct kmod_module *module;

		if (r < 0)
			break;
		module = kmod_module_get_module(entry);
		r = insert(module);
		(void)kmod_module_unref(module);
	}
	return r < 0 ? r : 0;
}

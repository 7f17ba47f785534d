/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "work/watched_kernel.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct watched_kernel {
	struct kernel kernel;
	struct kernel *inner;
	struct call_note *note;
};

static struct watched_kernel *watched_of(struct kernel *kernel)
{
	return (struct watched_kernel *)kernel;
}

__attribute__((__format__(__printf__, 3, 0))) static void begin(struct call_note *note,
								uint32_t n_vfs, const char *format,
								va_list arguments)
{
	struct call call = {
		.since = call_note_now(note),
		.allowed =
			CALL_NOTE_ALLOWED_MS + (uint64_t)n_vfs * WATCHED_KERNEL_ALLOWED_PER_VF_MS,
	};

	(void)vsnprintf(call.name, sizeof(call.name), format, arguments);
	call_note_begin(note, &call);
}

void watched_kernel_note(struct call_note *note, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	begin(note, 0, format, arguments);
	va_end(arguments);
}

/* Notes a call that works on n_vfs VFs one after the other, and gives the kernel to call. */
__attribute__((__format__(__printf__, 3, 4))) static struct kernel *enter(struct kernel *kernel,
									  uint32_t n_vfs,
									  const char *format, ...)
{
	struct watched_kernel *self = watched_of(kernel);
	va_list arguments;

	va_start(arguments, format);
	begin(self->note, n_vfs, format, arguments);
	va_end(arguments);
	return self->inner;
}

static int leave(struct kernel *kernel, int r)
{
	call_note_end(watched_of(kernel)->note);
	return r;
}

static int watched_list(struct kernel *kernel, struct arena *arena, const char ***ret_handles,
			size_t *ret_count)
{
	struct kernel *inner = enter(kernel, 0, "listing the PFs");

	return leave(kernel, inner->list(inner, arena, ret_handles, ret_count));
}

static int watched_observe(struct kernel *kernel, const char *handle, struct pf **ret)
{
	struct kernel *inner = enter(kernel, 0, "looking at the PF and its VFs");
	int r = leave(kernel, inner->observe(inner, handle, ret));

	if (r >= 0)
		call_note_set_pf(watched_of(kernel)->note, pf_name(*ret));
	return r;
}

static int watched_find_holders(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	struct kernel *inner;

	if (vf == KERNEL_PF)
		inner = enter(kernel, 0, "looking for who uses the PF's own network device");
	else if (vf == KERNEL_ALL_VFS)
		inner = enter(kernel, pf->n_vfs, "looking for who uses the VFs");
	else
		inner = enter(kernel, 0, "looking for who uses VF %u", vf);

	return leave(kernel, inner->find_holders(inner, pf, vf));
}

static int watched_write_numvfs(struct kernel *kernel, const struct pf *pf, uint32_t n)
{
	uint32_t n_vfs = n > pf->n_vfs ? n : pf->n_vfs;
	struct kernel *inner = enter(kernel, n_vfs, "sriov_numvfs = %u", n);

	return leave(kernel, inner->write_numvfs(inner, pf, n));
}

static int watched_hold_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct kernel *inner = enter(kernel, 0, "sriov_drivers_autoprobe = 0");

	return leave(kernel, inner->hold_drivers(inner, pf));
}

static int watched_release_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct kernel *inner = enter(kernel, pf->n_vfs, "letting drivers bind the VFs");

	return leave(kernel, inner->release_drivers(inner, pf));
}

/* Any of them may go over all VFs. */
static int watched_write_pf(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			    const struct value *value, struct kernel_error *ret_error)
{
	CLEANUP_TEXT struct text text = { 0 };
	struct kernel *inner;

	value_format(&pf_settings[setting], value, &text);
	inner = enter(kernel, pf->n_vfs, "%s = %s", pf_settings[setting].key, text_string(&text));
	return leave(kernel, inner->write_pf(inner, pf, setting, value, ret_error));
}

static int watched_write_vfs(struct kernel *kernel, const struct pf *pf,
			     const struct vf_change *changes, size_t n_changes,
			     struct kernel_error *ret_error)
{
	struct kernel *inner =
		enter(kernel, (uint32_t)n_changes, "settings of VF %u%s",
		      n_changes ? changes[0].index : 0, n_changes > 1 ? " and others" : "");

	return leave(kernel, inner->write_vfs(inner, pf, changes, n_changes, ret_error));
}

static int watched_write_vf(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			    enum vf_setting setting, const struct value *value,
			    struct kernel_error *ret_error)
{
	struct kernel *inner = enter(kernel, 1, "%s of VF %u", vf_settings[setting].key, vf);

	return leave(kernel, inner->write_vf(inner, pf, vf, setting, value, ret_error));
}

static int watched_unbind_vfs(struct kernel *kernel, const struct pf *pf)
{
	struct kernel *inner = enter(kernel, pf->n_vfs, "taking drivers off the VFs");

	return leave(kernel, inner->unbind_vfs(inner, pf));
}

static int watched_note_given(struct kernel *kernel, const struct pf *pf,
			      const struct given_note *notes, size_t n_notes)
{
	struct kernel *inner = enter(kernel, 0, "noting what VFs were given");

	return leave(kernel, inner->note_given(inner, pf, notes, n_notes));
}

static int watched_note_owed_vfs(struct kernel *kernel, const struct pf *pf,
				 const struct owed_vfs *owed)
{
	struct kernel *inner = enter(kernel, 0, "noting that VFs are owed");

	return leave(kernel, inner->note_owed_vfs(inner, pf, owed));
}

static void watched_free(struct kernel *kernel)
{
	kernel_free(watched_of(kernel)->inner);
	free(kernel);
}

int watched_kernel_new(struct kernel *kernel, struct call_note *note, struct kernel **ret)
{
	static const struct kernel calls = {
		.list = watched_list,
		.observe = watched_observe,
		.find_holders = watched_find_holders,
		.write_numvfs = watched_write_numvfs,
		.hold_drivers = watched_hold_drivers,
		.release_drivers = watched_release_drivers,
		.write_pf = watched_write_pf,
		.write_vfs = watched_write_vfs,
		.write_vf = watched_write_vf,
		.unbind_vfs = watched_unbind_vfs,
		.note_given = watched_note_given,
		.note_owed_vfs = watched_note_owed_vfs,
		.free = watched_free,
	};
	struct watched_kernel *self = calloc(1, sizeof(*self));

	/* A call that is added to struct kernel is to be wrapped here as well. */
	_Static_assert(sizeof(struct kernel) == 13 * sizeof(void (*)(void)),
		       "every call of struct kernel is watched");
	if (!self)
		return -ENOMEM;
	self->kernel = calls;
	self->inner = kernel;
	self->note = note;
	*ret = &self->kernel;
	return 0;
}

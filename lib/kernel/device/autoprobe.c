/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/autoprobe.h"

#include <errno.h>

#include "kernel/device/device.h"
#include "kernel/device/sysfs.h"
#include "kernel/device/vf_driver.h"
#include "kernel/note/hold.h"
#include "kernel/note/hold_names.h"

#define AUTOPROBE "sriov_drivers_autoprobe"

int autoprobe_read_hold(struct pf *pf)
{
	bool autoprobe;
	int r = hold_read(pf->handle, &autoprobe);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	pf->drivers_held = true;
	VALUES_SET(&pf->settings, PF_DRIVERS_AUTOPROBE, (struct value){ .number = autoprobe });
	return pf->ifindex ? 0 : hold_names_read(pf, &pf->earlier);
}

/* As it is now: an earlier step may have changed it since pf was observed. */
static int read_now(const struct pf *pf, bool *ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	int64_t number;
	int r = arena_new(&arena);

	if (r >= 0)
		r = device_reopen(pf, arena, &device);
	if (r >= 0)
		r = sysfs_read_number(device.fd, AUTOPROBE, &number);
	if (r >= 0)
		*ret = number != 0;
	return r;
}

/* While drivers are held the attribute is off, and the value is kept for the release. It is written
 * all the same: a process that died in the midst of a release has left it on. */
int autoprobe_write(const struct pf *pf, bool on)
{
	int r = pf->drivers_held ? hold_write(pf->handle, on) : 0;

	return r < 0 ? r : device_write_number(pf, AUTOPROBE, on && !pf->drivers_held);
}

static int note(const struct pf *pf)
{
	bool autoprobe;
	int r = hold_read(pf->handle, &autoprobe);

	if (r != -ENOENT)
		return r;
	r = read_now(pf, &autoprobe);
	return r < 0 ? r : hold_write(pf->handle, autoprobe);
}

/* First the notes, then the deed: what is noted can be taken back after a crash. A note that exists
 * already has the value from before the first hold, and stays. */
int autoprobe_hold(const struct pf *pf)
{
	int r = hold_names_write(pf);

	if (r >= 0)
		r = note(pf);
	return r < 0 ? r : device_write_number(pf, AUTOPROBE, 0);
}

int autoprobe_release(const struct pf *pf)
{
	bool autoprobe;
	int r = hold_read(pf->handle, &autoprobe);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = device_write_number(pf, AUTOPROBE, autoprobe);
	if (r >= 0 && autoprobe)
		r = vf_driver_probe_all(pf);
	if (r >= 0)
		r = hold_remove(pf->handle);
	return r < 0 ? r : hold_names_remove(pf->handle);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/vf_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/device/sysfs.h"
#include "kernel/device/vf_device.h"
#include "kernel/note/owed_driver.h"
#include "model/driver.h"

#define DEVICES "/sys/bus/pci/devices"
#define DRIVERS "/sys/bus/pci/drivers"

/* A VF that is worked on. */
struct work {
	const struct pf *seen;
	struct arena *arena;
	struct device pf;
	struct vf_device vf;
	uint32_t index;	    /* of it */
	const char *driver; /* at the beginning; NULL: none */
	struct kernel_error *error;
};

static void work_end(struct work *work)
{
	vf_device_close(&work->vf);
	device_close(&work->pf);
	arena_free(work->arena);
}

/* work_end() is due even if this fails. */
static int work_begin(const struct pf *pf, struct kernel_error *error, struct work *work)
{
	int r;

	*work = (struct work){ .seen = pf, .pf.fd = -1, .vf.fd = -1, .error = error };
	r = arena_new(&work->arena);
	return r < 0 ? r : device_reopen(pf, work->arena, &work->pf);
}

static int work_take_vf(struct work *work, uint32_t index)
{
	int r;

	vf_device_close(&work->vf);
	work->index = index;
	r = vf_device_open(&work->pf, index, work->arena, &work->vf);
	return r < 0 ? r : vf_device_read_driver(&work->vf, work->arena, &work->driver);
}

/* Whoever has bound or unbound a driver since the VF was looked at may be about to use it: he is
 * not disturbed before the next look. */
static int check_driver(const struct work *work, uint32_t index)
{
	const struct vf *seen = pf_vf(work->seen, index);

	if (seen && vf_has_driver(seen, work->driver))
		return 0;
	(void)snprintf(work->error->message, sizeof(work->error->message),
		       work->driver ? "driver %s has the VF since it was looked at"
				    : "its driver has left the VF since it was looked at",
		       work->driver);
	return -EAGAIN;
}

/* As work_take_vf(), of a VF whose driver is to be changed: -EAGAIN where somebody else did that.
 */
static int work_take_seen_vf(struct work *work, uint32_t index)
{
	int r = work_take_vf(work, index);

	return r < 0 ? r : check_driver(work, index);
}

/* -ENODEV is kept for the PF: from the VF's own device it means that the VF is gone. */
static int write_vf(const struct work *work, const char *attribute, const char *text)
{
	int r = sysfs_write(work->vf.fd, attribute, text);

	return r == -ENODEV ? -ENOENT : r;
}

static int reserve(const struct work *work, const char *driver)
{
	/* driver_set_override() in drivers/base/driver.c takes an empty line for none. */
	return write_vf(work, "driver_override", driver ? driver : "\n");
}

/* The address may be another device's by now, of which the directory is another one. 0 while it is
 * still the VF's; -ENOENT: it is not; or -errno where that cannot be told. */
static int check_address(const struct work *work)
{
	const char *path = arena_printf(work->arena, DEVICES "/%s", work->vf.address);
	struct stat here, there;

	if (!path)
		return -ENOMEM;
	if (fstat(work->vf.fd, &here) < 0 || stat(path, &there) < 0)
		return errno == ENOTDIR ? -ENOENT : -errno;
	return here.st_dev == there.st_dev && here.st_ino == there.st_ino ? 0 : -ENOENT;
}

/* What is written to a file of the bus or of a driver names the device by its address. */
static int write_address(const struct work *work, const char *path)
{
	int r = path ? check_address(work) : -ENOMEM;

	return r < 0 ? r : sysfs_write(AT_FDCWD, path, work->vf.address);
}

/* By the file of the driver that was seen: it takes no other off (unbind_store() in
 * drivers/base/bus.c). That one may have left by itself, or with the VF. */
static int unbind(const struct work *work)
{
	int r = 0;

	if (work->driver)
		r = write_address(work,
				  arena_printf(work->arena, DRIVERS "/%s/unbind", work->driver));
	return r == -ENOENT || r == -ENODEV ? 0 : r;
}

static bool is_bound(const struct work *work, const char *driver)
{
	const char *now;

	return vf_device_read_driver(&work->vf, work->arena, &now) >= 0 && now &&
	       !strcmp(now, driver);
}

/* By the driver's own file: drivers_probe keeps the driver's answer to itself. One that is just
 * being registered may have taken the VF by itself. */
static int bind(const struct work *work, const char *driver)
{
	int r = write_address(work, arena_printf(work->arena, DRIVERS "/%s/bind", driver));
	int here;

	if (r >= 0 || is_bound(work, driver))
		return 0;
	here = check_address(work);
	if (r == -ENOMEM || here < 0)
		return here < 0 ? here : r;
	(void)snprintf(work->error->message, sizeof(work->error->message),
		       work->driver ? "driver %s does not take the VF, which %s has left"
				    : "driver %s does not take the VF",
		       driver, work->driver);
	return r == -ENODEV || r == -ENOENT ? -ENXIO : r;
}

static int has_driver(const struct work *work, const char *name, bool *ret)
{
	const char *path = arena_printf(work->arena, DRIVERS "/%s", name);

	if (!path)
		return -ENOMEM;
	*ret = access(path, F_OK) == 0;
	return 0;
}

/* The driver is to have the VF again: first the note, then the deed. */
static int take_off(const struct work *work)
{
	uint64_t instance;
	int r;

	if (!work->driver)
		return 0;
	r = sysfs_read_instance(work->vf.fd, "", &instance);
	if (r >= 0)
		r = owed_driver_write(work->vf.address, instance, work->driver);
	return r < 0 ? r : unbind(work);
}

/* While drivers-autoprobe is off, also by our own doing, a VF that is not reserved takes no driver
 * (pci_device_can_probe() in drivers/pci/pci-driver.c). */
static int needs_reservation(const struct work *work, bool *ret)
{
	const char *autoprobe = NULL;
	int r = sysfs_read(work->pf.fd, "sriov_drivers_autoprobe", work->arena, &autoprobe);

	*ret = autoprobe && !strcmp(autoprobe, "0");
	return r;
}

/* A VF that is reserved for a driver that is not there yet takes no other (pci_match_device() in
 * drivers/pci/pci-driver.c): it is reserved again as it was once it has its own. */
static int bind_again(const struct work *work, const char *driver)
{
	const char *reserved = NULL;
	int r = vf_device_read_reserved(&work->vf, work->arena, &reserved), back = 0;
	bool other = reserved && strcmp(reserved, driver) != 0;

	if (r >= 0 && !reserved)
		r = needs_reservation(work, &other);
	if (r >= 0 && other)
		r = reserve(work, driver);
	if (r >= 0)
		r = bind(work, driver);
	if (other)
		back = reserve(work, reserved);
	if (r >= 0)
		r = owed_driver_remove(work->vf.address);
	return r < 0 ? r : back;
}

/* The module of a driver is udev's to load: that needs more than a daemon should be allowed to. The
 * rule, in 60-sriovd.rules, takes the name from driver_override. Synthetic events carry arguments
 * since Linux 4.13 (Documentation/ABI/testing/sysfs-uevent); the UUID, by which others could tell
 * which event they caused, has to be there. */
static int ask_for_module(const struct work *work, const char *name)
{
	int r = write_vf(work, "uevent",
			 "change 1f1d24b5-9a0c-4d4f-a3b0-7c0c7d0f5a51 SRIOVD=driver");

	if (r < 0)
		return r;
	(void)snprintf(work->error->message, sizeof(work->error->message),
		       "there is no driver %s yet; udev was asked to load a module of that name",
		       name);
	return -ENOENT;
}

/* When a module brings the driver, that takes the VFs without one which are reserved for it, also
 * where drivers-autoprobe is off (pci_device_can_probe() in drivers/pci/pci-driver.c). */
static int give_driver(const struct work *work, const char *name)
{
	bool found = false;
	int r = reserve(work, name);

	if (r < 0 || (work->driver && !strcmp(work->driver, name)))
		return r;
	r = has_driver(work, name, &found);
	if (r >= 0 && !found)
		r = ask_for_module(work, name);
	if (r >= 0)
		r = unbind(work);
	return r < 0 ? r : bind(work, name);
}

static int give_none(const struct work *work)
{
	int r = reserve(work, VF_DRIVER_NOBODY);

	return r < 0 ? r : unbind(work);
}

static bool autoprobes(const struct pf *pf)
{
	const struct value *autoprobe = VALUES_GET(&pf->settings, PF_DRIVERS_AUTOPROBE);

	return autoprobe && autoprobe->number && !pf->drivers_held;
}

/* The file keeps a driver's answer to itself: what became of it is seen by whether one has the VF.
 * Where drivers-autoprobe is off none takes it (pci_device_can_probe() in
 * drivers/pci/pci-driver.c). */
static int probe(const struct work *work)
{
	const char *driver;
	int r = write_address(work, "/sys/bus/pci/drivers_probe");

	if (r == -ENOMEM)
		return r;
	r = vf_device_read_driver(&work->vf, work->arena, &driver);
	if (r < 0 || driver || !autoprobes(work->seen))
		return r;
	(void)snprintf(work->error->message, sizeof(work->error->message),
		       "no driver has taken the VF: none is there for it yet, or it gave up");
	return -ENOENT;
}

/* A driver that took the VF by itself stays; one that it was reserved for may not be the one that
 * the kernel would choose, and vfio's, of which all have that in their names, take none by
 * themselves. */
static int give_default(const struct work *work)
{
	const char *reserved = NULL;
	int r = vf_device_read_reserved(&work->vf, work->arena, &reserved);
	bool given = (r >= 0 && reserved) || (work->driver && driver_is_vfio(work->driver));

	if (r >= 0)
		r = reserve(work, NULL);
	if (r >= 0 && given)
		r = unbind(work);
	if (r >= 0 && (given || !work->driver))
		r = probe(work);
	return r;
}

int vf_driver_set(const struct pf *pf, uint32_t vf, const struct value *value,
		  struct kernel_error *ret_error)
{
	CLEANUP(work_end) struct work work;
	int r = work_begin(pf, ret_error, &work);

	if (r >= 0)
		r = work_take_seen_vf(&work, vf);
	if (r < 0)
		return r;
	switch (value->form) {
	case VALUE_NONE:
		return give_none(&work);
	case VALUE_DEFAULT:
		return give_default(&work);
	default:
		return give_driver(&work, value->name);
	}
}

int vf_driver_rebind(const struct pf *pf, uint32_t vf, struct kernel_error *ret_error)
{
	CLEANUP(work_end) struct work work;
	int r = work_begin(pf, ret_error, &work);

	if (r >= 0)
		r = work_take_seen_vf(&work, vf);
	if (r < 0 || !work.driver)
		return r;
	r = take_off(&work);
	return r < 0 ? r : bind_again(&work, work.driver);
}

int vf_driver_set_msix(const struct pf *pf, uint32_t vf, uint32_t vectors,
		       struct kernel_error *ret_error)
{
	CLEANUP(work_end) struct work work;
	int written, r = work_begin(pf, ret_error, &work);
	const char *text;

	/* Before a driver is taken off in vain. */
	if (r >= 0 && !pf->msix_vectors)
		return -EOPNOTSUPP;
	if (r >= 0)
		r = work_take_seen_vf(&work, vf);
	if (r >= 0)
		r = take_off(&work);
	if (r < 0)
		return r;
	text = arena_printf(work.arena, "%u", vectors);
	written = text ? write_vf(&work, "sriov_vf_msix_count", text) : -ENOMEM;
	if (work.driver)
		r = bind_again(&work, work.driver);
	return written < 0 ? written : r;
}

/* Does something to each VF that there is, taken by the first of the two. */
static int for_all(const struct pf *pf, int (*take)(struct work *work, uint32_t index),
		   int (*function)(const struct work *work))
{
	CLEANUP(work_end) struct work work;
	struct kernel_error error;
	uint32_t n = 0;
	int first = 0, r = work_begin(pf, &error, &work);

	if (r >= 0)
		r = device_read_numvfs(&work.pf, &n);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < n; i++) {
		r = take(&work, i);
		if (r >= 0)
			r = function(&work);
		if (r < 0 && r != -ENOENT && r != -EOPNOTSUPP && !first)
			first = r;
	}
	return first;
}

static int probe_idle(const struct work *work)
{
	return work->driver ? 0 : probe(work);
}

int vf_driver_probe_all(const struct pf *pf)
{
	return for_all(pf, work_take_vf, probe_idle);
}

int vf_driver_unbind_all(const struct pf *pf)
{
	return for_all(pf, work_take_seen_vf, take_off);
}

/* Whether somebody else has seen to the VF: it has a driver, or is reserved for none or for one
 * that is there; or the one that it had is gone. */
static int is_settled(const struct work *work, const char *owed, bool *ret)
{
	const char *reserved = NULL;
	bool found = false;
	int r = vf_device_read_reserved(&work->vf, work->arena, &reserved);

	*ret = work->driver || (reserved && !strcmp(reserved, VF_DRIVER_NOBODY));
	if (r >= 0 && !*ret && reserved && strcmp(reserved, owed) != 0)
		r = has_driver(work, reserved, ret);
	if (r >= 0 && !*ret) {
		r = has_driver(work, owed, &found);
		*ret = !found;
	}
	return r;
}

static int bind_owed(const struct work *work)
{
	const char *owed =
		work->index < work->seen->n_vfs ? work->seen->vfs[work->index].owed_driver : NULL;
	bool settled;
	int r;

	if (!owed)
		return 0;
	r = is_settled(work, owed, &settled);
	if (r < 0)
		return r;
	return settled ? owed_driver_remove(work->vf.address) : bind_again(work, owed);
}

int vf_driver_bind_owed(const struct pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].owed_driver)
			return for_all(pf, work_take_vf, bind_owed);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/settings.h"

#include <errno.h>

#include "kernel/device/autoprobe.h"
#include "kernel/device/device.h"
#include "kernel/device/vf_driver.h"
#include "kernel/device/vf_netdev.h"

/* Questions to the kernel: each fills in all settings that its answer has. */
static int read_eswitch(const struct sockets *sockets, struct pf *pf)
{
	return devlink_get_eswitch(sockets->devlink, pf->handle, &pf->settings,
				   &pf->eswitch_silent);
}

static int (*const sources[])(const struct sockets *sockets, struct pf *pf) = {
	read_eswitch,
};

int settings_read(const struct sockets *sockets, struct pf *pf)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(sources); i++)
		r = sources[i](sockets, pf);
	return r;
}

/* A setting on its way to the kernel. */
struct change {
	const struct sockets *sockets;
	const struct pf *pf;
	uint32_t vf;	  /* whose it is, of a VF's setting */
	unsigned setting; /* enum pf_setting or vf_setting */
	const struct value *value;
	struct kernel_error *error;
};

/* Never down: see pf_steps.c. */
static int write_up(const struct change *change)
{
	return rtnl_set_up(change->sockets->rtnl, change->pf->ifindex, change->error);
}

static int write_link(const struct change *change)
{
	return rtnl_set_number(change->sockets->rtnl, change->pf->ifindex,
			       link_pf_attribute((enum pf_setting)change->setting),
			       (uint32_t)change->value->number, change->error);
}

static int write_autoprobe(const struct change *change)
{
	return autoprobe_write(change->pf, change->value->number);
}

static int write_eswitch(const struct change *change)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	CLEANUP_DEVICE struct device device = { .fd = -1 };
	int r = arena_new(&arena);

	if (r >= 0)
		r = device_reopen(change->pf, arena, &device);
	if (r < 0)
		return r;
	return devlink_set_eswitch(change->sockets->devlink, change->pf->handle,
				   (enum pf_setting)change->setting, change->value->number,
				   change->error);
}

static int write_msix(const struct change *change)
{
	return vf_driver_set_msix(change->pf, change->vf, (uint32_t)change->value->number,
				  change->error);
}

static int write_unmanaged(const struct change *change)
{
	return vf_netdev_set_unmanaged(change->pf, change->vf, change->value->number);
}

static int rebind(const struct change *change)
{
	return vf_driver_rebind(change->pf, change->vf, change->error);
}

static int write_driver(const struct change *change)
{
	return vf_driver_set(change->pf, change->vf, change->value, change->error);
}

static int write_netdev(const struct change *change)
{
	return vf_netdev_set(change->sockets->rtnl, change->pf, change->vf,
			     (enum vf_setting)change->setting, change->value, change->error);
}

typedef int writer(const struct change *change);

static writer *const pf_writers[PF_SETTING_COUNT] = {
	[PF_UP] = write_up,
	[PF_MTU] = write_link,
	[PF_DRIVERS_AUTOPROBE] = write_autoprobe,
	[PF_ESWITCH_MODE] = write_eswitch,
	[PF_ESWITCH_INLINE_MODE] = write_eswitch,
	[PF_ESWITCH_ENCAP_MODE] = write_eswitch,
};

static writer *const vf_writers[VF_SETTING_COUNT] = {
	[VF_MAC] = rebind,
	[VF_NODE_GUID] = rebind,
	[VF_PORT_GUID] = rebind,
	[VF_MSIX_VECTORS] = write_msix,
	[VF_UNMANAGED] = write_unmanaged,
	[VF_DRIVER] = write_driver,
	[VF_ALTNAME] = write_netdev,
	[VF_MTU] = write_netdev,
};

int settings_write_pf(const struct sockets *sockets, const struct pf *pf, enum pf_setting setting,
		      const struct value *value, struct kernel_error *ret_error)
{
	const struct change change = { sockets, pf, 0, setting, value, ret_error };

	return pf_writers[setting] ? pf_writers[setting](&change) : -EOPNOTSUPP;
}

int settings_write_vf(const struct sockets *sockets, const struct pf *pf, uint32_t vf,
		      enum vf_setting setting, const struct value *value,
		      struct kernel_error *ret_error)
{
	const struct change change = { sockets, pf, vf, setting, value, ret_error };

	return vf_writers[setting] ? vf_writers[setting](&change) : -EOPNOTSUPP;
}

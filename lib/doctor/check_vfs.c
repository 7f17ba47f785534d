/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of VFs: whether they work, and are held to what is said of them. */

#include <string.h>

#include "doctor/check.h"
#include "model/driver.h"

/* Whether drivers take the PF's VFs by themselves. */
static bool takes_drivers(const struct examined_pf *pf)
{
	return !pf->pf->drivers_held && check_pf_has(pf, PF_DRIVERS_AUTOPROBE);
}

static bool is_offline_kind(const struct examined_pf *pf)
{
	return driver_does(driver_of(pf->pf->driver), DRIVER_VFS_OFFLINE);
}

/* Whether a driver ought to have come, and did not: nobody asks for one, or for none. */
static bool is_left_alone(const struct examination *examination, uint32_t i)
{
	const struct examined_pf *pf = examination->subject;
	const struct vf *vf = pf_vf(pf->pf, i), *desired = pf_vf(pf->desired->pf, i);
	const struct value *want = desired ? VALUES_GET(&desired->settings, VF_DRIVER) : NULL;

	return vf && (vf->settings.present & SETTING_BIT(VF_DRIVER)) && !vf_is_bound(vf) &&
	       !vf->driver_override && !vf->owed_driver && !vf_is_held(vf) &&
	       (!want || want->form == VALUE_DEFAULT);
}

/* Whether it is known that no module would take it. */
static bool has_no_module(const struct examination *examination, uint32_t i)
{
	const struct pci_function *function = check_function(examination, i);

	return is_left_alone(examination, i) && function && function->module == TOLD_NO;
}

static enum check_answer find_driverless(struct examination *examination,
					 const struct examined_pf *pf)
{
	const struct facts *facts = examination->examined->facts;
	const char *which, *bare;

	if (!pf->pf->n_vfs || !takes_drivers(pf) || is_offline_kind(pf))
		return CHECK_IDLE;
	which = check_which(examination, is_left_alone);
	if (!which)
		return CHECK_MADE;
	bare = facts ? check_which(examination, has_no_module) : NULL;
	check_find(examination,
		   bare ? check_format(examination,
				       "%s: no driver, and no module for them is installed", bare)
			: check_format(examination,
				       "%s: no driver has come, though drivers are let at them",
				       which),
		   check_format(examination,
				"'driver' of each VF's device, sriov_drivers_autoprobe of %s%s%s%s",
				pf->pf->address, bare ? ", /lib/modules/" : "",
				bare ? facts->kernel : "", bare ? "/modules.alias" : ""),
		   check_format(examination, "%s; for VFs that are only lent to guests, %s",
				bare ? "install the package of the kernel's modules that has "
				       "their driver"
				     : "see that the module of their driver is loaded, and not on "
				       "a blacklist in /etc/modprobe.d",
				check_write(examination, pf, "driver: none")));
	return CHECK_MADE;
}

static bool is_dead(const struct examination *examination, uint32_t i)
{
	const struct examined_pf *pf = examination->subject;
	const struct vf *vf = pf_vf(pf->pf, i);

	if (!vf || !(vf->settings.present & SETTING_BIT(VF_DRIVER)) || vf->owed_driver)
		return false;
	if (vf_is_bound(vf))
		return vf_has_driver(vf, "nvme") && vf->controller &&
		       strcmp(vf->controller, "live") != 0;
	return takes_drivers(pf) && is_left_alone(examination, i);
}

static enum check_answer find_dead(struct examination *examination, const struct examined_pf *pf)
{
	const char *which;

	if (!pf->pf->n_vfs || !is_offline_kind(pf))
		return CHECK_IDLE;
	which = check_which(examination, is_dead);
	if (which)
		check_find(
			examination,
			check_format(examination, "%s: dead, without resources or offline", which),
			"'driver' of each VF's device, and the state of its NVMe controller",
			"give each VF resources and set it online ('nvme virt-mgmt'), then have "
			"its driver probe it");
	return CHECK_MADE;
}

static bool is_without_address(const struct examination *examination, uint32_t i)
{
	const struct examined_pf *pf = examination->subject;
	const struct value *spoof = check_value(pf, i, VF_SPOOF_CHECK);
	const struct value *mac = check_value(pf, i, VF_MAC);

	return spoof && spoof->number && (!mac || mac_is_zero(&mac->mac));
}

static enum check_answer find_unspoofed(struct examination *examination,
					const struct examined_pf *pf)
{
	const struct driver *driver = driver_of(pf->pf->driver);
	const char *which;

	if (!check_vf_count(pf) || !driver->spoof_without_mac)
		return CHECK_IDLE;
	which = check_which(examination, is_without_address);
	if (which)
		check_find(examination,
			   check_format(examination,
					"%s: 'spoof-check' is on without an address: %s", which,
					driver->spoof_without_mac),
			   check_format(examination,
					"'spoof-check' and 'mac', as wanted or else as they are; "
					"Linux, drivers/%s",
					driver->source),
			   check_write(examination, pf, "mac: stable"));
	return CHECK_MADE;
}

/* Whether the driver of a VF goes on with another value than the policy says. Without that it may
 * have chosen one itself, and then what the PF's driver reports is no more than that it has heard
 * of (igbvf_probe() in drivers/net/ethernet/intel/igbvf/netdev.c makes one up). */
static bool has_another(const struct vf *desired, const struct vf *observed,
			enum vf_setting setting)
{
	const struct value *want = VALUES_GET(&desired->settings, setting);
	struct value taken;

	return want && taken_get(&observed->taken, setting, &taken) &&
	       !value_equal(&vf_settings[setting], want, &taken);
}

static bool is_not_taken(const struct examination *examination, uint32_t i)
{
	const struct vf *desired = pf_vf(examination->subject->desired->pf, i);
	const struct vf *observed = pf_vf(examination->subject->pf, i);

	/* The zero address leaves it to the VF's driver. */
	return desired && observed &&
	       ((has_another(desired, observed, VF_MAC) &&
		 !mac_is_zero(&desired->settings.value[VF_MAC].mac)) ||
		has_another(desired, observed, VF_NODE_GUID) ||
		has_another(desired, observed, VF_PORT_GUID));
}

static bool is_told_of(const struct pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].taken.known)
			return true;
	return false;
}

static enum check_answer find_not_taken(struct examination *examination,
					const struct examined_pf *pf)
{
	const char *which;

	if (!is_told_of(pf->pf))
		return CHECK_IDLE;
	which = check_which(examination, is_not_taken);
	if (which)
		check_find(
			examination,
			check_format(examination,
				     "%s: the driver goes on with another address or GUID than "
				     "the policy says",
				     which),
			"'mac', 'node-guid' and 'port-guid' as wanted, and the addresses of the "
			"VF's own network and RDMA devices",
			"'sriovctl plan' says whether the driver can be bound anew, and what keeps "
			"it from that; where whoever has the VF is to choose its "
			"address, write 'trust: true' and 'mac: none'");
	return CHECK_MADE;
}

const struct check check_vfs[] = {
	{ .name = "vf-dead",
	  .severity = SEVERITY_ERROR,
	  .finds = "a VF of an NVMe drive has no resources, or is offline",
	  .why = "such a VF does nothing, whoever has it",
	  .of_pf = find_dead },
	{ .name = "address-not-taken",
	  .severity = SEVERITY_WARNING,
	  .finds = "the driver of a VF goes on with another address or GUID than the policy says",
	  .why = "the card drops what the VF sends from another address than its own, or nobody "
		 "reaches it at the address that is said to be its",
	  .of_pf = find_not_taken },
	{ .name = "vf-without-driver",
	  .severity = SEVERITY_WARNING,
	  .finds = "drivers are let at VFs, none has come, and no rule says that none is wanted",
	  .why = "without its module, or with it on a blacklist, the VF has no network device and "
		 "nobody is told",
	  .of_pf = find_driverless },
	{ .name = "spoof-without-mac",
	  .severity = SEVERITY_WARNING,
	  .finds = "*spoof-check* is on for a VF without an address, with a driver whose check is "
		   "worth nothing then",
	  .why = "the check compares with the address that the PF has for the VF, and there is "
		 "none",
	  .of_pf = find_unspoofed },
	{ 0 },
};

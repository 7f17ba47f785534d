/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rules want of network devices on a PF that will never have one, or none of Ethernet. */

#include "model/netdev_lack.h"
#include "policy/resolve/resolver.h"

static const char *describe(const struct resolver *resolver, enum netdev_lack lack, const char *key)
{
	const struct pf *pf = resolver->observed;

	if (lack == NETDEV_LACK_CLASS)
		return arena_printf(
			resolver->arena,
			"'%s' is for network cards, and this is none (its PCI class is 0x%06x)",
			key, pf->class);
	if (lack == NETDEV_LACK_ETHERNET)
		return arena_printf(resolver->arena,
				    "'%s' is Ethernet's, and this PF is of InfiniBand, whose VFs "
				    "have 'node-guid', 'port-guid' and 'link-state'",
				    key);
	return arena_printf(
		resolver->arena,
		"'%s' is set by way of the PF's network device, and with %s it has none", key,
		pf->driver);
}

int resolve_netdev(struct resolver *resolver)
{
	enum netdev_lack lack = netdev_lack_of(resolver->observed);
	struct pf_values *settings = &resolver->desired->pf->settings;
	uint64_t rest = netdev_lack_pf_settings(lack) & settings->present;
	int r = 0;

	while (r >= 0 && rest) {
		const enum pf_setting setting = setting_take(&rest);
		const struct value *value = &settings->value[setting];

		/* It is to be left to others. */
		if (setting == PF_UP && !value->number)
			continue;
		settings->present &= ~SETTING_BIT(setting);
		r = resolver_problem(resolver, value->origin,
				     describe(resolver, lack, pf_settings[setting].key));
	}
	return r;
}

static int check_segment(struct resolver *resolver, enum netdev_lack lack, enum vf_setting setting,
			 struct segment *segment)
{
	const struct value *value = segment_value(segment, setting);

	segment->present &= ~SETTING_BIT(setting);
	if (!value)
		return 0;
	return resolver_problem(resolver, value->origin,
				describe(resolver, lack, vf_settings[setting].key));
}

int resolve_netdev_vfs(struct resolver *resolver, struct segments *segments)
{
	enum netdev_lack lack = netdev_lack_of(resolver->observed);
	uint64_t rest = netdev_lack_vf_settings(lack);
	int r = 0;

	/* A setting at a time, so that each is said once for all VFs that have it from one place.
	 */
	while (rest) {
		const enum vf_setting setting = setting_take(&rest);

		for (size_t i = 0; r >= 0 && i < segments->count; i++)
			r = check_segment(resolver, lack, setting, &segments->items[i]);
	}
	return r;
}

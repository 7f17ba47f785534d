/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/device/udev_facts.h"

#include <errno.h>
#include <libudev.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct udev_facts {
	struct udev *udev;
	/* The latest network device that was not settling. */
	unsigned ifindex; /* 0: none */
	char ifname[IF_NAMESIZE];
	char *id_path; /* NULL: it has none */
};

DEFINE_CLEANUP(struct udev_device *, udev_device_unref);

int udev_facts_new(struct udev_facts **ret)
{
	CLEANUP_FREE struct udev_facts *facts = calloc(1, sizeof(*facts));

	if (!facts)
		return -ENOMEM;
	facts->udev = udev_new();
	if (!facts->udev)
		return -ENOMEM;
	*ret = TAKE(facts);
	return 0;
}

void udev_facts_free(struct udev_facts *facts)
{
	if (!facts)
		return;
	udev_unref(facts->udev);
	free(facts->id_path);
	free(facts);
}

static const char *property(struct udev_device *device, const char *key)
{
	return device ? udev_device_get_property_value(device, key) : NULL;
}

/* Hosts without udev, containers say, need not wait for it. */
static bool is_settling(struct udev_device *netdev)
{
	return netdev && !access("/run/udev/control", F_OK) &&
	       (!udev_device_get_is_initialized(netdev) || property(netdev, "ID_RENAMING"));
}

static bool is_remembered(const struct udev_facts *facts, const char *ifname, unsigned ifindex)
{
	return facts->ifindex && facts->ifindex == ifindex && !strcmp(facts->ifname, ifname);
}

static int remember(struct udev_facts *facts, const char *ifname, unsigned ifindex,
		    const char *id_path)
{
	char *copy = id_path ? strdup(id_path) : NULL;

	if (id_path && !copy)
		return -ENOMEM;
	free(facts->id_path);
	facts->id_path = copy;
	facts->ifindex = ifindex;
	(void)strncpy(facts->ifname, ifname, sizeof(facts->ifname) - 1);
	return 0;
}

static int give(const char *id_path, struct arena *arena, const char **ret)
{
	*ret = id_path ? arena_strdup(arena, id_path) : NULL;
	return id_path && !*ret ? -ENOMEM : 0;
}

int udev_facts_of_netdev(struct udev_facts *facts, const char *ifname, unsigned ifindex,
			 struct arena *arena, bool *ret_settling, const char **ret_id_path)
{
	CLEANUP(udev_device_unref_cleanup) struct udev_device *netdev = NULL;
	const char *id_path;

	*ret_settling = false;
	if (is_remembered(facts, ifname, ifindex))
		return give(facts->id_path, arena, ret_id_path);
	netdev = udev_device_new_from_subsystem_sysname(facts->udev, "net", ifname);
	id_path = property(netdev, "ID_PATH");
	*ret_settling = is_settling(netdev);
	if (netdev && !*ret_settling && remember(facts, ifname, ifindex, id_path) < 0)
		return -ENOMEM;
	return give(id_path, arena, ret_id_path);
}

int udev_facts_of_device(struct udev_facts *facts, const char *bus, const char *name,
			 struct arena *arena, const char **ret_id_path)
{
	CLEANUP(udev_device_unref_cleanup)
	struct udev_device *device = udev_device_new_from_subsystem_sysname(facts->udev, bus, name);

	return give(property(device, "ID_PATH"), arena, ret_id_path);
}

bool udev_facts_is_settling(struct udev_facts *facts, const char *ifname)
{
	CLEANUP(udev_device_unref_cleanup)
	struct udev_device *netdev =
		udev_device_new_from_subsystem_sysname(facts->udev, "net", ifname);

	return is_settling(netdev);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/neutron_agent.h"

#include <string.h>

#define BLANKS " \t"

/* Whether one of "physnet:device,..." is of that device (parse_mappings() in
 * neutron_lib/utils/helpers.py). */
static bool has_device(const char *mappings, const char *device)
{
	const size_t length = strlen(device);

	for (const char *p = mappings; *p;) {
		const size_t end = strcspn(p, ",");
		const char *colon = memchr(p, ':', end);
		const char *name = colon ? colon + 1 + strspn(colon + 1, BLANKS) : NULL;

		if (name && strncmp(name, device, length) == 0 &&
		    (name[length] == '\0' || strchr("," BLANKS, name[length])))
			return true;
		p += end + (p[end] != '\0');
	}
	return false;
}

int neutron_agent_find(struct search *search)
{
	static const char path[] = "/etc/neutron/plugins/ml2/sriov_agent.ini";
	const char *mappings = "";
	struct ini_line *lines;
	size_t count;
	int r = search_read_lines(search, path, INI_SYSTEMD, &lines, &count);

	for (size_t i = 0; r >= 0 && i < count; i++)
		if (ini_is(&lines[i], "sriov_nic", "physical_device_mappings"))
			mappings = lines[i].value;
	if (r < 0 || !search->pf->ifname || !has_device(mappings, search->pf->ifname))
		return r;
	return search_add(search, "neutron's SR-IOV agent", path, "it in physical_device_mappings");
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/nm_profile.h"

#include <errno.h>
#include <string.h>

#include "util/mac.h"
#include "util/text.h"

struct profile {
	const char *uuid, *interface, *mac;
	bool has_sriov;
};

static void read_profile(const struct ini_line *lines, size_t count, struct profile *profile)
{
	for (size_t i = 0; i < count; i++) {
		const struct ini_line *line = &lines[i];

		if (!line->key)
			profile->has_sriov |= !strcmp(line->section, "sriov");
		else if (ini_is(line, "connection", "uuid"))
			profile->uuid = line->value;
		else if (ini_is(line, "connection", "interface-name"))
			profile->interface = line->value;
		else if (ini_is(line, "ethernet", "mac-address") ||
			 ini_is(line, "802-3-ethernet", "mac-address"))
			profile->mac = line->value;
	}
}

/* A profile that names neither may be for any device, and for this one only by chance. */
static bool is_for(const struct profile *profile, const struct pf *pf)
{
	struct mac mac;

	if (!profile->interface && !profile->mac)
		return false;
	if (profile->interface && (!pf->ifname || strcmp(profile->interface, pf->ifname) != 0))
		return false;
	return !profile->mac || (pf->has_permanent_mac && mac_parse(profile->mac, &mac) >= 0 &&
				 !memcmp(&mac, &pf->permanent_mac, sizeof(mac)));
}

/* Notes the UUID of a profile, which may have none. Returns 1 if one of that UUID came before,
 * which wins over this one; 0; -ENOMEM. */
static int note_uuid(struct search *search, const char *uuid)
{
	for (size_t i = 0; uuid && i < search->n_uuids; i++)
		if (!strcmp(search->uuids[i], uuid))
			return 1;
	return uuid ? search_note(search, &search->uuids, &search->n_uuids, &search->uuids_capacity,
				  uuid)
		    : 0;
}

static int find_profile(struct search *search, const char *path)
{
	struct profile profile = { 0 };
	struct ini_line *lines;
	size_t count;
	int r = search_read_lines(search, path, INI_KEYFILE, &lines, &count);

	if (r < 0 || !count)
		return r;
	read_profile(lines, count, &profile);
	r = note_uuid(search, profile.uuid);
	if (r != 0 || !profile.has_sriov || !is_for(&profile, search->pf))
		return r < 0 ? r : 0;
	return search_add(search, "NetworkManager", path, "[sriov]");
}

/* In the order in which they win. Only in /etc a profile needs no extension; what editors and
 * package managers leave there is none (nm_keyfile_utils_ignore_filename() in NetworkManager's
 * libnm-core). */
static const struct {
	const char *path;
	bool any_name;
} profile_directories[] = {
	{ "/run/NetworkManager/system-connections", false },
	{ "/etc/NetworkManager/system-connections", true },
	{ "/usr/lib/NetworkManager/system-connections", false },
};

static bool is_profile(const char *name, bool any_name)
{
	static const char *const ignored[] = { "~", ".swp", ".swpx", ".pem", ".der", ".nmmeta" };

	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		if (text_has_suffix(name, ignored[i]))
			return false;
	return any_name || text_has_suffix(name, ".nmconnection");
}

int nm_profile_find(struct search *search)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(profile_directories); i++) {
		const char **names;
		size_t count = 0;

		r = search_list(search, profile_directories[i].path, &names, &count);
		for (size_t k = 0; r >= 0 && k < count; k++) {
			const char *path;

			if (!is_profile(names[k], profile_directories[i].any_name))
				continue;
			path = arena_printf(search->arena, "%s/%s", profile_directories[i].path,
					    names[k]);
			r = path ? find_profile(search, path) : -ENOMEM;
		}
	}
	return r;
}

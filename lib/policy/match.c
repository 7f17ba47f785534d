/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/match.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static bool glob_holds(const char *text, const char *pattern)
{
	return text && fnmatch(pattern, text, 0) == 0;
}

static bool interface_holds(const struct pf *pf, const char *pattern)
{
	return pf_has_name(pf, glob_holds, pattern);
}

static void append_names(const struct names *names, size_t before, struct text *out)
{
	for (size_t i = 0; i < names->count; i++) {
		if (out->length > before)
			text_append(out, ", ");
		text_append(out, names->items[i]);
	}
}

static void interface_actual(const struct pf *pf, struct text *out)
{
	size_t before = out->length;

	if (pf->ifname)
		text_append(out, pf->ifname);
	append_names(&pf->altnames, before, out);
	append_names(&pf->other_names, before, out);
}

static bool mac_holds(const struct pf *pf, const char *pattern)
{
	struct mac mac;

	return pf->has_permanent_mac && mac_parse(pattern, &mac) == 0 &&
	       mac_equal(&mac, &pf->permanent_mac);
}

static void mac_actual(const struct pf *pf, struct text *out)
{
	char buffer[MAC_STRING_SIZE];

	if (pf->has_permanent_mac)
		text_append(out, mac_format(&pf->permanent_mac, buffer));
}

/* The pattern is "vvvv:dddd". */
static bool device_holds(const struct pf *pf, const char *pattern)
{
	return pf->has_device_id && strtoul(pattern, NULL, 16) == pf->vendor_id &&
	       strtoul(pattern + strlen("vvvv:"), NULL, 16) == pf->device_id;
}

static void device_actual(const struct pf *pf, struct text *out)
{
	if (pf->has_device_id)
		text_printf(out, "%04x:%04x", pf->vendor_id, pf->device_id);
}

static bool numa_node_holds(const struct pf *pf, const char *pattern)
{
	return strtol(pattern, NULL, 10) == pf->numa_node;
}

static void numa_node_actual(const struct pf *pf, struct text *out)
{
	if (pf->numa_node >= 0)
		text_printf(out, "%d", pf->numa_node);
}

/* Only a device of the PCI bus has a PCI address. */
static const char *get_pci(const struct pf *pf)
{
	static const char bus[] = "pci/";

	return pf->handle && strncmp(pf->handle, bus, strlen(bus)) == 0 ? pf->address : NULL;
}

static const char *get_path(const struct pf *pf)
{
	return pf->id_path;
}

static const char *get_driver(const struct pf *pf)
{
	return pf->driver;
}

static const char *get_port(const struct pf *pf)
{
	return pf->port;
}

/* A key is a glob on one string, or has functions of its own. */
static const struct key {
	const char *(*get)(const struct pf *pf);
	bool (*holds)(const struct pf *pf, const char *pattern);
	void (*actual)(const struct pf *pf, struct text *out);
} keys[MATCH_KEY_COUNT] = {
	[MATCH_INTERFACE] = { .holds = interface_holds, .actual = interface_actual },
	[MATCH_MAC] = { .holds = mac_holds, .actual = mac_actual },
	[MATCH_PCI] = { .get = get_pci },
	[MATCH_PATH] = { .get = get_path },
	[MATCH_DRIVER] = { .get = get_driver },
	[MATCH_DEVICE] = { .holds = device_holds, .actual = device_actual },
	[MATCH_PORT] = { .get = get_port },
	[MATCH_NUMA_NODE] = { .holds = numa_node_holds, .actual = numa_node_actual },
};

static bool key_holds(const struct key *key, const struct match_patterns *match,
		      const struct pf *pf)
{
	for (size_t i = 0; i < match->count; i++) {
		const char *pattern = match->patterns[i];

		if (key->get ? glob_holds(key->get(pf), pattern) : key->holds(pf, pattern))
			return true;
	}
	return false;
}

bool rule_matches(const struct rule *rule, const struct pf *pf, enum match_key *ret_failed)
{
	for (enum match_key i = 0; i < MATCH_KEY_COUNT; i++) {
		if (!rule->match[i].count || key_holds(&keys[i], &rule->match[i], pf))
			continue;
		if (ret_failed)
			*ret_failed = i;
		return false;
	}
	return true;
}

void match_actual(const struct pf *pf, enum match_key key, struct text *out)
{
	size_t before = out->length;

	if (keys[key].actual)
		keys[key].actual(pf, out);
	else if (keys[key].get(pf))
		text_append(out, keys[key].get(pf));
	if (out->length != before)
		return;
	text_append(out, "nothing");
	if (!pf->ifindex && (key == MATCH_INTERFACE || key == MATCH_MAC || key == MATCH_PORT))
		text_append(out, " (it has no network device here)");
}

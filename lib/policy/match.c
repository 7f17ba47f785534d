/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/match.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "model/netdev_lack.h"
#include "model/pci_class.h"

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

#define DEVICE_SIZE sizeof("vvvv:dddd")

static void write_id(uint16_t id, char buffer[static 4])
{
	for (unsigned i = 0; i < 4; i++)
		buffer[i] = "0123456789abcdef"[id >> (12 - 4 * i) & 0xf];
}

static bool device_holds(const struct pf *pf, const char *pattern)
{
	char device[DEVICE_SIZE] = "vvvv:dddd";

	write_id(pf->vendor_id, device);
	write_id(pf->device_id, device + strlen("vvvv:"));
	return pf->has_device_id && glob_holds(device, pattern);
}

static void device_actual(const struct pf *pf, struct text *out)
{
	if (pf->has_device_id)
		text_printf(out, "%04x:%04x", pf->vendor_id, pf->device_id);
}

static bool class_holds(const struct pf *pf, const char *pattern)
{
	return pf->has_class && pci_class_covers(pci_class_find(pattern), pf->class);
}

static void class_actual(const struct pf *pf, struct text *out)
{
	const struct pci_class *class = pf->has_class ? pci_class_of(pf->class) : NULL;

	if (class)
		text_printf(out, "%s (0x%06x)", class->word, pf->class);
	else if (pf->has_class)
		text_printf(out, "0x%06x", pf->class);
}

/* In any case: some print it in capitals. */
static bool serial_holds(const struct pf *pf, const char *pattern)
{
	return pf->serial && fnmatch(pattern, pf->serial, FNM_CASEFOLD) == 0;
}

static void serial_actual(const struct pf *pf, struct text *out)
{
	if (pf->serial)
		text_append_quoted(out, pf->serial);
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

static const char *get_firmware(const struct pf *pf)
{
	return pf->firmware;
}

/* Of its network device: known once it has one, or will never have any. */
static bool netdev_is_told(const struct pf *pf)
{
	return pf->ifindex || pf->ifname || netdev_lack_of(pf) != NETDEV_LACK_NONE;
}

/* A network device of InfiniBand has no such address. */
static bool mac_is_told(const struct pf *pf)
{
	return pf->has_permanent_mac || netdev_lack_of(pf) != NETDEV_LACK_NONE;
}

static bool path_is_told(const struct pf *pf)
{
	return pf->id_path;
}

/* What is no PCI device has none, and is known to. */
static bool device_is_told(const struct pf *pf)
{
	return pf->has_device_id || !get_pci(pf);
}

static bool class_is_told(const struct pf *pf)
{
	return pf->has_class || !get_pci(pf);
}

static bool serial_is_told(const struct pf *pf)
{
	return pf->serial || !get_pci(pf);
}

static bool driver_is_told(const struct pf *pf)
{
	return pf->driver;
}

static bool firmware_is_told(const struct pf *pf)
{
	return pf->firmware;
}

/* A key is a glob on one string, or has functions of its own. Without is_told() the kernel always
 * tells, if only that the PF has none. */
static const struct key {
	const char *(*get)(const struct pf *pf);
	bool (*holds)(const struct pf *pf, const char *pattern);
	void (*actual)(const struct pf *pf, struct text *out);
	bool (*is_told)(const struct pf *pf);
	bool of_netdev; /* what it asks for comes and goes with the PF's network device */
} keys[MATCH_KEY_COUNT] = {
	[MATCH_INTERFACE] = { .holds = interface_holds,
			      .actual = interface_actual,
			      .is_told = netdev_is_told,
			      .of_netdev = true },
	[MATCH_MAC] = { .holds = mac_holds,
			.actual = mac_actual,
			.is_told = mac_is_told,
			.of_netdev = true },
	[MATCH_PCI] = { .get = get_pci },
	[MATCH_PATH] = { .get = get_path, .is_told = path_is_told },
	[MATCH_DRIVER] = { .get = get_driver, .is_told = driver_is_told },
	[MATCH_DEVICE] = { .holds = device_holds,
			   .actual = device_actual,
			   .is_told = device_is_told },
	[MATCH_CLASS] = { .holds = class_holds, .actual = class_actual, .is_told = class_is_told },
	[MATCH_SERIAL] = { .holds = serial_holds,
			   .actual = serial_actual,
			   .is_told = serial_is_told },
	[MATCH_FIRMWARE] = { .get = get_firmware, .is_told = firmware_is_told, .of_netdev = true },
	[MATCH_PORT] = { .get = get_port, .is_told = netdev_is_told, .of_netdev = true },
	[MATCH_NUMA_NODE] = { .holds = numa_node_holds, .actual = numa_node_actual },
};

static enum match_answer key_answer(enum match_key key, const struct match_patterns *match,
				    const struct pf *pf)
{
	const struct key *row = &keys[key];

	if (row->of_netdev && pf->earlier)
		pf = pf->earlier;
	for (size_t i = 0; i < match->count; i++) {
		const char *pattern = match->patterns[i];

		if (row->get ? glob_holds(row->get(pf), pattern) : row->holds(pf, pattern))
			return MATCH_YES;
	}
	return row->is_told && !row->is_told(pf) ? MATCH_UNTOLD : MATCH_NO;
}

/* The answer of the keys of match:, or of not:, of which none may hold. */
static enum match_answer keys_answer(const struct match_patterns *keys_asked, bool of_not,
				     const struct pf *pf, struct match_failure *failure)
{
	enum match_answer answer = MATCH_YES;

	for (enum match_key i = 0; i < MATCH_KEY_COUNT; i++) {
		enum match_answer of_key;

		if (!keys_asked[i].count)
			continue;
		of_key = key_answer(i, &keys_asked[i], pf);
		if (of_key == (of_not ? MATCH_NO : MATCH_YES))
			continue;
		if (of_key == MATCH_UNTOLD && answer == MATCH_UNTOLD)
			continue;
		*failure = (struct match_failure){ i, of_not, of_key == MATCH_UNTOLD };
		if (of_key != MATCH_UNTOLD)
			return MATCH_NO;
		answer = MATCH_UNTOLD;
	}
	return answer;
}

enum match_answer rule_answer(const struct rule *rule, const struct pf *pf,
			      struct match_failure *ret)
{
	struct match_failure of_match, of_not;
	enum match_answer meant = keys_answer(rule->match, false, pf, &of_match);
	enum match_answer spared = MATCH_YES, answer = meant;

	if (meant != MATCH_NO)
		spared = keys_answer(rule->excluded, true, pf, &of_not);
	if (spared == MATCH_NO || meant == MATCH_YES)
		answer = spared;
	if (ret && answer != MATCH_YES)
		*ret = answer == meant ? of_match : of_not;
	return answer;
}

bool rule_matches(const struct rule *rule, const struct pf *pf, struct match_failure *ret)
{
	return rule_answer(rule, pf, ret) == MATCH_YES;
}

void match_failure_key(const struct match_failure *failure, struct text *out)
{
	text_printf(out, "%s%s", failure->of_not ? "not." : "", match_key_names[failure->key]);
}

const struct match_patterns *match_failure_patterns(const struct match_failure *failure,
						    const struct rule *rule)
{
	return failure->of_not ? &rule->excluded[failure->key] : &rule->match[failure->key];
}

void match_failure_describe(const struct match_failure *failure, const struct rule *rule,
			    const struct pf *pf, struct text *out)
{
	text_printf(out, "%s is ", match_key_names[failure->key]);
	match_actual(pf, failure->key, out);
	if (!failure->of_not)
		text_append(out, ", wanted ");
	else if (failure->untold)
		text_append(out, ", and 'not' cannot tell yet whether it is ");
	else
		text_append(out, ", and 'not' excludes ");
	match_patterns_describe(match_failure_patterns(failure, rule), out);
}

void match_actual(const struct pf *pf, enum match_key key, struct text *out)
{
	size_t before = out->length;

	if (keys[key].actual)
		keys[key].actual(pf, out);
	else if (keys[key].get(pf))
		text_append_quoted(out, keys[key].get(pf));
	if (out->length != before)
		return;
	text_append(out, "nothing");
	if (!pf->ifindex && (key == MATCH_INTERFACE || key == MATCH_MAC || key == MATCH_PORT))
		text_append(out, " (it has no network device here)");
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules.h"

#include <string.h>

#include "util/cleanup.h"

/* A key with values that it may have, and how often it is there, in per cent. */
struct key {
	const char *key;
	uint32_t percent;
	const char *values[8];
};

static const struct key pf_keys[] = {
	{ "mode", 12, { "observe", "observe", "enforce" } },
	{ "on-resize", 40, { "refuse", "refuse-in-use", "force", "force-open" } },
	{ "disruption", 25, { "on-request", "on-request", "on-request", "auto" } },
	{ "on-disrupt", 20, { "refuse-in-use", "allow", "allow" } },
	{ "driver-after", 8, { "{bond: bond0}", "{bond: bond0}", "{bond: bond1}" } },
	{ "pf-up", 60, { "true", "true", "true", "false" } },
	{ "mtu", 20, { "1500", "9000", "4000", "9600", "60000" } },
	{ "drivers-autoprobe", 20, { "true", "false" } },
};

/* Of a VF's defaults or of some VFs: whatever several may share. */
static const struct key vf_keys[] = {
	{ "vlan",
	  35,
	  { "100", "none", "{id: 5, qos: 3}", "{id: 7, protocol: 802.1ad}", "{from: 100}", "7",
	    "{from: 1000, qos: 3}" } },
	{ "trust", 35, { "true", "false" } },
	{ "spoof-check", 35, { "true", "false", "false" } },
	{ "query-rss", 8, { "true", "false" } },
	{ "link-state", 12, { "auto", "enable", "disable" } },
	{ "min-tx-rate", 8, { "0", "10", "100", "1%" } },
	{ "max-tx-rate", 15, { "0", "200", "500", "50Gbit/s", "50%", "10%" } },
	{ "driver", 15, { "vfio-pci", "default", "none", "iavf", "igbvf", "no-such" } },
	{ "msix-vectors", 6, { "4", "16", "100" } },
	{ "unmanaged", 8, { "true", "false" } },
	{ "altname", 12, { "\"{rule}-vf{index}\"", "\"vf{index}\"" } },
	{ "mtu", 8, { "1500", "9000", "65000" } },
};

/* Two values of one VF that contradict each other are an error, which is not what this is about. */
static bool is_later_rate(const struct key *key)
{
	return !strcmp(key->key, "max-tx-rate");
}

static const char *pick(struct random *random, const char *const *values, uint32_t max)
{
	uint32_t n = 0;

	while (n < max && values[n])
		n++;
	return values[random_below(random, n)];
}

static uint32_t add_keys(struct random *random, const struct key *keys, size_t n,
			 const char *indent, uint32_t percent, struct text *out)
{
	uint32_t count = 0;
	bool has_min = false;

	for (size_t i = 0; i < n; i++) {
		const char *value = pick(random, keys[i].values, 8);

		if (!random_percent(random, keys[i].percent) || !random_percent(random, percent))
			continue;
		if (is_later_rate(&keys[i]) && has_min)
			value = random_percent(random, 50) ? "500" : "50%";
		has_min = has_min || !strcmp(keys[i].key, "min-tx-rate");
		text_printf(out, "%s%s: %s\n", indent, keys[i].key, value);
		count++;
	}
	return count;
}

static void add_match(struct random *random, const struct world *world, struct text *out)
{
	const struct sim_pf *pf = &world->pfs[random_below(random, world->n_pfs)];

	/* A card without a network device has no name and no address to go by. */
	switch (pf->profile->class ? 1 : random_below(random, 8)) {
	case 0:
		text_append(out, "    match: {interface: \"ens*\"}\n");
		break;
	case 1:
		text_printf(out, "    match: {driver: [%s, nothing]}\n", pf->profile->driver);
		break;
	case 2:
		text_printf(out, "    match: {mac: \"52:54:00:00:01:0%u\"}\n", pf->number);
		break;
	case 3:
		text_printf(out, "    match: {driver: \"*\", not: {interface: ens%u}}\n",
			    pf->number + 1);
		break;
	default:
		text_printf(out, "    match: {interface: ens%u}\n", pf->number + 1);
	}
}

static void add_count(struct random *random, uint32_t vfs, struct text *out)
{
	const bool at_most = random_percent(random, 15);

	if (vfs)
		text_printf(out, "    vfs: %u\n%s", vfs, at_most ? "    at-most: true\n" : "");
	else if (at_most && random_percent(random, 30))
		text_append(out, "    vfs: 300\n    at-most: true\n");
	else if (random_percent(random, 25))
		text_printf(
			out, "    vfs: %s\n",
			pick(random, (const char *const[]){ "max", "50%", "0", "1%", NULL }, 5));
}

static void add_eswitch(struct random *random, struct text *out)
{
	if (!random_percent(random, 20))
		return;
	text_printf(out, "    eswitch: {mode: %s",
		    random_percent(random, 60) ? "switchdev" : "legacy");
	if (random_percent(random, 20))
		text_append(out, ", inline-mode: transport");
	if (random_percent(random, 20))
		text_append(out, ", encap-mode: basic");
	text_append(out, "}\n");
}

/* How the values of an entry are enforced; it draws of its own, so that histories without it are
 * what they were. */
static void add_enforce(struct random *random, const char *indent, struct text *out)
{
	struct random own = { random->state ^ 0x6f6e6365 };

	(void)random_next(&own);
	if (random_percent(&own, 30))
		text_printf(out, "%senforce: %s\n", indent,
			    random_percent(&own, 80) ? "at-creation" : "always");
}

/* What is handed out from which group, of which nothing is written; it draws of its own, too. */
static void add_pool(struct random *random, const char *indent, struct text *out)
{
	struct random own = { random->state ^ 0x706f6f6c };

	(void)random_next(&own);
	if (random_percent(&own, 25))
		text_printf(out, "%spool: %s\n", indent,
			    random_percent(&own, 60) ? "guests" : "pods-1");
}

static void add_defaults(struct random *random, struct text *out)
{
	CLEANUP_TEXT struct text keys = { 0 };

	if (random_percent(random, 40))
		text_append(&keys, "      mac: stable\n");
	else if (random_percent(random, 20))
		text_append(&keys, "      mac: {from: \"02:00:01:00:00:fe\"}\n");
	(void)add_keys(random, vf_keys, ARRAY_SIZE(vf_keys), "      ", 100, &keys);
	if (keys.length)
		add_enforce(random, "      ", &keys);
	add_pool(random, "      ", &keys);
	if (keys.length)
		text_printf(out, "    vf-defaults:\n%s", text_string(&keys));
}

/* VFs below n, one range or number. Later entries name later VFs. */
static void add_entries(struct random *random, uint32_t rule, uint32_t n, struct text *out)
{
	uint32_t count = random_below(random, 3);

	if (!n || !count)
		return;
	text_append(out, "    virtual-functions:\n");
	for (uint32_t i = 0; i < count; i++) {
		uint32_t first = random_below(random, n),
			 last = first + random_below(random, n - first), keys = 0;

		text_printf(out, "      - index: \"%u-%u\"\n", first, last);
		if (first == last && random_percent(random, 40))
			text_printf(out, "        mac: \"02:00:00:%02x:%02x:%02x\"\n", rule, i,
				    first);
		else if (random_percent(random, 15))
			text_printf(out, "        mac: {from: \"02:00:02:%02x:%02x:fe\"}\n", rule,
				    i);
		keys += add_keys(random, vf_keys, 5, "        ", 100, out);
		keys += add_keys(random, vf_keys + 7, ARRAY_SIZE(vf_keys) - 7, "        ", 60, out);
		if (keys)
			add_enforce(random, "        ", out);
		add_pool(random, "        ", out);
	}
}

static void add_rule(struct random *random, const struct world *world, uint32_t rule,
		     struct text *out)
{
	uint32_t vfs = random_percent(random, 70) ? random_between(random, 1, 4) : 0;

	if (random_percent(random, 4))
		vfs = random_between(random, 5, 20);
	text_printf(out, "  - name: rule%u\n", rule);
	add_match(random, world, out);
	add_count(random, vfs, out);
	(void)add_keys(random, pf_keys, ARRAY_SIZE(pf_keys), "    ", 100, out);
	add_eswitch(random, out);
	if (random_percent(random, 75))
		add_defaults(random, out);
	if (random_percent(random, 50))
		add_entries(random, rule, vfs, out);
}

/* What is ignored stays so whichever rules come after. */
static void add_ignoring(struct random *random, const struct world *world, struct text *out)
{
	text_append(out, "  - name: ignoring\n");
	add_match(random, world, out);
	text_append(out, "    mode: ignore\n");
}

void rules_write(struct random *random, const struct world *world, struct text *out)
{
	uint32_t rules = random_between(random, 1, 3);
	/* Before the rule of that number, if there is one. */
	uint32_t ignoring = random_below(random, 16);

	text_printf(out, "version: 1\nsettings: {resync: %s}\nphysical-functions:\n",
		    pick(random, (const char *const[]){ "60s", "0", "300s", "30s", NULL }, 5));
	for (uint32_t i = 0; i <= rules; i++) {
		if (i == ignoring)
			add_ignoring(random, world, out);
		if (i < rules)
			add_rule(random, world, i, out);
	}
}

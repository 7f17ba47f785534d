/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/anonymise.h"

#include <errno.h>
#include <string.h>

#include "policy/resolve/stable_address.h"
#include "util/text.h"

#define MACHINE_ID "00000000000000000000000000000001"
#define HOSTNAME   "host"

/* What one value becomes wherever it stands: a GUID, an address as a number, or a string. */
struct pair {
	uint64_t from, to;
	const char *from_text, *to_text;
};

struct pairs {
	struct pair *items;
	size_t count, capacity;
};

struct anonymiser {
	struct arena *arena;
	struct pairs macs, guids, serials, holders;
	uint8_t machine_id[HOST_MACHINE_ID_SIZE], new_machine_id[HOST_MACHINE_ID_SIZE];
	bool has_machine_id;
};

static uint64_t number_of(const struct mac *mac)
{
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof(mac->bytes); i++)
		number = number << 8 | mac->bytes[i];
	return number;
}

static void set_number(uint64_t number, struct mac *ret)
{
	for (size_t i = sizeof(ret->bytes); i-- > 0; number >>= 8)
		ret->bytes[i] = (uint8_t)number;
}

static const struct pair *find_number(const struct pairs *pairs, uint64_t from)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->items[i].from == from)
			return &pairs->items[i];
	return NULL;
}

static int add_pair(struct anonymiser *anonymiser, struct pairs *pairs, const struct pair *pair)
{
	int r = arena_grow(anonymiser->arena, &pairs->items, pairs->count, &pairs->capacity,
			   sizeof(*pairs->items));

	if (r >= 0)
		pairs->items[pairs->count++] = *pair;
	return r;
}

/* A number for one that was not seen before: the next, behind a first byte of local unicast. */
static int map_number(struct anonymiser *anonymiser, struct pairs *pairs, unsigned bytes,
		      uint64_t *number)
{
	const struct pair *found = find_number(pairs, *number);
	struct pair pair = { .from = *number };
	int r;

	if (!*number) /* none */
		return 0;
	if (!found) {
		pair.to = UINT64_C(2) << 8 * (bytes - 1) | (pairs->count + 1);
		r = add_pair(anonymiser, pairs, &pair);
		if (r < 0)
			return r;
		found = &pair;
	}
	*number = found->to;
	return 0;
}

static int map_mac(struct anonymiser *anonymiser, struct mac *mac)
{
	uint64_t number = number_of(mac);
	int r = map_number(anonymiser, &anonymiser->macs, sizeof(mac->bytes), &number);

	if (r >= 0)
		set_number(number, mac);
	return r;
}

static int map_guid(struct anonymiser *anonymiser, uint64_t *guid)
{
	return map_number(anonymiser, &anonymiser->guids, sizeof(*guid), guid);
}

/* A text that was not seen before becomes a number, in that form. */
static int map_text(struct anonymiser *anonymiser, struct pairs *pairs, const char *format,
		    const char **text)
{
	struct pair pair = { .from_text = *text };
	CLEANUP_TEXT struct text new = { 0 };

	if (!*text)
		return 0;
	for (size_t i = 0; i < pairs->count; i++)
		if (!strcmp(pairs->items[i].from_text, *text)) {
			*text = pairs->items[i].to_text;
			return 0;
		}
	text_append(&new, format);
	text_printf(&new, "%02zx", pairs->count + 1);
	pair.to_text = new.failed ? NULL : arena_strdup(anonymiser->arena, text_string(&new));
	if (!pair.to_text)
		return -ENOMEM;
	*text = pair.to_text;
	return add_pair(anonymiser, pairs, &pair);
}

static uint64_t derive(const uint8_t machine_id[static HOST_MACHINE_ID_SIZE], const char *label,
		       const struct mac *permanent, uint32_t vf, size_t size)
{
	uint8_t bytes[8];
	uint64_t number = 0;

	stable_address(machine_id, label, permanent, vf, bytes, size);
	for (size_t i = 0; i < size; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* Before any of them is met: what a VF would have by "stable" becomes what it will have by that. */
static int map_stable(struct anonymiser *anonymiser, const struct mac *old, const struct mac *new,
		      uint32_t vf)
{
	static const struct {
		const char *label;
		size_t size;
	} kinds[] = { { "mac", 6 }, { "node-guid", 8 }, { "port-guid", 8 } };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(kinds); i++) {
		const struct pair pair = {
			.from = derive(anonymiser->machine_id, kinds[i].label, old, vf,
				       kinds[i].size),
			.to = derive(anonymiser->new_machine_id, kinds[i].label, new, vf,
				     kinds[i].size),
		};

		r = add_pair(anonymiser, i ? &anonymiser->guids : &anonymiser->macs, &pair);
	}
	return r;
}

static int map_permanent(struct anonymiser *anonymiser, struct pf *pf)
{
	const struct mac old = pf->permanent_mac;
	int r;

	if (!pf->has_permanent_mac)
		return 0;
	r = map_mac(anonymiser, &pf->permanent_mac);
	for (uint32_t i = 0; r >= 0 && anonymiser->has_machine_id && i < pf->n_vfs; i++)
		r = map_stable(anonymiser, &old, &pf->permanent_mac, i);
	return r;
}

static int map_holder(struct anonymiser *anonymiser, struct holder *holder)
{
	int r = map_text(anonymiser, &anonymiser->holders, "somebody ", &holder->details);

	return r < 0 ? r : map_text(anonymiser, &anonymiser->holders, "somebody ", &holder->remark);
}

static int map_vf(struct anonymiser *anonymiser, struct vf *vf)
{
	struct value *values = vf->settings.value;
	int r = 0;

	if (vf->settings.present & SETTING_BIT(VF_MAC))
		r = map_mac(anonymiser, &values[VF_MAC].mac);
	if (r >= 0 && (vf->settings.present & SETTING_BIT(VF_NODE_GUID)))
		r = map_guid(anonymiser, &values[VF_NODE_GUID].number);
	if (r >= 0 && (vf->settings.present & SETTING_BIT(VF_PORT_GUID)))
		r = map_guid(anonymiser, &values[VF_PORT_GUID].number);
	if (r >= 0 && (vf->taken.known & SETTING_BIT(VF_MAC)))
		r = map_mac(anonymiser, &vf->taken.mac);
	if (r >= 0 && (vf->taken.known & SETTING_BIT(VF_NODE_GUID)))
		r = map_guid(anonymiser, &vf->taken.node_guid);
	if (r >= 0 && (vf->taken.known & SETTING_BIT(VF_PORT_GUID)))
		r = map_guid(anonymiser, &vf->taken.port_guid);
	return r < 0 ? r : map_holder(anonymiser, &vf->holder);
}

static int map_pf(struct anonymiser *anonymiser, struct pf *pf)
{
	int r = map_text(anonymiser, &anonymiser->serials, "00-00-00-00-00-00-00-", &pf->serial);

	if (r >= 0)
		r = map_holder(anonymiser, &pf->holder);
	if (r >= 0)
		r = map_text(anonymiser, &anonymiser->holders, "rates ", &pf->shared_rates);
	if (r >= 0 && pf->earlier && pf->earlier->has_permanent_mac)
		r = map_mac(anonymiser, &pf->earlier->permanent_mac);
	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++)
		r = map_vf(anonymiser, &pf->vfs[i]);
	return r;
}

/* Arguments of the kernel that are about hardware; of others the values may name a host. */
static bool is_of_hardware(const char *word, size_t length)
{
	static const char *const keys[] = {
		"intel_iommu",
		"amd_iommu",
		"iommu",
		"iommu.strict",
		"iommu.passthrough",
		"intremap",
		"nointremap",
		"pci",
		"pcie_aspm",
		"pcie_acs_override",
		"hugepages",
		"hugepagesz",
		"isolcpus",
		"nohz_full",
		"default_hugepagesz",
		"rcu_nocbs",
		"processor.max_cstate",
		"idle",
		"intel_idle.max_cstate",
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i]) == length && !strncmp(keys[i], word, length))
			return true;
	return false;
}

static int strip_command_line(struct arena *arena, const char **line)
{
	CLEANUP_TEXT struct text text = { 0 };

	if (!*line)
		return 0;
	for (const char *word = *line; *word; word += strspn(word, " ")) {
		size_t length = strcspn(word, " ");

		if (is_of_hardware(word, strcspn(word, "= "))) {
			text_append(&text, text.length ? " " : "");
			text_append_n(&text, word, length);
		}
		word += length;
	}
	*line = text.failed ? NULL : arena_strdup(arena, text_string(&text));
	return *line ? 0 : -ENOMEM;
}

static int map_host(struct anonymiser *anonymiser, struct host *host)
{
	const struct host new = { .machine_id = MACHINE_ID };

	anonymiser->has_machine_id = host_get_machine_id(host, anonymiser->machine_id) &&
				     host_get_machine_id(&new, anonymiser->new_machine_id);
	host->machine_id = host->machine_id ? MACHINE_ID : NULL;
	host->hostname = host->hostname ? HOSTNAME : NULL;
	return strip_command_line(anonymiser->arena, &host->kernel_command_line);
}

int anonymise(struct inventory *inventory)
{
	struct anonymiser anonymiser = { .arena = inventory->arena };
	int r = map_host(&anonymiser, &inventory->host);

	for (size_t i = 0; r >= 0 && i < inventory->pfs.count; i++)
		r = map_permanent(&anonymiser, inventory->pfs.items[i]);
	for (size_t i = 0; r >= 0 && i < inventory->pfs.count; i++)
		r = map_pf(&anonymiser, inventory->pfs.items[i]);
	return r < 0 ? r : 0;
}

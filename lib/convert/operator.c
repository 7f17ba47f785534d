/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/operator.h"

#include <errno.h>
#include <string.h>

#include "convert/draft.h"
#include "convert/words.h"
#include "util/index_set.h"

#define PF_NAMES "spec/nicSelector/pfNames/*"

/* More objects in a file than anybody writes. */
#define OBJECTS_MAX 256
#define VF_MAX	    65534u

/* What names of pools are made of; "-" for "_" */
#define POOL_MAX 63
#define LETTERS	 "abcdefghijklmnopqrstuvwxyz"

/* Parts of the path that lead to the object: of a List it is an item. */
static size_t base_of(const struct conversion *conversion, const struct fact *fact)
{
	(void)conversion;
	return fact->depth > 2 && !strcmp(fact->path[0], "items") ? 2 : 0;
}

/* What tells objects apart. */
static const void *object_of(const struct fact *fact)
{
	size_t base = base_of(NULL, fact);

	return base ? (const void *)fact->path[base - 1] : fact->origin.document;
}

static bool is_same_object(const struct fact *a, const struct fact *b)
{
	return object_of(a) == object_of(b);
}

static bool fits(const struct fact *fact, const char *pattern)
{
	struct fact below = *fact;
	size_t base = base_of(NULL, fact);

	below.path += base;
	below.depth -= base;
	return fact_fits(&below, pattern);
}

/* What the object says there, or "". */
static const char *value_at(const struct conversion *conversion, const struct fact *fact,
			    const char *pattern)
{
	for (size_t i = 0; i < conversion->facts.count; i++)
		if (is_same_object(&conversion->facts.items[i], fact) &&
		    fits(&conversion->facts.items[i], pattern))
			return conversion->facts.items[i].value;
	return "";
}

static bool is_kind(const struct conversion *conversion, const struct fact *fact, const char *kind)
{
	return !strcmp(value_at(conversion, fact, "kind"), kind);
}

static bool is_policy(const struct conversion *conversion, const struct fact *fact)
{
	return is_kind(conversion, fact, "SriovNetworkNodePolicy");
}

/* The VFs that a draft's PF is named with, "ens1f0#0-3", or all. False: that cannot be told. */
static bool find_vfs(struct conversion *conversion, const struct draft *draft,
		     struct index_set *ret)
{
	const char *range = fits(draft->first, PF_NAMES) ? strchr(draft->first->value, '#') : NULL;
	const char *number = value_at(conversion, draft->first, "spec/numVfs");
	uint32_t count;

	if (range)
		return index_set_parse(range + 1, VF_MAX, conversion->arena, ret) >= 0;
	return draft_read_vf(number, &count) && count &&
	       index_set_parse(arena_printf(conversion->arena, "0-%u", count - 1), VF_MAX,
			       conversion->arena, ret) >= 0;
}

/* Sets it for all VFs of the draft. */
static int set_vfs(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		   int setting, const char *text)
{
	struct index_set vfs;
	int r = 0;

	if (!find_vfs(conversion, draft, &vfs))
		return conversion_note(conversion, fact, "which VFs have it is not said");
	for (uint32_t i = 0; r >= 0 && i <= index_set_highest(&vfs); i++)
		if (index_set_contains(&vfs, i))
			r = draft_vf(conversion, draft, fact, i, setting, text);
	return r;
}

/* Does the same for each rule that the object makes. */
static int each(struct conversion *conversion, const struct fact *fact, const struct key_row *row,
		int (*one)(struct conversion *conversion, struct draft *draft,
			   const struct fact *fact, const struct key_row *row))
{
	int r = 0;

	if (!is_policy(conversion, fact))
		return conversion_note(conversion, fact, "sriovctl does not know the key");
	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++)
		if (is_same_object(conversion->drafts[i]->first, fact))
			r = one(conversion, conversion->drafts[i], fact, row);
	return r;
}

static int set_pf(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		  const struct key_row *row)
{
	if (row->setting == PF_VFS &&
	    !strcmp(words_bool(value_at(conversion, fact, "spec/externallyManaged")), "true"))
		return conversion_note(conversion, fact,
				       "somebody else makes the VFs, as externallyManaged says");
	return draft_pf(conversion, draft, fact, row->setting, fact->value);
}

static int take_pf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	return each(conversion, fact, row, set_pf);
}

/* The operator gives it to the PF as well as to VFs that have an interface. */
static int set_mtu(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		   const struct key_row *row)
{
	int r = draft_pf(conversion, draft, fact, row->setting, fact->value);

	if (r < 0 || !strcmp(value_at(conversion, fact, "spec/deviceType"), "vfio-pci"))
		return r;
	return set_vfs(conversion, draft, fact, VF_MTU, fact->value);
}

static int take_mtu(struct conversion *conversion, const struct fact *fact,
		    const struct key_row *row)
{
	return each(conversion, fact, row, set_mtu);
}

static int set_driver(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		      const struct key_row *row)
{
	(void)row;
	if (!strcmp(fact->value, "vfio-pci"))
		return set_vfs(conversion, draft, fact, VF_DRIVER, fact->value);
	if (!strcmp(fact->value, "netdevice"))
		return set_vfs(conversion, draft, fact, VF_DRIVER, "default");
	return conversion_note(conversion, fact, "it is neither netdevice nor vfio-pci");
}

static int take_driver(struct conversion *conversion, const struct fact *fact,
		       const struct key_row *row)
{
	return each(conversion, fact, row, set_driver);
}

/* The resource is the group that pods get the VFs from, as a pool is, which "sriovctl export"
 * writes with "_" for "-" again. */
static int set_resource(struct conversion *conversion, struct draft *draft, const struct fact *fact,
			const struct key_row *row)
{
	char *name = arena_strdup(conversion->arena, fact->value);
	const size_t length = strlen(fact->value);

	if (!name)
		return -ENOMEM;
	if (length < 2 || length > POOL_MAX || !strchr(LETTERS, *name) ||
	    name[strspn(name, LETTERS "0123456789_")] || name[length - 1] == '_')
		return conversion_note(conversion, fact,
				       "no pool can have the name: choose one for 'pool:'");
	for (char *p = name; (p = strchr(p, '_'));)
		*p = '-';
	return set_vfs(conversion, draft, fact, row->setting, name);
}

static int take_resource(struct conversion *conversion, const struct fact *fact,
			 const struct key_row *row)
{
	if (!is_policy(conversion, fact))
		return conversion_note(conversion, fact,
				       "of the network itself: its VFs are those "
				       "of the pool that is called so");
	return each(conversion, fact, row, set_resource);
}

static int set_address(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		       const struct key_row *row)
{
	return draft_match(conversion, draft, fact, row->setting, false, fact->value);
}

static int take_address(struct conversion *conversion, const struct fact *fact,
			const struct key_row *row)
{
	return each(conversion, fact, row, set_address);
}

/* Vendor and device are one key. */
static int set_device(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		      const struct key_row *row)
{
	const char *vendor = value_at(conversion, fact, "spec/nicSelector/vendor");
	const char *device = value_at(conversion, fact, "spec/nicSelector/deviceID");
	const char *pattern = arena_printf(conversion->arena, "%s:%s", *vendor ? vendor : "*",
					   *device ? device : "*");

	return pattern ? draft_match(conversion, draft, fact, row->setting, false, pattern)
		       : -ENOMEM;
}

static int take_device(struct conversion *conversion, const struct fact *fact,
		       const struct key_row *row)
{
	return each(conversion, fact, row, set_device);
}

/* The name in a rule of its own: the VFs behind it are of that PF. */
static int take_pf_name(struct conversion *conversion, const struct fact *fact,
			const struct key_row *row)
{
	const char *name = arena_strndup(conversion->arena, fact->value, strcspn(fact->value, "#"));
	struct draft *draft;
	struct index_set vfs;
	int r;

	(void)row;
	if (!is_policy(conversion, fact))
		return conversion_note(conversion, fact, "sriovctl does not know the key");
	r = name ? draft_get(conversion, fact->path[fact->depth - 1], fact, &draft) : -ENOMEM;
	if (r < 0)
		return r;
	if (strchr(fact->value, '#') && !find_vfs(conversion, draft, &vfs))
		r = conversion_note(conversion, fact, "behind '#' stand VFs such as 0-3");
	return r < 0 ? r : draft_match(conversion, draft, fact, MATCH_INTERFACE, false, name);
}

/* Networks of the same resource: a pod asks for one of them, and its VF is set up so. */
static size_t count_networks(const struct conversion *conversion, const char *resource)
{
	size_t count = 0;

	for (size_t i = 0; i < conversion->facts.count; i++) {
		const struct fact *fact = &conversion->facts.items[i];

		count += fits(fact, "spec/resourceName") && !strcmp(fact->value, resource) &&
			 is_kind(conversion, fact, "SriovNetwork");
	}
	return count;
}

static int set_network(struct conversion *conversion, struct draft *draft, const struct fact *fact,
		       const struct key_row *row)
{
	const bool is_vlan = row->setting >= VF_SETTING_COUNT;
	struct index_set vfs;
	int r = 0;

	if (!is_vlan)
		return set_vfs(conversion, draft, fact, row->setting,
			       words_of_vf(row->setting, fact->value));
	if (!find_vfs(conversion, draft, &vfs))
		return conversion_note(conversion, fact, "which VFs have it is not said");
	for (uint32_t i = 0; r >= 0 && i <= index_set_highest(&vfs); i++)
		if (index_set_contains(&vfs, i))
			r = draft_vlan(conversion, draft, fact, i, row->setting - VF_SETTING_COUNT,
				       fact->value);
	return r;
}

static int take_network(struct conversion *conversion, const struct fact *fact,
			const struct key_row *row)
{
	const char *resource = value_at(conversion, fact, "spec/resourceName");
	bool any = false;
	int r = 0;

	if (!is_kind(conversion, fact, "SriovNetwork"))
		return conversion_note(conversion, fact, "sriovctl does not know the key");
	if (!*resource || count_networks(conversion, resource) > 1)
		return conversion_note(conversion, fact,
				       "it is for the VFs of pods that ask for this network, and "
				       "others share the resource");
	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++) {
		struct draft *draft = conversion->drafts[i];

		if (strcmp(value_at(conversion, draft->first, "spec/resourceName"), resource) != 0)
			continue;
		any = true;
		r = set_network(conversion, draft, fact, row);
	}
	if (r < 0)
		return r;
	return conversion_note(
		conversion, fact,
		any ? "the CNI plugin gives it to VFs of pods; the rules have it for "
		      "all VFs of the resource"
		    : "no SriovNetworkNodePolicy here has the resource");
}

#define VLAN(part) (VF_SETTING_COUNT + (part))

/* api/v1/sriovnetworknodepolicy_types.go and sriovnetwork_types.go of the operator; paths begin at
 * the object */
static const struct key_row rows[] = {
	{ "spec/numVfs", take_pf, NULL, PF_VFS },
	{ "spec/eSwitchMode", take_pf, NULL, PF_ESWITCH_MODE },
	{ "spec/mtu", take_mtu, NULL, PF_MTU },
	{ "spec/deviceType", take_driver, NULL, 0 },
	{ PF_NAMES, take_pf_name, NULL, 0 },
	{ "spec/nicSelector/rootDevices/*", take_address, NULL, MATCH_PCI },
	{ "spec/nicSelector/vendor", take_device, NULL, MATCH_DEVICE },
	{ "spec/nicSelector/deviceID", take_device, NULL, MATCH_DEVICE },
	{ "spec/nicSelector/**", NULL,
	  "no rule can ask for it: see that this one matches no other PF", 0 },
	{ "spec/vlan", take_network, NULL, VLAN(VLAN_ID) },
	{ "spec/vlanQoS", take_network, NULL, VLAN(VLAN_QOS) },
	{ "spec/vlanProto", take_network, NULL, VLAN(VLAN_PROTOCOL) },
	{ "spec/spoofChk", take_network, NULL, VF_SPOOF_CHECK },
	{ "spec/trust", take_network, NULL, VF_TRUST },
	{ "spec/linkState", take_network, NULL, VF_LINK_STATE },
	{ "spec/minTxRate", take_network, NULL, VF_MIN_TX_RATE },
	{ "spec/maxTxRate", take_network, NULL, VF_MAX_TX_RATE },
	{ "spec/nodeSelector/**", NULL,
	  "the rule is for every host: 'host:' in sriovd.yaml(5) says for which a file is", 0 },
	{ "spec/priority", NULL, "of rules here the later one wins: order them by it", 0 },
	{ "spec/resourceName", take_resource, NULL, VF_POOL },
	{ "spec/externallyManaged", NULL, "where it is true the rule says nothing of their number",
	  0 },
	{ "spec/isRdma", NULL, "of the device plugin: sriovd does not set it", 0 },
	{ "spec/needVhostNet", NULL, "of the device plugin: sriovd does not set it", 0 },
	{ "spec/excludeTopology", NULL, "of the device plugin: sriovd does not set it", 0 },
	{ "spec/vdpaType", NULL, "sriovd makes no vDPA devices", 0 },
	{ "spec/linkType", NULL, "the type of the port is the firmware's: sriovd does not set it",
	  0 },
	{ "spec/bridge/**", NULL, "sriovd makes no bridges", 0 },
	{ "spec/ipam", NULL, "of pods: leave it to the CNI plugin", 0 },
	{ "spec/networkNamespace", NULL, "of pods: leave it to the CNI plugin", 0 },
	{ "spec/capabilities", NULL, "of pods: leave it to the CNI plugin", 0 },
	{ "spec/metaPlugins", NULL, "of pods: leave it to the CNI plugin", 0 },
	{ "spec/log*", NULL, "of pods: leave it to the CNI plugin", 0 },
	{ "apiVersion", NULL, "of Kubernetes itself", 0 },
	{ "kind", NULL, "of Kubernetes itself", 0 },
	{ "metadata/**", NULL, "of Kubernetes itself", 0 },
	{ "status/**", NULL, "of Kubernetes itself", 0 },
	{ "items", NULL, "of Kubernetes itself", 0 },
	{ 0 },
};

/* The end of a document of a stream, or of the text. */
static size_t find_end(const char *text, size_t length, size_t start)
{
	for (size_t i = start; i < length; i++)
		if ((i == start || text[i - 1] == '\n') && i > start && length - i >= 3 &&
		    !memcmp(text + i, "---", 3))
			return i;
	return length;
}

/* One document of a stream, behind as many empty lines as it has before it. */
static int read_object(const struct document *stream, size_t start, size_t end, unsigned line,
		       struct conversion *conversion)
{
	struct document *document = arena_alloc(conversion->arena, sizeof(*document));
	char *text = arena_array(conversion->arena, line + end - start + 1, 1);

	if (!document || !text)
		return -ENOMEM;
	memset(text, '\n', line);
	memcpy(text + line, stream->text + start, end - start);
	*document = (struct document){ stream->name, text, line + end - start };
	return fact_read_yaml(document, conversion->arena, conversion->diagnostics,
			      &conversion->facts);
}

int operator_read(const struct document *document, struct conversion *conversion)
{
	unsigned line = 0, count = 0;
	int r = 0;

	for (size_t start = 0, end; r >= 0 && start < document->length; start = end) {
		const struct origin origin = { document, line + 1, 1 };

		end = find_end(document->text, document->length, start);
		if (++count > OBJECTS_MAX)
			return diagnostics_error(conversion->diagnostics, &origin,
						 "convert a part of it", "more than %u objects",
						 OBJECTS_MAX);
		r = read_object(document, start, end, line, conversion);
		for (size_t i = start; i < end; i++)
			line += document->text[i] == '\n';
	}
	return r;
}

/* A policy that names no PF makes one rule, for all that its selector fits. */
static int make_drafts(struct conversion *conversion)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < conversion->facts.count; i++) {
		const struct fact *fact = &conversion->facts.items[i];
		const bool is_name = fits(fact, PF_NAMES);
		struct draft *draft;

		if (!is_policy(conversion, fact) ||
		    (!is_name && (!fits(fact, "kind") || *value_at(conversion, fact, PF_NAMES))))
			continue;
		r = draft_get(conversion, is_name ? fact->path[fact->depth - 1] : object_of(fact),
			      fact, &draft);
		if (r >= 0)
			draft->name = value_at(conversion, fact, "metadata/name");
	}
	return r;
}

/* What else an object says is told beside its first rule. */
static void claim(struct conversion *conversion)
{
	for (size_t i = 0; i < conversion->facts.count; i++)
		for (size_t k = 0; k < conversion->n_drafts && !conversion->fates[i].draft; k++)
			if (is_same_object(&conversion->facts.items[i],
					   conversion->drafts[k]->first))
				conversion->fates[i].draft = conversion->drafts[k];
}

int operator_take(struct conversion *conversion)
{
	int r = make_drafts(conversion);

	if (r >= 0)
		r = conversion_take_below(conversion, rows, base_of);
	if (r >= 0)
		claim(conversion);
	return r;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the rules want of each VF of one PF. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/template.h"
#include "policy/counted.h"
#include "policy/read/check.h"
#include "policy/read/unique.h"
#include "policy/resolve/resolver.h"
#include "policy/resolve/stable_address.h"
#include "policy/segment.h"

/* "uplinks.yaml:12", for a message about two places. */
#define PLACE_FORMAT	  "%s:%u"
#define PLACE_ARGS(value) (value)->origin->document->name, (value)->origin->line

/* The entries of all rules that matched, in order. */
static int collect_layers(const struct desired *desired, struct layer **ret, size_t *ret_count)
{
	struct layer *layers;
	size_t count = 0;

	for (size_t i = 0; i < desired->n_rules; i++)
		count += desired->rules[i]->n_entries;
	layers = calloc(count + 1, sizeof(*layers));
	if (!layers)
		return -ENOMEM;
	count = 0;
	for (size_t i = 0; i < desired->n_rules; i++)
		for (size_t k = 0; k < desired->rules[i]->n_entries; k++)
			layers[count++] =
				(struct layer){ desired->rules[i], &desired->rules[i]->entries[k] };
	*ret = layers;
	*ret_count = count;
	return 0;
}

/* "'index' names VF 7, but the PF has 4 VFs (uplinks.yaml:8)", the place that set their number. */
static const char *describe_beyond(const struct resolver *resolver, uint32_t highest)
{
	const struct pf *pf = resolver->desired->pf;
	const struct value *vfs = VALUES_GET(&pf->settings, PF_VFS);

	if (!vfs || !vfs->origin || !vfs->origin->document)
		return arena_printf(resolver->arena, "'index' names VF %u, but the PF has %u VFs",
				    highest, pf->n_vfs);
	return arena_printf(resolver->arena,
			    "'index' names VF %u, but the PF has %u VFs (" PLACE_FORMAT ")",
			    highest, pf->n_vfs, PLACE_ARGS(vfs));
}

/* Entries for VFs that will not exist, though the rules ask for no more than there can be. */
static int check_indices(struct resolver *resolver, const struct layer *layers, size_t n_layers)
{
	uint32_t n_vfs = resolver->asked ? resolver->asked : resolver->desired->pf->n_vfs;
	int r;

	if (resolver->count_refused)
		return 0;
	for (size_t i = 0; i < n_layers; i++) {
		const struct vf_entry *entry = layers[i].entry;
		uint32_t highest = index_set_highest(&entry->indices);

		if (!entry->indices.count || highest < n_vfs)
			continue;
		r = resolver_problem(resolver, &entry->origin, describe_beyond(resolver, highest));
		if (r < 0)
			return r;
	}
	return 0;
}

/* The least that a share is, other than 0, which would lift the limit. */
static uint64_t share_of(uint64_t percent, uint32_t speed)
{
	uint64_t rate = percent * speed / 100;

	return rate ? rate : 1;
}

/* A share of a link of no known speed stays what it is. */
static void resolve_rate(const struct resolver *resolver, struct value *rate)
{
	if (rate->form != VALUE_PERCENT || !resolver->observed->speed)
		return;
	rate->form = VALUE_PLAIN;
	rate->number = share_of(rate->number, resolver->observed->speed);
	resolver->desired->made |= SETTING_BIT(VF_MIN_TX_RATE) | SETTING_BIT(VF_MAX_TX_RATE);
}

/* There is a link, and nobody says how fast it is: to wait would be in vain. */
static int check_share(struct resolver *resolver, struct segment *segment, enum vf_setting setting)
{
	const struct value *rate = segment_value(segment, setting);

	if (!rate || rate->form != VALUE_PERCENT || resolver->observed->speed ||
	    !resolver->observed->carrier)
		return 0;
	segment->present &= ~SETTING_BIT(setting);
	return resolver_problem(
		resolver, rate->origin,
		arena_printf(resolver->arena,
			     "'%s' depends on the speed of the link, which the driver does not "
			     "say; write it in Mbit/s",
			     vf_settings[setting].key));
}

static int refuse_least(struct resolver *resolver, const struct value *min, const struct value *max)
{
	CLEANUP_TEXT struct text least = { 0 }, most = { 0 };

	value_format(&vf_settings[VF_MIN_TX_RATE], min, &least);
	value_format(&vf_settings[VF_MAX_TX_RATE], max, &most);
	if (least.failed || most.failed)
		return -ENOMEM;
	return resolver_problem(resolver, min->origin,
				arena_printf(resolver->arena,
					     "'min-tx-rate' %s (" PLACE_FORMAT
					     ") is over 'max-tx-rate' %s "
					     "(" PLACE_FORMAT ") and is left out",
					     text_string(&least), PLACE_ARGS(min),
					     text_string(&most), PLACE_ARGS(max)));
}

static int check_rates(struct resolver *resolver, struct segment *segment)
{
	struct value min, max;
	int r = check_share(resolver, segment, VF_MIN_TX_RATE);

	if (r >= 0)
		r = check_share(resolver, segment, VF_MAX_TX_RATE);
	if (r < 0 || !segment_value(segment, VF_MIN_TX_RATE) ||
	    !segment_value(segment, VF_MAX_TX_RATE))
		return r;
	min = *segment_value(segment, VF_MIN_TX_RATE);
	max = *segment_value(segment, VF_MAX_TX_RATE);
	resolve_rate(resolver, &min);
	resolve_rate(resolver, &max);
	if (!check_rates_cross(&min, &max))
		return 0;
	segment->present &= ~SETTING_BIT(VF_MIN_TX_RATE);
	return refuse_least(resolver, &min, &max);
}

static int refuse_beyond(void *context, const struct counted_beyond *beyond)
{
	struct resolver *resolver = context;
	const struct value *value = &beyond->layer->entry->settings.value[beyond->setting];
	CLEANUP_TEXT struct text text = { 0 };

	counted_describe(beyond, &text);
	if (text.failed)
		return -ENOMEM;
	return resolver_problem(resolver, value->origin,
				arena_printf(resolver->arena, "%s", text_string(&text)));
}

/* Of a VF's mtu over the PF's: that which the PF is to have, or else has. */
static int check_mtu(struct resolver *resolver, struct segment *segment)
{
	const struct value *mtu = segment_value(segment, VF_MTU);
	const struct value *of_pf = VALUES_GET(&resolver->desired->pf->settings, PF_MTU);

	if (!of_pf)
		of_pf = VALUES_GET(&resolver->observed->settings, PF_MTU);
	if (!check_mtu_exceeds(mtu, of_pf))
		return 0;
	return resolver_remark(resolver, mtu->origin,
			       arena_printf(resolver->arena,
					    "'mtu' %llu of VFs is over the PF's %llu: the card may "
					    "refuse it, or drop such frames",
					    (unsigned long long)mtu->number,
					    (unsigned long long)of_pf->number));
}

/* Settings that can be stable, each of which gives its key as the label of its addresses. */
static const enum vf_setting stable_settings[] = { VF_MAC, VF_NODE_GUID, VF_PORT_GUID };

static int refuse_stable(struct resolver *resolver, struct segment *segment,
			 enum vf_setting setting, const char *missing)
{
	const struct value *value = segment_value(segment, setting);

	segment->present &= ~SETTING_BIT(setting);
	return resolver_problem(resolver, value->origin,
				arena_printf(resolver->arena,
					     "'%s: stable' needs %s, which is not known",
					     vf_settings[setting].key, missing));
}

/* What a stable address would be made of must be known. */
static int check_stable(struct resolver *resolver, struct segment *segment)
{
	uint8_t machine_id[HOST_MACHINE_ID_SIZE];
	const bool has_id = host_get_machine_id(resolver->host, machine_id);
	const char *missing = NULL;
	int r = 0;

	if (!has_id)
		missing = "the host's machine ID";
	else if (!resolver->observed->has_permanent_mac)
		missing = "the PF's permanent address";
	for (size_t i = 0; missing && r >= 0 && i < ARRAY_SIZE(stable_settings); i++) {
		const enum vf_setting setting = stable_settings[i];
		const struct value *value = segment_value(segment, setting);

		if (!value || value->form != VALUE_STABLE)
			continue;
		if (has_id && !resolver->observed->ifindex)
			segment->awaited |= SETTING_BIT(setting);
		r = refuse_stable(resolver, segment, setting, missing);
	}
	return r;
}

static int for_segments(struct resolver *resolver, const struct segments *segments,
			int (*function)(struct resolver *resolver, struct segment *segment))
{
	int r;

	for (size_t i = 0; i < segments->count; i++) {
		r = function(resolver, &segments->items[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static void set_address(enum vf_setting setting, const uint8_t bytes[static 8], struct value *value)
{
	value->form = VALUE_PLAIN;
	if (vf_settings[setting].type == VALUE_MAC) {
		memcpy(value->mac.bytes, bytes, sizeof(value->mac.bytes));
		return;
	}
	value->number = 0;
	for (size_t i = 0; i < 8; i++)
		value->number = value->number << 8 | bytes[i];
}

static void make_stable(const struct resolver *resolver, struct vf *vf)
{
	uint8_t machine_id[HOST_MACHINE_ID_SIZE], bytes[8];

	for (size_t i = 0; i < ARRAY_SIZE(stable_settings); i++) {
		const enum vf_setting setting = stable_settings[i];
		struct value *value = &vf->settings.value[setting];

		if (!(vf->settings.present & SETTING_BIT(setting)) || value->form != VALUE_STABLE ||
		    !host_get_machine_id(resolver->host, machine_id))
			continue;
		stable_address(machine_id, vf_settings[setting].key,
			       &resolver->observed->permanent_mac, vf->index, bytes, sizeof(bytes));
		set_address(setting, bytes, value);
		resolver->desired->made |= SETTING_BIT(setting);
	}
}

/* Makes the name of a VF from its template. */
static int expand_altname(struct resolver *resolver, const struct rule *rule, struct vf *vf)
{
	struct value *altname = &vf->settings.value[VF_ALTNAME];
	const char *pf = pf_name(resolver->observed);
	const struct template_words words = { rule->name, pf ? pf : "", vf->index };
	CLEANUP_TEXT struct text name = { 0 };

	template_expand(altname->name, &words, &name);
	if (name.failed)
		return -ENOMEM;
	if (!template_name_is_valid(text_string(&name))) {
		vf->settings.present &= ~SETTING_BIT(VF_ALTNAME);
		return resolver_problem(resolver, altname->origin,
					arena_printf(resolver->arena,
						     "'altname' of VF %u would be %s, which is no "
						     "name for a network device",
						     vf->index,
						     DIAGNOSTIC_QUOTE(text_string(&name))));
	}
	resolver->desired->made |= SETTING_BIT(VF_ALTNAME);
	altname->name = arena_strdup(resolver->arena, text_string(&name));
	return altname->name ? 0 : -ENOMEM;
}

/* A value is enforced as the entry says that it is of. */
static uint64_t once_of(const struct segment *segment)
{
	uint64_t once = 0;

	for (uint64_t rest = segment->present | segment->awaited; rest;) {
		const enum vf_setting setting = setting_take(&rest);

		if (segment->winner[setting]->entry->once &&
		    vf_settings[setting].layer != VF_LAYER_NONE)
			once |= SETTING_BIT(setting);
	}
	return once;
}

static void fill_setting(const struct resolver *resolver, const struct segment *segment,
			 enum vf_setting setting, struct vf *vf)
{
	struct value value = *segment_value(segment, setting);

	if (value.form == VALUE_FROM) {
		if (!counted_value(segment, setting, vf->index, &value))
			return;
		resolver->desired->made |= SETTING_BIT(setting);
	}
	if (vf_settings[setting].type == VALUE_RATE)
		resolve_rate(resolver, &value);
	VALUES_SET(&vf->settings, setting, value);
}

static int fill_vf(struct resolver *resolver, const struct segment *segment, struct vf *vf)
{
	for (uint64_t rest = segment->present; rest;)
		fill_setting(resolver, segment, setting_take(&rest), vf);
	vf->awaited = segment->awaited;
	vf->once = once_of(segment);
	make_stable(resolver, vf);
	if (!(segment->present & SETTING_BIT(VF_ALTNAME)))
		return 0;
	return expand_altname(resolver, segment->winner[VF_ALTNAME]->rule, vf);
}

static int fill_segment(struct resolver *resolver, struct segment *segment)
{
	int r;

	for (uint32_t i = segment->first; i <= segment->last; i++) {
		r = fill_vf(resolver, segment, &resolver->desired->pf->vfs[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The VF of the higher number loses a value that it shares. */
static int drop_shared(struct resolver *resolver, enum vf_setting setting,
		       const struct holding *kept, const struct holding *shared)
{
	struct vf *vf = &resolver->desired->pf->vfs[shared->vf];

	vf->settings.present &= ~SETTING_BIT(setting);
	return resolver_problem(
		resolver, shared->value->origin,
		arena_printf(resolver->arena,
			     "'%s' of VF %u (" PLACE_FORMAT ") is that of VF %u too (" PLACE_FORMAT
			     ") and is left out",
			     vf_settings[setting].key, shared->vf, PLACE_ARGS(shared->value),
			     kept->vf, PLACE_ARGS(kept->value)));
}

/* The values of a setting that must not be shared, by value. Returns how many, or -ENOMEM. They are
 * mostly in order of value by themselves, and no two the same. */
static int collect_holdings(const struct pf *pf, enum vf_setting setting, struct holding **ret)
{
	struct holding *holdings = calloc(pf->n_vfs + 1, sizeof(*holdings));
	bool ascends = true;
	uint32_t count = 0;

	if (!holdings)
		return -ENOMEM;
	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		const struct value *value = VALUES_GET(&pf->vfs[i].settings, setting);
		uint64_t key = value ? unique_key(setting, value) : 0;

		if (!key)
			continue;
		ascends = ascends && (!count || holdings[count - 1].key < key);
		holdings[count++] = (struct holding){ key, i, value };
	}
	if (!ascends)
		unique_sort(holdings, count);
	*ret = holdings;
	return (int)count;
}

static bool is_wanted(const struct pf *pf, enum vf_setting setting)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].settings.present & SETTING_BIT(setting))
			return true;
	return false;
}

static int check_unique(struct resolver *resolver, enum vf_setting setting)
{
	CLEANUP_FREE struct holding *holdings = NULL;
	int count, kept = 0, r;

	/* Mostly it is of none. */
	if (!is_wanted(resolver->desired->pf, setting))
		return 0;
	count = collect_holdings(resolver->desired->pf, setting, &holdings);
	for (int i = 1; i < count; i++) {
		if (holdings[i].key != holdings[kept].key) {
			kept = i;
			continue;
		}
		r = drop_shared(resolver, setting, &holdings[kept], &holdings[i]);
		if (r < 0)
			return r;
	}
	return count < 0 ? count : 0;
}

/* What a VF will have: what is wanted of it, else what it has. */
static uint64_t vectors_of(const struct resolver *resolver, uint32_t i, const struct value **ret)
{
	const struct value *value =
		VALUES_GET(&resolver->desired->pf->vfs[i].settings, VF_MSIX_VECTORS);

	if (value)
		*ret = value;
	else if (i < resolver->observed->n_vfs)
		value = VALUES_GET(&resolver->observed->vfs[i].settings, VF_MSIX_VECTORS);
	return value ? value->number : 0;
}

/* All VFs together must not have more than the card; nobody can tell which of them to leave out.
 * Where the driver does not deal them out at all, that is its own to say. */
static int check_vectors(struct resolver *resolver)
{
	struct pf *pf = resolver->desired->pf;
	const struct value *last = NULL;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < pf->n_vfs; i++)
		sum += vectors_of(resolver, i, &last);
	if (!last || !resolver->observed->msix_vectors || sum <= resolver->observed->msix_vectors)
		return 0;
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		pf->vfs[i].settings.present &= ~SETTING_BIT(VF_MSIX_VECTORS);
	return resolver_problem(
		resolver, last->origin,
		arena_printf(resolver->arena,
			     "'msix-vectors' of all VFs would be %llu together, but the card has "
			     "%u for them; they are left out",
			     (unsigned long long)sum, resolver->observed->msix_vectors));
}

/* What is done with all segments before the next is. */
static int (*const of_segments[])(struct resolver *resolver, struct segment *segment) = {
	check_rates,
	check_mtu,
	check_stable,
	fill_segment,
};

int resolve_vfs(struct resolver *resolver)
{
	CLEANUP_SEGMENTS struct segments segments = { 0 };
	CLEANUP_FREE struct layer *layers = NULL;
	size_t n_layers;
	int r;

	r = collect_layers(resolver->desired, &layers, &n_layers);
	if (r < 0)
		return r;
	r = check_indices(resolver, layers, n_layers);
	if (r < 0)
		return r;
	r = segments_make(layers, n_layers, resolver->desired->pf->n_vfs, &segments);
	if (r < 0)
		return r;
	r = resolve_netdev_vfs(resolver, &segments);
	if (r >= 0)
		r = counted_find_beyond(&segments, layers, n_layers, refuse_beyond, resolver);
	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(of_segments); i++) {
		r = for_segments(resolver, &segments, of_segments[i]);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < UNIQUE_SETTINGS; i++) {
		r = check_unique(resolver, unique_settings[i]);
		if (r < 0)
			return r;
	}
	return check_vectors(resolver);
}

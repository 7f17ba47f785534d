/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/check.h"

#include <errno.h>
#include <string.h>

#include "model/driver.h"
#include "model/netdev_lack.h"
#include "model/pci_class.h"
#include "model/pf.h"
#include "model/template.h"
#include "policy/counted.h"
#include "policy/read/doubt.h"
#include "policy/read/unique.h"
#include "policy/segment.h"

struct checker {
	const struct rule *rule;
	struct diagnostics *diagnostics;
	bool has_vfs;	/* the rule has a plain number of VFs */
	uint32_t n_vfs; /* it, or as many as there can be */
};

bool check_rates_cross(const struct value *min, const struct value *max)
{
	return min && max && min->form == max->form && max->number && min->number > max->number;
}

bool check_mtu_exceeds(const struct value *vf, const struct value *pf)
{
	return vf && pf && vf->number > pf->number;
}

static bool names_several(const struct checker *checker, const struct vf_entry *entry)
{
	if (entry->indices.all)
		return checker->n_vfs > 1;
	return entry->indices.count && !index_set_is_single(&entry->indices);
}

static void check_index(const struct checker *checker, const struct vf_entry *entry)
{
	uint32_t highest = index_set_highest(&entry->indices);

	if (!checker->has_vfs || !entry->indices.count || highest < checker->n_vfs)
		return;
	diagnostics_report(checker->diagnostics, SEVERITY_ERROR, &entry->origin,
			   checker->n_vfs ? "VFs are counted from 0" : NULL,
			   "'index' names VF %u, but 'vfs' is %u", highest, checker->n_vfs);
}

static void check_sharing(const struct checker *checker, const struct vf_entry *entry)
{
	if (!names_several(checker, entry))
		return;
	for (size_t i = 0; i < UNIQUE_SETTINGS; i++) {
		enum vf_setting setting = unique_settings[i];
		const struct value *value = VALUES_GET(&entry->settings, setting);

		/* Of names check_altname() says what to do. */
		if (!value || setting == VF_ALTNAME || !unique_key(setting, value))
			continue;
		diagnostics_report(
			checker->diagnostics, SEVERITY_ERROR, value->origin,
			"stable gives each VF one of its own, and {from: ...} counts over them",
			"'%s' would be the same for several VFs", vf_settings[setting].key);
	}
}

/* Whether more than one PF can be what the rule matches. */
static bool may_fit_several(const struct rule *rule)
{
	static const enum match_key of_one[] = { MATCH_INTERFACE, MATCH_MAC, MATCH_PCI,
						 MATCH_PATH };

	for (size_t i = 0; i < ARRAY_SIZE(of_one); i++) {
		const struct match_patterns *patterns = &rule->match[of_one[i]];

		if (patterns->count == 1 && !strpbrk(patterns->patterns[0], MATCH_GLOB))
			return false;
	}
	return true;
}

/* It is of the values beside it alone: those of other entries have their own. */
static void check_enforce(const struct checker *checker, const struct vf_entry *entry)
{
	if (entry->enforce && !(entry->settings.present & ~SETTING_BIT(VF_POOL)))
		diagnostics_report(checker->diagnostics, SEVERITY_ERROR, entry->enforce,
				   "it is of the values beside it: name them here as well",
				   entry->settings.present
					   ? "'enforce' beside 'pool' alone, which is "
					     "nothing that a VF is given"
					   : "'enforce' without a setting");
}

static void check_altname(const struct checker *checker, const struct vf_entry *entry)
{
	const struct value *value = VALUES_GET(&entry->settings, VF_ALTNAME);

	if (!value || doubt_quotes(checker->diagnostics, value->origin, value->name))
		return;
	if (names_several(checker, entry) && !template_has_index(value->name))
		diagnostics_report(checker->diagnostics, SEVERITY_ERROR, value->origin,
				   "put {index} into it",
				   "'altname' would be the same for several VFs");
	else if (may_fit_several(checker->rule) && !template_has_pf(value->name))
		diagnostics_report(checker->diagnostics, SEVERITY_WARNING, value->origin,
				   "put {pf} into it, unless the rule is for one PF only",
				   "'altname' is the same for VFs of all PFs that the rule "
				   "matches, and only one can have it");
}

/* IEEE 802.1Q reserves it, but some drivers take it. */
#define VLAN_RESERVED 4095

static void check_vlan(const struct checker *checker, const struct vf_entry *entry)
{
	const struct value *value = VALUES_GET(&entry->settings, VF_VLAN);

	if (value && value->vlan.id == VLAN_RESERVED)
		diagnostics_report(checker->diagnostics, SEVERITY_WARNING, value->origin, NULL,
				   "VLAN %u is reserved, and most cards and switches refuse it",
				   VLAN_RESERVED);
}

static void check_driver(const struct checker *checker, const struct vf_entry *entry)
{
	const struct value *value = VALUES_GET(&entry->settings, VF_DRIVER);

	if (value && value->form == VALUE_PLAIN)
		doubt_driver(checker->diagnostics, value->origin, value->name);
}

/* A driver that the rule is for, by its name, and that gives VFs their addresses only while the PF
 * is up. */
static const struct driver *find_driver_of_up(const struct rule *rule)
{
	const struct match_patterns *drivers = &rule->match[MATCH_DRIVER];

	for (size_t i = 0; i < drivers->count; i++) {
		const struct driver *driver = driver_of(drivers->patterns[i]);

		if (driver_does(driver, DRIVER_BINDS_UP))
			return driver;
	}
	return NULL;
}

/* With "pf-up: false" it is known that others bring it up. */
static void check_up(const struct checker *checker, const struct vf_entry *entry)
{
	const struct value *mac = VALUES_GET(&entry->settings, VF_MAC);
	const struct driver *driver = find_driver_of_up(checker->rule);

	if (!driver || !mac || (checker->rule->settings.present & SETTING_BIT(PF_UP)) ||
	    (mac->form == VALUE_PLAIN && mac_is_zero(&mac->mac)))
		return;
	diagnostics_report(checker->diagnostics, SEVERITY_WARNING, mac->origin,
			   "'pf-up: true' brings it up first; with 'pf-up: false' it is known that "
			   "something else does",
			   "drivers of VFs get no 'mac' while the PF is down, with %s, and wait "
			   "until it is up",
			   driver->name);
}

static void check_mtu(const struct checker *checker, const struct vf_entry *entry)
{
	const struct value *mtu = VALUES_GET(&entry->settings, VF_MTU);
	const struct value *of_pf = VALUES_GET(&checker->rule->settings, PF_MTU);

	if (check_mtu_exceeds(mtu, of_pf))
		diagnostics_report(checker->diagnostics, SEVERITY_WARNING, mtu->origin, NULL,
				   "'mtu' %llu of VFs is over %llu, the PF's in line %u: the card "
				   "may refuse it, or drop such frames",
				   (unsigned long long)mtu->number,
				   (unsigned long long)of_pf->number, of_pf->origin->line);
}

static void report_rates(const struct checker *checker, const struct value *min,
			 const struct value *max)
{
	const struct value *later = min->origin->line > max->origin->line ? min : max;
	const char *sign = min->form == VALUE_PERCENT ? "%" : "";

	diagnostics_report(
		checker->diagnostics, SEVERITY_ERROR, later->origin, NULL,
		"'min-tx-rate' %llu%s in line %u is over 'max-tx-rate' %llu%s in line %u",
		(unsigned long long)min->number, sign, min->origin->line,
		(unsigned long long)max->number, sign, max->origin->line);
}

static void check_rates(const struct checker *checker, const struct vf_entry *entry)
{
	const struct value *min = VALUES_GET(&entry->settings, VF_MIN_TX_RATE);
	const struct value *max = VALUES_GET(&entry->settings, VF_MAX_TX_RATE);

	if (check_rates_cross(min, max))
		report_rates(checker, min, max);
}

/* What later entries made of earlier ones. */
static void check_merged_rates(const struct checker *checker, const struct segments *segments)
{
	for (size_t i = 0; i < segments->count; i++) {
		const struct value *min = segment_value(&segments->items[i], VF_MIN_TX_RATE);
		const struct value *max = segment_value(&segments->items[i], VF_MAX_TX_RATE);

		if (check_rates_cross(min, max))
			report_rates(checker, min, max);
	}
}

static void report_twice(const struct checker *checker, enum vf_setting setting,
			 const struct holding *a, const struct holding *b)
{
	const struct holding *later = a->value->origin->line > b->value->origin->line ? a : b;
	const struct holding *earlier = later == a ? b : a;

	diagnostics_report(checker->diagnostics, SEVERITY_ERROR, later->value->origin, NULL,
			   "VF %u has the same '%s' as VF %u in line %u", later->vf,
			   vf_settings[setting].key, earlier->vf, earlier->value->origin->line);
}

/* Two values that count may meet for many VFs: it is said once. */
static void report_all(const struct checker *checker, enum vf_setting setting,
		       const struct holding *holdings, size_t count)
{
	const struct holding *told = NULL; /* the second of a pair */

	for (size_t i = 1; i < count; i++) {
		const struct holding *left = &holdings[i - 1], *right = &holdings[i];

		if (left->key != right->key ||
		    (told && left->value == told[-1].value && right->value == told->value))
			continue;
		report_twice(checker, setting, left, right);
		told = right;
	}
}

/* Whether it is known which VFs the entry is for. */
static bool is_bounded(const struct checker *checker, const struct vf_entry *entry)
{
	return checker->has_vfs || !entry->indices.all;
}

/* Whether the VFs of the segment have values of their own, as far as is known. Of entries that name
 * several VFs those that count: the others were refused by check_sharing(). */
static bool has_own_values(const struct checker *checker, const struct segment *segment,
			   enum vf_setting setting)
{
	const struct value *value = segment_value(segment, setting);

	if (!value)
		return false;
	if (value->form == VALUE_FROM)
		return is_bounded(checker, segment->winner[setting]->entry);
	return unique_key(setting, value) &&
	       !names_several(checker, segment->winner[setting]->entry);
}

static size_t add_holdings(const struct segment *segment, enum vf_setting setting,
			   struct holding *holdings)
{
	size_t count = 0;
	struct value value;

	for (uint32_t vf = segment->first; vf <= segment->last; vf++)
		if (counted_value(segment, setting, vf, &value))
			holdings[count++] = (struct holding){
				.key = unique_key(setting, &value),
				.vf = vf,
				.value = segment_value(segment, setting),
			};
	return count;
}

static int check_unique(const struct checker *checker, const struct segments *segments,
			enum vf_setting setting)
{
	CLEANUP_FREE struct holding *holdings = NULL;
	size_t count = 0;

	for (size_t i = 0; i < segments->count; i++)
		if (has_own_values(checker, &segments->items[i], setting))
			count += segments->items[i].last - segments->items[i].first + 1;
	if (count < 2)
		return 0;
	holdings = calloc(count, sizeof(*holdings));
	if (!holdings)
		return -ENOMEM;
	count = 0;
	for (size_t i = 0; i < segments->count; i++)
		if (has_own_values(checker, &segments->items[i], setting))
			count += add_holdings(&segments->items[i], setting, holdings + count);
	unique_sort(holdings, count);
	report_all(checker, setting, holdings, count);
	return 0;
}

static int report_beyond(void *context, const struct counted_beyond *beyond)
{
	const struct checker *checker = context;
	const struct vf_entry *entry = beyond->layer->entry;
	CLEANUP_TEXT struct text text = { 0 };

	if (!is_bounded(checker, entry))
		return 0;
	counted_describe(beyond, &text);
	if (text.failed)
		return -ENOMEM;
	diagnostics_report(checker->diagnostics, SEVERITY_ERROR,
			   entry->settings.value[beyond->setting].origin, NULL, "%s",
			   text_string(&text));
	return 0;
}

static int check_merged(struct checker *checker)
{
	CLEANUP_SEGMENTS struct segments segments = { 0 };
	const struct rule *rule = checker->rule;
	CLEANUP_FREE struct layer *layers = calloc(rule->n_entries + 1, sizeof(*layers));
	int r;

	if (!layers)
		return -ENOMEM;
	for (size_t i = 0; i < rule->n_entries; i++)
		layers[i] = (struct layer){ rule, &rule->entries[i] };
	r = segments_make(layers, rule->n_entries, checker->n_vfs, &segments);
	if (r < 0)
		return r;
	check_merged_rates(checker, &segments);
	r = counted_find_beyond(&segments, layers, rule->n_entries, report_beyond, checker);
	if (r < 0)
		return r;
	for (size_t i = 0; i < UNIQUE_SETTINGS; i++) {
		r = check_unique(checker, &segments, unique_settings[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static void check_at_most(const struct checker *checker)
{
	const struct pf_values *settings = &checker->rule->settings;
	const struct value *at_most = VALUES_GET(settings, PF_AT_MOST);
	const struct value *vfs = VALUES_GET(settings, PF_VFS);

	if (at_most && !vfs)
		diagnostics_report(
			checker->diagnostics, SEVERITY_ERROR, at_most->origin,
			"write 'vfs' beside it, or delete it",
			"'at-most' says how 'vfs' is meant, which the rule does not have");
	else if (at_most && at_most->number && vfs->form != VALUE_PLAIN)
		diagnostics_report(
			checker->diagnostics, SEVERITY_ERROR, at_most->origin,
			"delete it, or write the number that is wanted at most",
			"'at-most' means nothing beside a share of what the card can have");
}

/* What 'class' asks for where none of that is a network card; else NULL. */
static const char *find_other_class(const struct rule *rule)
{
	const struct match_patterns *classes = &rule->match[MATCH_CLASS];

	for (size_t i = 0; i < classes->count; i++)
		if (pci_class_is_network(pci_class_find(classes->patterns[i])))
			return NULL;
	return classes->count ? classes->patterns[0] : NULL;
}

static void report_class(const struct checker *checker, const struct setting *settings,
			 const struct value *values, uint64_t set, const char *class)
{
	while (set) {
		unsigned i = setting_take(&set);

		diagnostics_report(checker->diagnostics, SEVERITY_ERROR, values[i].origin,
				   "delete it, or have a rule for network cards say it",
				   "'%s' is for network cards, and 'class' is %s", settings[i].key,
				   class);
	}
}

/* Settings of network devices, of cards that are known to have none. */
static void check_class(const struct checker *checker)
{
	const struct rule *rule = checker->rule;
	const char *class = find_other_class(rule);
	uint64_t of_pf = netdev_lack_pf_settings(NETDEV_LACK_CLASS) & rule->settings.present;
	uint64_t of_vfs = netdev_lack_vf_settings(NETDEV_LACK_CLASS);

	if (!class)
		return;
	/* It is to be left to others. */
	if (!rule->settings.value[PF_UP].number)
		of_pf &= ~SETTING_BIT(PF_UP);
	report_class(checker, pf_settings, rule->settings.value, of_pf, class);
	for (size_t i = 0; i < rule->n_entries; i++) {
		const struct vf_values *values = &rule->entries[i].settings;

		report_class(checker, vf_settings, values->value, of_vfs & values->present, class);
	}
}

/* What else a rule says that has PFs ignored: once, of the first. */
static void check_ignored(const struct checker *checker)
{
	static const char why[] = "beside 'mode: ignore', which leaves the PF alone";
	const struct rule *rule = checker->rule;
	uint64_t rest = rule->settings.present & ~SETTING_BIT(PF_MODE);
	unsigned setting = rest ? setting_take(&rest) : PF_MODE;

	if (!rule_ignores(rule))
		return;
	if (setting != PF_MODE)
		diagnostics_report(checker->diagnostics, SEVERITY_WARNING,
				   rule->settings.value[setting].origin, NULL,
				   "'%s' means nothing %s", pf_settings[setting].key, why);
	else if (rule->n_entries)
		diagnostics_report(checker->diagnostics, SEVERITY_WARNING, &rule->entries[0].origin,
				   NULL, "settings of VFs mean nothing %s", why);
}

int check_rule(const struct rule *rule, struct diagnostics *diagnostics)
{
	const struct value *vfs = VALUES_GET(&rule->settings, PF_VFS);
	struct checker checker = { rule, diagnostics, .n_vfs = PF_VFS_MAX };
	size_t errors = diagnostics->errors;
	int r;

	if (vfs && vfs->form == VALUE_PLAIN) {
		checker.has_vfs = true;
		checker.n_vfs = (uint32_t)vfs->number;
	}
	for (size_t i = 0; i < rule->n_entries; i++) {
		check_index(&checker, &rule->entries[i]);
		check_sharing(&checker, &rule->entries[i]);
		check_enforce(&checker, &rule->entries[i]);
		check_altname(&checker, &rule->entries[i]);
		check_vlan(&checker, &rule->entries[i]);
		check_driver(&checker, &rule->entries[i]);
		check_up(&checker, &rule->entries[i]);
		check_mtu(&checker, &rule->entries[i]);
		check_rates(&checker, &rule->entries[i]);
	}
	check_at_most(&checker);
	check_class(&checker);
	check_ignored(&checker);
	r = check_merged(&checker);
	if (r < 0)
		return r;
	return diagnostics->errors > errors ? -EINVAL : 0;
}

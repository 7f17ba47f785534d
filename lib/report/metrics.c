/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/metrics.h"

#include <json-c/json_object.h>
#include <string.h>

#include "model/driver_reading.h"
#include "model/pf_state.h"
#include "model/setting.h"
#include "report/exposition.h"

/* The most bounds of a histogram that are handed on. */
#define BOUNDS_MAX 32

/* In a Mbit. */
#define MBIT_BYTES UINT64_C(125000)

/* A PF, and what the daemon says of it; NULL: nothing. */
struct subject {
	const struct pf *pf;
	struct json_object *told;
};

struct host {
	struct exposition out;
	struct subject *subjects;
	size_t count;
	struct json_object *told;
	bool is_away;
};

static struct json_object *get(struct json_object *object, const char *key)
{
	return object ? json_object_object_get(object, key) : NULL;
}

static const char *get_text(struct json_object *object, const char *key)
{
	struct json_object *item = get(object, key);

	return item ? json_object_get_string(item) : NULL;
}

static uint64_t get_number(struct json_object *object, const char *key)
{
	return (uint64_t)json_object_get_int64(get(object, key));
}

static size_t length(struct json_object *array)
{
	return array ? json_object_array_length(array) : 0;
}

static uint64_t get_ms(struct json_object *object, const char *key)
{
	return (uint64_t)(json_object_get_double(get(object, key)) * 1000 + 0.5);
}

static struct metric_labels labels_of_pf(const struct pf *pf)
{
	struct metric_labels labels = { 0 };

	metric_labels_add(&labels, "pf", pf_name(pf));
	return labels;
}

/* The label of a VF's number stays in number. */
static struct metric_labels labels_of_vf(const struct pf *pf, const struct vf *vf,
					 struct text *number)
{
	struct metric_labels labels = labels_of_pf(pf);

	text_printf(number, "%u", vf->index);
	metric_labels_add(&labels, "vf", text_string(number));
	return labels;
}

/* Of the host. */

static void add_up(struct host *host, const struct metric_family *family)
{
	if (host->told || host->is_away)
		exposition_number(&host->out, family, &(struct metric_labels){ 0 }, !host->is_away);
}

static void add_build(struct host *host, const struct metric_family *family)
{
	struct metric_labels labels = { 0 };

	metric_labels_add(&labels, "version", get_text(host->told, "version"));
	if (labels.count)
		exposition_info(&host->out, family, &labels);
}

static void add_policy_in_force(struct host *host, const struct metric_family *family)
{
	if (get(host->told, "policy-in-force"))
		exposition_number(&host->out, family, &(struct metric_labels){ 0 },
				  get_number(host->told, "policy-in-force"));
}

static void add_policy_standing(struct host *host, const struct metric_family *family)
{
	static const char *const standings[] = { "current", "outdated", "last-good", "none" };
	const char *standing = get_text(get(host->told, "policy"), "standing");

	if (standing)
		exposition_state(&host->out, family, &(struct metric_labels){ 0 }, standings,
				 ARRAY_SIZE(standings), standing);
}

/* Without a policy there are no rules. */
static void add_unmatched(struct host *host, const struct metric_family *family)
{
	struct json_object *rules = get(host->told, "unmatched-rules");

	if (rules && get_number(host->told, "policy-in-force"))
		exposition_number(&host->out, family, &(struct metric_labels){ 0 }, length(rules));
}

static const struct host_row {
	struct metric_family family;
	void (*add)(struct host *host, const struct metric_family *family);
} host_rows[] = {
	{ { "sriovd_up", METRIC_GAUGE, NULL, "Whether the daemon answers" }, add_up },
	{ { "sriovd_build", METRIC_INFO, NULL, "The daemon's version" }, add_build },
	{ { "sriovd_policy_in_force", METRIC_GAUGE, NULL, "Whether the daemon has a policy" },
	  add_policy_in_force },
	{ { "sriovd_policy_standing", METRIC_STATE_SET, NULL,
	    "How the policy in force stands to its files" },
	  add_policy_standing },
	{ { "sriovd_unmatched_rules", METRIC_GAUGE, NULL, "How many rules match no PF" },
	  add_unmatched },
};

/* Of a PF. A row's number is a count of the daemon, or has a function. */

struct pf_row {
	struct metric_family family;
	void (*add)(struct exposition *out, const struct pf_row *row,
		    const struct subject *subject);
	const char *count; /* of counts */
};

static void add_pf_info(struct exposition *out, const struct pf_row *row,
			const struct subject *subject)
{
	struct metric_labels labels = labels_of_pf(subject->pf);

	metric_labels_add(&labels, "address", subject->pf->address);
	metric_labels_add(&labels, "driver", subject->pf->driver);
	metric_labels_add(&labels, "firmware", subject->pf->firmware);
	exposition_info(out, &row->family, &labels);
}

static void add_state(struct exposition *out, const struct pf_row *row,
		      const struct subject *subject)
{
	const struct metric_labels labels = labels_of_pf(subject->pf);
	const char *states[STATE_COUNT], *state = get_text(subject->told, "state");

	for (enum pf_state i = 0; i < STATE_COUNT; i++)
		states[i] = pf_state_name(i);
	if (state)
		exposition_state(out, &row->family, &labels, states, STATE_COUNT, state);
}

static void add_number(struct exposition *out, const struct pf_row *row,
		       const struct subject *subject, uint64_t number)
{
	const struct metric_labels labels = labels_of_pf(subject->pf);

	exposition_number(out, &row->family, &labels, number);
}

static void add_vfs(struct exposition *out, const struct pf_row *row, const struct subject *subject)
{
	add_number(out, row, subject, subject->pf->n_vfs);
}

static void add_vfs_most(struct exposition *out, const struct pf_row *row,
			 const struct subject *subject)
{
	if (subject->pf->totalvfs)
		add_number(out, row, subject, subject->pf->totalvfs);
}

static void add_vfs_desired(struct exposition *out, const struct pf_row *row,
			    const struct subject *subject)
{
	struct json_object *vfs = get(subject->told, "vfs");

	if (get(vfs, "desired"))
		add_number(out, row, subject, get_number(vfs, "desired"));
}

static void add_carrier(struct exposition *out, const struct pf_row *row,
			const struct subject *subject)
{
	if (subject->pf->has_carrier)
		add_number(out, row, subject, subject->pf->carrier);
}

/* As node_network_speed_bytes of node_exporter. */
static void add_speed(struct exposition *out, const struct pf_row *row,
		      const struct subject *subject)
{
	if (subject->pf->speed)
		add_number(out, row, subject, MBIT_BYTES * subject->pf->speed);
}

static void add_paused(struct exposition *out, const struct pf_row *row,
		       const struct subject *subject)
{
	const char *until = get_text(subject->told, "paused-until");

	/* Of a PF that the daemon has not looked at it says no more than the state. */
	if (get(subject->told, "vfs") && (!until || strcmp(until, "unknown") != 0))
		add_number(out, row, subject, until != NULL);
}

static void add_count(struct exposition *out, const struct pf_row *row,
		      const struct subject *subject)
{
	struct json_object *counts = get(subject->told, "counts");

	if (get(counts, row->count))
		add_number(out, row, subject, get_number(counts, row->count));
}

static void add_durations(struct exposition *out, const struct pf_row *row,
			  const struct subject *subject)
{
	const struct metric_labels labels = labels_of_pf(subject->pf);
	struct json_object *counts = get(subject->told, "counts");
	struct json_object *durations = get(counts, "pass-durations");
	uint64_t bounds[BOUNDS_MAX], within[BOUNDS_MAX];
	size_t count = 0;

	if (!durations)
		return;
	for (; count < BOUNDS_MAX && count < length(durations); count++) {
		struct json_object *item = json_object_array_get_idx(durations, count);

		bounds[count] = get_ms(item, "at-most-seconds");
		within[count] = get_number(item, "passes");
	}
	exposition_histogram(out, &row->family, &labels, bounds, within, count,
			     get_number(counts, "passes"), get_ms(counts, "pass-seconds"));
}

static const struct pf_row pf_rows[] = {
	{ { "sriovd_pf", METRIC_INFO, NULL, "A PF" }, add_pf_info, NULL },
	{ { "sriovd_pf_state", METRIC_STATE_SET, NULL, "The state of a PF, as in sriovd(8)" },
	  add_state,
	  NULL },
	{ { "sriovd_pf_paused", METRIC_GAUGE, NULL, "Whether the PF is paused" },
	  add_paused,
	  NULL },
	{ { "sriovd_pf_carrier", METRIC_GAUGE, NULL, "Whether the PF has a link" },
	  add_carrier,
	  NULL },
	{ { "sriovd_pf_speed_bytes", METRIC_GAUGE, "bytes", "The speed of its link, in a second" },
	  add_speed,
	  NULL },
	{ { "sriovd_pf_vfs", METRIC_GAUGE, NULL, "How many VFs the PF has" }, add_vfs, NULL },
	{ { "sriovd_pf_vfs_desired", METRIC_GAUGE, NULL, "How many VFs the policy wants" },
	  add_vfs_desired,
	  NULL },
	{ { "sriovd_pf_vfs_most", METRIC_GAUGE, NULL, "How many VFs the card can have" },
	  add_vfs_most,
	  NULL },
	{ { "sriovd_pf_steps_left", METRIC_GAUGE, NULL,
	    "Steps to what the policy wants that are known to be missing" },
	  add_count,
	  "steps-left" },
	{ { "sriovd_pf_steps_blocked", METRIC_GAUGE, NULL, "Steps that a guard forbids" },
	  add_count,
	  "steps-blocked" },
	{ { "sriovd_pf_passes", METRIC_COUNTER, NULL, "Passes over the PF" }, add_count, "passes" },
	{ { "sriovd_pf_failed_passes", METRIC_COUNTER, NULL, "Passes that failed as a whole" },
	  add_count,
	  "failed-passes" },
	{ { "sriovd_pf_pass_duration_seconds", METRIC_HISTOGRAM, "seconds",
	    "How long passes took" },
	  add_durations,
	  NULL },
	{ { "sriovd_pf_steps_done", METRIC_COUNTER, NULL, "Steps that were done" },
	  add_count,
	  "steps-done" },
	{ { "sriovd_pf_steps_refused", METRIC_COUNTER, NULL, "Steps that the kernel refused" },
	  add_count,
	  "steps-refused" },
	{ { "sriovd_pf_repairs", METRIC_COUNTER, NULL,
	    "Passes that put back what somebody else had changed" },
	  add_count,
	  "repairs" },
};

/* Of a VF. */

/* What the daemon says of it; NULL: nothing. */
static struct json_object *told_of_vf(const struct subject *subject, const struct vf *vf)
{
	struct json_object *vfs = get(subject->told, "virtual-functions");

	return vf->index < length(vfs) ? json_object_array_get_idx(vfs, vf->index) : NULL;
}

/* What the VF has of a setting. False where that cannot be known by what its PF's driver reports.
 */
static bool get_setting(const struct subject *subject, const struct vf *vf, enum vf_setting setting,
			struct value *ret)
{
	const struct value *reported = VALUES_GET(&vf->settings, setting);
	const struct pf *pf = subject->pf;

	return reported &&
	       driver_reading_meant(driver_of(pf->driver), pf->speed, setting, reported, ret);
}

static const char *setting_text(const struct subject *subject, const struct vf *vf,
				enum vf_setting setting, struct text *text)
{
	struct value value;

	if (!get_setting(subject, vf, setting, &value))
		return NULL;
	value_format(&vf_settings[setting], &value, text);
	return text_string(text);
}

struct vf_row {
	struct metric_family family;
	void (*add)(struct exposition *out, const struct vf_row *row, const struct subject *subject,
		    const struct vf *vf);
	enum vf_setting setting; /* of add_setting, add_vlan and add_rate */
	enum vf_counter counter; /* of add_counter */
};

static void add_vf_info(struct exposition *out, const struct vf_row *row,
			const struct subject *subject, const struct vf *vf)
{
	CLEANUP_TEXT struct text index = { 0 }, driver = { 0 }, mac = { 0 }, link = { 0 };
	struct metric_labels labels = labels_of_vf(subject->pf, vf, &index);

	metric_labels_add(&labels, "address", vf->address);
	metric_labels_add(&labels, "interface", vf->ifname);
	metric_labels_add(&labels, "driver", setting_text(subject, vf, VF_DRIVER, &driver));
	metric_labels_add(&labels, "mac", setting_text(subject, vf, VF_MAC, &mac));
	metric_labels_add(&labels, "link_state", setting_text(subject, vf, VF_LINK_STATE, &link));
	metric_labels_add(&labels, "use", get_text(told_of_vf(subject, vf), "use"));
	out->out->failed |= driver.failed || mac.failed || link.failed;
	exposition_info(out, &row->family, &labels);
}

static void add_vf_number(struct exposition *out, const struct vf_row *row,
			  const struct subject *subject, const struct vf *vf, uint64_t number)
{
	CLEANUP_TEXT struct text index = { 0 };
	const struct metric_labels labels = labels_of_vf(subject->pf, vf, &index);

	exposition_number(out, &row->family, &labels, number);
}

static void add_in_use(struct exposition *out, const struct vf_row *row,
		       const struct subject *subject, const struct vf *vf)
{
	struct json_object *told = told_of_vf(subject, vf);

	if (told)
		add_vf_number(out, row, subject, vf, get(told, "use") != NULL);
}

static void add_setting(struct exposition *out, const struct vf_row *row,
			const struct subject *subject, const struct vf *vf)
{
	struct value value;

	if (get_setting(subject, vf, row->setting, &value))
		add_vf_number(out, row, subject, vf, value.number);
}

static void add_vlan(struct exposition *out, const struct vf_row *row,
		     const struct subject *subject, const struct vf *vf)
{
	struct value value;

	if (get_setting(subject, vf, row->setting, &value))
		add_vf_number(out, row, subject, vf, value.vlan.id);
}

static void add_rate(struct exposition *out, const struct vf_row *row,
		     const struct subject *subject, const struct vf *vf)
{
	struct value value;

	if (get_setting(subject, vf, row->setting, &value))
		add_vf_number(out, row, subject, vf, value.number * MBIT_BYTES);
}

static void add_counter(struct exposition *out, const struct vf_row *row,
			const struct subject *subject, const struct vf *vf)
{
	if (vf->counters && vf->counters->known & VF_COUNTER_BIT(row->counter))
		add_vf_number(out, row, subject, vf, vf->counters->number[row->counter]);
}

static const struct vf_row vf_rows[] = {
	{ { "sriovd_vf", METRIC_INFO, NULL, "A VF" }, add_vf_info },
	{ { "sriovd_vf_in_use", METRIC_GAUGE, NULL, "Whether somebody was found to use the VF" },
	  add_in_use },
	{ { "sriovd_vf_vlan", METRIC_GAUGE, NULL, "Its VLAN; 0 for none" },
	  add_vlan,
	  .setting = VF_VLAN },
	{ { "sriovd_vf_trust", METRIC_GAUGE, NULL, "Whether it is trusted" },
	  add_setting,
	  .setting = VF_TRUST },
	{ { "sriovd_vf_spoof_check", METRIC_GAUGE, NULL, "Whether it can send as itself alone" },
	  add_setting,
	  .setting = VF_SPOOF_CHECK },
	{ { "sriovd_vf_query_rss", METRIC_GAUGE, NULL, "Whether it may query RSS" },
	  add_setting,
	  .setting = VF_QUERY_RSS },
	{ { "sriovd_vf_min_tx_rate_bytes", METRIC_GAUGE, "bytes",
	    "What it is guaranteed to send in a second; 0 for nothing" },
	  add_rate,
	  .setting = VF_MIN_TX_RATE },
	{ { "sriovd_vf_max_tx_rate_bytes", METRIC_GAUGE, "bytes",
	    "The most that it may send in a second; 0 for no limit" },
	  add_rate,
	  .setting = VF_MAX_TX_RATE },
	{ { "sriovd_vf_msix_vectors", METRIC_GAUGE, NULL, "How many interrupts it has" },
	  add_setting,
	  .setting = VF_MSIX_VECTORS },
	{ { "sriovd_vf_receive_packets", METRIC_COUNTER, NULL, "Packets that it received" },
	  add_counter,
	  .counter = VF_RX_PACKETS },
	{ { "sriovd_vf_transmit_packets", METRIC_COUNTER, NULL, "Packets that it sent" },
	  add_counter,
	  .counter = VF_TX_PACKETS },
	{ { "sriovd_vf_receive_bytes", METRIC_COUNTER, "bytes", "Bytes that it received" },
	  add_counter,
	  .counter = VF_RX_BYTES },
	{ { "sriovd_vf_transmit_bytes", METRIC_COUNTER, "bytes", "Bytes that it sent" },
	  add_counter,
	  .counter = VF_TX_BYTES },
	{ { "sriovd_vf_receive_broadcast_packets", METRIC_COUNTER, NULL,
	    "Broadcasts that it received" },
	  add_counter,
	  .counter = VF_RX_BROADCAST },
	{ { "sriovd_vf_receive_multicast_packets", METRIC_COUNTER, NULL,
	    "Multicasts that it received" },
	  add_counter,
	  .counter = VF_RX_MULTICAST },
	{ { "sriovd_vf_receive_drops", METRIC_COUNTER, NULL, "Packets to it that were dropped" },
	  add_counter,
	  .counter = VF_RX_DROPPED },
	{ { "sriovd_vf_transmit_drops", METRIC_COUNTER, NULL, "Packets of it that were dropped" },
	  add_counter,
	  .counter = VF_TX_DROPPED },
};

static void add_pfs(struct host *host)
{
	for (size_t i = 0; i < ARRAY_SIZE(pf_rows); i++)
		for (size_t j = 0; j < host->count; j++)
			pf_rows[i].add(&host->out, &pf_rows[i], &host->subjects[j]);
}

static void add_vfs_of(struct exposition *out, const struct vf_row *row,
		       const struct subject *subject)
{
	for (uint32_t i = 0; i < subject->pf->n_vfs; i++)
		row->add(out, row, subject, &subject->pf->vfs[i]);
}

/* All samples of a family stand together. */
static void add_all_vfs(struct host *host)
{
	for (size_t i = 0; i < ARRAY_SIZE(vf_rows); i++)
		for (size_t j = 0; j < host->count; j++)
			add_vfs_of(&host->out, &vf_rows[i], &host->subjects[j]);
}

static struct json_object *find_told(struct json_object *document, const struct pf *pf)
{
	struct json_object *pfs = get(document, "pfs");

	for (size_t i = 0; i < length(pfs); i++) {
		struct json_object *told = json_object_array_get_idx(pfs, i);
		const char *handle = get_text(told, "handle");

		if (handle && !strcmp(handle, pf->handle))
			return told;
	}
	return NULL;
}

void metrics_write(const struct pf *const *pfs, size_t count, const struct metrics_daemon *daemon,
		   bool openmetrics, struct text *out)
{
	struct host host = { .out = { .out = out, .openmetrics = openmetrics },
			     .told = daemon->told,
			     .is_away = daemon->is_away };
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;

	if (arena_new(&arena) >= 0)
		host.subjects = arena_array(arena, count + 1, sizeof(*host.subjects));
	if (!host.subjects) {
		out->failed = true;
		return;
	}
	for (; host.count < count; host.count++)
		host.subjects[host.count] =
			(struct subject){ pfs[host.count],
					  find_told(daemon->told, pfs[host.count]) };
	for (size_t i = 0; i < ARRAY_SIZE(host_rows); i++)
		host_rows[i].add(&host, &host_rows[i].family);
	add_pfs(&host);
	add_all_vfs(&host);
	exposition_end(&host.out);
}

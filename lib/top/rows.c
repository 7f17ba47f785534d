/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/rows.h"

#include <errno.h>
#include <json-c/json_object.h>

/* What rows of a PF are made from. */
struct maker {
	const struct pf *before, *pf; /* before: NULL where there was none, or another */
	uint64_t ms;		      /* between them */
	struct json_object *told;
	struct arena *arena;
	bool failed;
};

static const char *get_text(struct json_object *object, const char *key)
{
	return json_object_get_string(json_object_object_get(object, key));
}

/* The VF as it was, if it is the same by now: also its network device, whose counters may be those
 * that are read. */
static const struct vf *find_before(const struct maker *maker, const struct vf *vf)
{
	const struct vf *before = maker->before ? pf_vf(maker->before, vf->index) : NULL;

	if (!before || maker->before->vfs[0].instance != maker->pf->vfs[0].instance)
		return NULL;
	return before->ifindex && vf->ifindex && before->ifindex != vf->ifindex ? NULL : before;
}

static const char *keep(struct maker *maker, const char *string)
{
	const char *printable = string ? text_make_printable(string, maker->arena) : NULL;

	maker->failed |= string && !printable;
	return printable;
}

static const char *keep_text(struct maker *maker, struct text *text)
{
	const char *copy = text->failed ? NULL : arena_strdup(maker->arena, text_string(text));

	maker->failed |= !copy;
	return copy;
}

static const char *setting_text(struct maker *maker, const struct vf *vf, enum vf_setting setting)
{
	const struct value *value = VALUES_GET(&vf->settings, setting);
	CLEANUP_TEXT struct text text = { 0 };

	if (!value)
		return NULL;
	value_format(&vf_settings[setting], value, &text);
	return keep_text(maker, &text);
}

static const char *name_of_vf(struct maker *maker, const struct vf *vf)
{
	CLEANUP_TEXT struct text text = { 0 };

	text_printf(&text, "%u", vf->index);
	if (vf->ifname) {
		text_append(&text, " ");
		text_append_quoted(&text, vf->ifname);
	}
	return keep_text(maker, &text);
}

/* The daemon tells root more than others. Where it says nothing of the PF it is what was found
 * here. */
static const char *holder_of(struct maker *maker, const struct vf *vf)
{
	struct json_object *vfs = json_object_object_get(maker->told, "virtual-functions");
	struct json_object *told = vfs && vf->index < json_object_array_length(vfs)
					   ? json_object_array_get_idx(vfs, vf->index)
					   : NULL;
	const char *details = get_text(told, "holder");

	if (!told)
		return vf->holder.details;
	return details ? details : get_text(told, "use");
}

static struct row row_of_vf(struct maker *maker, const struct vf *vf)
{
	const struct vf *before = find_before(maker, vf);

	return (struct row){
		.pf = maker->pf,
		.vf = vf,
		.name = name_of_vf(maker, vf),
		.driver = setting_text(maker, vf, VF_DRIVER),
		.link = setting_text(maker, vf, VF_LINK_STATE),
		.about = keep(maker, holder_of(maker, vf)),
		.totals = traffic_total(vf->counters),
		.rates = traffic_rate(before ? before->counters : NULL, vf->counters, maker->ms),
	};
}

static const char *link_of_pf(const struct pf *pf)
{
	if (!pf->has_carrier)
		return NULL;
	return pf->carrier ? "up" : "down";
}

static void make_rows(struct maker *maker, struct row *rows)
{
	struct row *sum = rows;

	*sum = (struct row){
		.pf = maker->pf,
		.name = keep(maker, pf_name(maker->pf)),
		.driver = keep(maker, maker->pf->driver),
		.link = link_of_pf(maker->pf),
		.about = keep(maker, get_text(maker->told, "state")),
	};
	for (uint32_t i = 0; i < maker->pf->n_vfs; i++) {
		struct row *row = &rows[1 + i];

		*row = row_of_vf(maker, &maker->pf->vfs[i]);
		traffic_add(&sum->totals, &row->totals);
		traffic_add(&sum->rates, &row->rates);
		sum->counted += row->totals.known != 0;
	}
}

static void find_pf_before(const struct reading *before, const struct reading *now, size_t which,
			   struct maker *maker)
{
	const struct pf *pf = now->pfs.items[which];
	long place = before ? reading_find(before, pf->handle) : -1;

	if (place < 0 || before->pfs.items[place]->instance != pf->instance)
		return;
	maker->before = before->pfs.items[place];
	maker->ms = now->times[which] - before->times[place];
}

int rows_make(const struct reading *before, const struct reading *now, struct arena *arena,
	      struct rows *ret)
{
	struct row *rows;
	size_t count = 0;

	for (size_t i = 0; i < now->pfs.count; i++)
		count += 1 + now->pfs.items[i]->n_vfs;
	rows = arena_array(arena, count + 1, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	count = 0;
	for (size_t i = 0; i < now->pfs.count; i++) {
		const struct pf *pf = now->pfs.items[i];
		struct maker maker = { .pf = pf, .told = reading_told(now, pf), .arena = arena };

		find_pf_before(before, now, i, &maker);
		make_rows(&maker, rows + count);
		if (maker.failed)
			return -ENOMEM;
		count += 1 + pf->n_vfs;
	}
	*ret = (struct rows){ rows, count };
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "top/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void view_clear(struct view *view)
{
	for (size_t i = 0; i < view->folded.count; i++)
		free((char *)view->folded.items[i]);
	free(view->folded.items);
	*view = (struct view){ 0 };
}

static long find_folded(const struct view *view, const char *handle)
{
	for (size_t i = 0; i < view->folded.count; i++)
		if (!strcmp(view->folded.items[i], handle))
			return (long)i;
	return -1;
}

bool view_is_folded(const struct view *view, const struct pf *pf)
{
	return find_folded(view, pf->handle) >= 0;
}

int view_fold(struct view *view, const char *handle)
{
	struct names *folded = &view->folded;
	long place = find_folded(view, handle);
	const char **items;
	char *copy;

	if (place >= 0) {
		free((char *)folded->items[place]);
		folded->items[place] = folded->items[--folded->count];
		return 0;
	}
	copy = strdup(handle);
	items = copy ? reallocarray(folded->items, folded->count + 1, sizeof(*items)) : NULL;
	if (!items) {
		free(copy);
		return -ENOMEM;
	}
	folded->items = items;
	folded->items[folded->count++] = copy;
	return 0;
}

struct figure view_figure(const struct view *view, const struct row *row, enum view_key key)
{
	static const unsigned counters[VIEW_KEY_COUNT] = {
		[VIEW_RX] = VF_COUNTER_BIT(VF_RX_BYTES),
		[VIEW_TX] = VF_COUNTER_BIT(VF_TX_BYTES),
		[VIEW_RX_PACKETS] = VF_COUNTER_BIT(VF_RX_PACKETS),
		[VIEW_TX_PACKETS] = VF_COUNTER_BIT(VF_TX_PACKETS),
		[VIEW_DROPS] = VF_COUNTER_BIT(VF_RX_DROPPED) | VF_COUNTER_BIT(VF_TX_DROPPED),
	};
	const struct traffic *traffic = view->totals ? &row->totals : &row->rates;
	const unsigned known = traffic->known & counters[key];
	struct figure figure = { .known = known != 0,
				 .at_least = known && (known != counters[key] ||
						       traffic->missing & counters[key]) };

	for (enum vf_counter i = 0; i < VF_COUNTER_COUNT; i++)
		if (known & VF_COUNTER_BIT(i))
			figure.number += traffic->number[i];
	return figure;
}

static const char *word_of(const struct row *row, enum view_key key)
{
	return key == VIEW_LINK ? row->link : row->about;
}

/* Below 0: a comes first. */
static int compare_words(const char *a, const char *b, bool reversed)
{
	if (!a || !b)
		return !a - !b;
	return reversed ? strcmp(b, a) : strcmp(a, b);
}

static int compare_figures(struct figure a, struct figure b, bool reversed)
{
	if (!a.known || !b.known)
		return !a.known - !b.known;
	if (a.number == b.number)
		return 0;
	return (a.number > b.number) != reversed ? -1 : 1;
}

static int compare(const void *a, const void *b, void *context)
{
	const struct row *one = *(const struct row *const *)a;
	const struct row *other = *(const struct row *const *)b;
	const struct view *view = context;
	int r = 0;

	if (view->key >= VIEW_LINK)
		r = compare_words(word_of(one, view->key), word_of(other, view->key),
				  view->reversed);
	else if (view->key != VIEW_NAME)
		r = compare_figures(view_figure(view, one, view->key),
				    view_figure(view, other, view->key), view->reversed);
	if (r)
		return r;
	r = one < other ? -1 : 1;
	return view->key == VIEW_NAME && view->reversed ? -r : r;
}

static bool has(const char *string, const char *part)
{
	return string && strcasestr(string, part);
}

static bool matches(const struct view *view, const struct row *row)
{
	const char *address = row->vf ? row->vf->address : row->pf->handle;
	const char *part = view->filter;

	return has(row->name, part) || has(address, part) || has(row->driver, part) ||
	       has(row->link, part) || has(row->about, part);
}

/* The VFs of a PF that are shown, to ret; how many. */
static size_t select_vfs(const struct view *view, const struct row *pf, bool all,
			 const struct row **ret)
{
	size_t count = 0;

	for (uint32_t i = 1; i <= pf->pf->n_vfs; i++)
		if (all || matches(view, &pf[i]))
			ret[count++] = &pf[i];
	qsort_r(ret, count, sizeof(*ret), compare, (void *)view);
	return count;
}

/* The PF's row and those below it. */
static size_t select_pf(const struct view *view, const struct row *pf, const struct row **ret)
{
	const bool all = !*view->filter || matches(view, pf);
	const size_t count = select_vfs(view, pf, all, ret + 1);

	if (!all && !count)
		return 0;
	ret[0] = pf;
	return view_is_folded(view, pf->pf) ? 1 : 1 + count;
}

int view_select(const struct view *view, const struct rows *rows, struct arena *arena,
		const struct row ***ret, size_t *ret_count)
{
	const struct row **shown = arena_array(arena, rows->count + 1, sizeof(struct row *));
	const struct row **pfs = arena_array(arena, rows->count + 1, sizeof(struct row *));
	size_t n_pfs = 0, count = 0;

	if (!shown || !pfs)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i += 1 + rows->items[i].pf->n_vfs)
		pfs[n_pfs++] = &rows->items[i];
	qsort_r(pfs, n_pfs, sizeof(*pfs), compare, (void *)view);
	for (size_t i = 0; i < n_pfs; i++)
		count += select_pf(view, pfs[i], shown + count);
	*ret = shown;
	*ret_count = count;
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/pf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "model/driver.h"

int pf_new(struct pf **ret)
{
	CLEANUP(arena_free_cleanup) struct arena *arena = NULL;
	struct pf *pf;
	int r;

	r = arena_new(&arena);
	if (r < 0)
		return r;
	pf = arena_alloc(arena, sizeof(*pf));
	if (!pf)
		return -ENOMEM;
	pf->numa_node = -1;
	pf->arena = TAKE(arena);
	*ret = pf;
	return 0;
}

void pf_free(struct pf *pf)
{
	if (pf)
		arena_free(pf->arena);
}

int pf_alloc_vfs(struct pf *pf, uint32_t n)
{
	struct vf *vfs = arena_array(pf->arena, n, sizeof(*vfs));

	if (!vfs)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		vfs[i].index = i;
	pf->vfs = vfs;
	pf->n_vfs = n;
	return 0;
}

const struct vf *pf_vf(const struct pf *pf, uint32_t index)
{
	return index < pf->n_vfs ? &pf->vfs[index] : NULL;
}

static uint64_t hash_number(uint64_t number, uint64_t seed)
{
	return XXH3_64bits_withSeed(&number, sizeof(number), seed);
}

static uint64_t hash_values(const struct setting *settings, const struct value *values,
			    uint64_t present, uint64_t seed)
{
	seed = hash_number(present, seed);
	while (present) {
		unsigned i = setting_take(&present);

		seed = value_hash(&settings[i], &values[i], seed);
	}
	return seed;
}

uint64_t pf_settings_hash(const struct pf *pf, uint64_t seed)
{
	seed = hash_values(pf_settings, pf->settings.value, pf->settings.present, seed);
	seed = hash_number(pf->n_vfs, seed);
	for (uint32_t i = 0; i < pf->n_vfs; i++) {
		const struct vf *vf = &pf->vfs[i];

		seed = hash_values(vf_settings, vf->settings.value, vf->settings.present, seed);
		seed = hash_number(vf->once ^ vf->given.done, seed);
	}
	return seed;
}

bool pf_is_down(const struct pf *pf)
{
	const struct value *up = VALUES_GET(&pf->settings, PF_UP);

	return up && !up->number;
}

const struct vf *pf_held_vf(const struct pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (vf_is_held(&pf->vfs[i]))
			return &pf->vfs[i];
	return NULL;
}

bool pf_owes_drivers(const struct pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (pf->vfs[i].owed_driver)
			return true;
	return pf->drivers_held;
}

bool pf_owes_vfs(const struct pf *pf)
{
	return pf->owed_vfs.owed && (!pf->n_vfs || pf->drivers_held);
}

bool pf_is_observe_only(const struct pf *desired)
{
	const struct value *mode = VALUES_GET(&desired->settings, PF_MODE);

	return mode && mode->number == MODE_OBSERVE;
}

bool pf_is_paused(const struct pf *pf)
{
	return pf->pause.left;
}

void pause_describe(const struct pause *pause, struct text *out)
{
	if (pause->doubtful)
		text_printf(out,
			    "it cannot be told whether it is paused (%s), and so nothing is "
			    "written to it: 'sriovctl pause PF off' ends that",
			    pause->doubtful);
	else
		text_printf(out, "paused until %s", pause->words);
}

bool pf_is_held(const struct pf *pf)
{
	return pf->holder.details;
}

bool vf_is_held(const struct vf *vf)
{
	return vf->holder.details;
}

const struct vf *pf_open_vf(const struct pf *pf)
{
	for (uint32_t i = 0; i < pf->n_vfs; i++)
		if (vf_is_held(&pf->vfs[i]) && vf_has_vfio(&pf->vfs[i]))
			return &pf->vfs[i];
	return NULL;
}

bool vf_is_bound(const struct vf *vf)
{
	const struct value *driver = VALUES_GET(&vf->settings, VF_DRIVER);

	return driver && driver->form == VALUE_PLAIN;
}

bool vf_has_vfio(const struct vf *vf)
{
	return vf_is_bound(vf) && driver_is_vfio(VALUES_GET(&vf->settings, VF_DRIVER)->name);
}

bool vf_has_driver(const struct vf *vf, const char *name)
{
	const struct value *now = VALUES_GET(&vf->settings, VF_DRIVER);

	if (!now)
		return true;
	return name ? now->form == VALUE_PLAIN && !strcmp(now->name, name)
		    : now->form != VALUE_PLAIN;
}

static bool has_driver(const struct vf *vf, const struct value *want)
{
	const struct value *now = VALUES_GET(&vf->settings, VF_DRIVER);

	/* Also where it has no device for a driver to have. */
	if (want->form == VALUE_DEFAULT)
		return !vf->driver_override;
	if (!now)
		return false;
	/* Without the reservation the next driver to be loaded would take it. */
	if (want->form == VALUE_NONE)
		return now->form == VALUE_NONE && vf->driver_override &&
		       !strcmp(vf->driver_override, VF_DRIVER_NOBODY);
	return now->form == VALUE_PLAIN && !strcmp(now->name, want->name);
}

static bool has_name(const struct vf *vf, const char *name)
{
	if (vf->ifname && !strcmp(vf->ifname, name))
		return true;
	for (size_t i = 0; i < vf->altnames.count; i++)
		if (!strcmp(vf->altnames.items[i], name))
			return true;
	return false;
}

const struct value *vf_actual(const struct vf *vf, enum vf_setting setting,
			      const struct value *want)
{
	if (setting == VF_ALTNAME)
		return has_name(vf, want->name) ? want : NULL;
	return VALUES_GET(&vf->settings, setting);
}

bool vf_has(const struct vf *vf, enum vf_setting setting, const struct value *want)
{
	const struct value *now = vf_actual(vf, setting, want);

	if (setting == VF_DRIVER)
		return has_driver(vf, want);
	return now && value_equal(&vf_settings[setting], now, want);
}

const char *pf_handle_address(const char *handle)
{
	return strchr(handle, '/') + 1;
}

static bool any_holds(const struct names *names,
		      bool (*holds)(const char *name, const char *wanted), const char *wanted)
{
	for (size_t i = 0; i < names->count; i++)
		if (holds(names->items[i], wanted))
			return true;
	return false;
}

bool pf_has_name(const struct pf *pf, bool (*holds)(const char *name, const char *wanted),
		 const char *wanted)
{
	return (pf->ifname && holds(pf->ifname, wanted)) ||
	       any_holds(&pf->altnames, holds, wanted) ||
	       any_holds(&pf->other_names, holds, wanted);
}

const char *pf_name(const struct pf *pf)
{
	if (pf->ifname)
		return pf->ifname;
	return pf->address ? pf->address : pf->handle;
}

void pf_list_clear(struct pf_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		pf_free(list->items[i]);
	free(list->items);
	*list = (struct pf_list){ 0 };
}

int pf_list_add(struct pf_list *list, struct pf *pf)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 8;
		struct pf **items = reallocarray(list->items, capacity, sizeof(*items));

		if (!items)
			return -ENOMEM;
		list->items = items;
		list->capacity = capacity;
	}
	list->items[list->count++] = pf;
	return 0;
}

static int compare_handles(const void *a, const void *b)
{
	const struct pf *const *left = a, *const *right = b;

	return strcmp((*left)->handle, (*right)->handle);
}

void pf_list_sort(struct pf_list *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_handles);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake_kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct fake_kernel *fake_of(struct kernel *kernel)
{
	return (struct fake_kernel *)kernel;
}

static int fake_list(struct kernel *kernel, struct arena *arena, const char ***ret, size_t *count)
{
	struct fake_kernel *fake = fake_of(kernel);

	*ret = arena_array(arena, 1, sizeof(**ret));
	(*ret)[0] = fake->pf->handle;
	*count = fake->gone ? 0 : 1;
	return 0;
}

static int fake_observe(struct kernel *kernel, const char *handle, struct pf **ret)
{
	struct fake_kernel *fake = fake_of(kernel);
	struct pf *copy;
	struct arena *arena;

	fake->n_observations++;
	if (fake->gone || strcmp(handle, fake->pf->handle))
		return -ENODEV;
	if (pf_new(&copy) < 0)
		return -ENOMEM;
	arena = copy->arena;
	*copy = *fake->pf;
	copy->arena = arena;
	if (pf_alloc_vfs(copy, fake->pf->n_vfs) < 0) {
		pf_free(copy);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < copy->n_vfs; i++) {
		copy->vfs[i] = fake->pf->vfs[i];
		copy->vfs[i].settings.present &= ~fake->unreported;
		if (i < FAKE_GIVEN_MAX && fake->given[i].noted)
			given_record_read(&fake->given[i].record, copy, &copy->vfs[i]);
	}
	*ret = copy;
	return 0;
}

/* As check_driver() in lib/kernel/device/vf_driver.c. */
static bool has_other_driver(const struct pf *seen, const struct vf *vf)
{
	const char *now = vf_is_bound(vf) ? VALUES_GET(&vf->settings, VF_DRIVER)->name : NULL;

	return vf->index >= seen->n_vfs || !vf_has_driver(&seen->vfs[vf->index], now);
}

static int fake_find_holders(struct kernel *kernel, struct pf *pf, uint32_t vf)
{
	struct fake_kernel *fake = fake_of(kernel);
	bool early;

	if (vf == KERNEL_PF) {
		pf->holder = (struct holder){ fake->user ? "an address" : NULL, fake->user };
		pf->shared_rates = fake->rates;
		return 0;
	}
	if (vf == KERNEL_ALL_VFS && pf->n_vfs != fake->pf->n_vfs)
		return -EAGAIN;
	for (uint32_t i = 0; i < pf->n_vfs && i < fake->pf->n_vfs; i++)
		if ((vf == KERNEL_ALL_VFS || i == vf) && has_other_driver(pf, &fake->pf->vfs[i]))
			return -EAGAIN;
	early = fake->holder_after;
	fake->holder_after -= early;
	if (fake->holder && !early && fake->held_vf < pf->n_vfs &&
	    (vf == KERNEL_ALL_VFS || vf == fake->held_vf))
		pf->vfs[fake->held_vf].holder = (struct holder){ "vfio", fake->holder };
	return 0;
}

static int fake_write_numvfs(struct kernel *kernel, const struct pf *pf, uint32_t n)
{
	struct fake_kernel *fake = fake_of(kernel);
	struct pf *real = fake->pf;

	(void)pf;
	text_printf(&fake->calls, "numvfs %u\n", n);
	if (fake->numvfs_error)
		return fake->numvfs_error;
	if (n && real->n_vfs)
		return -EBUSY;
	memset(fake->given, 0, sizeof(fake->given));
	if (n > fake->vfs_created_at_most)
		n = fake->vfs_created_at_most;
	if (n && n < fake->vfs_created_at_least)
		n = fake->vfs_created_at_least;
	if (pf_alloc_vfs(real, n) < 0)
		return -ENOMEM;
	VALUES_SET(&real->settings, PF_VFS, (struct value){ .number = n });
	for (uint32_t i = 0; i < n; i++) {
		real->vfs[i].reported = real->ifindex; /* by way of it */
		for (enum vf_setting k = VF_MAC; k <= VF_TRUST; k++)
			VALUES_SET(&real->vfs[i].settings, k, (struct value){ 0 });
		real->vfs[i].settings.value[VF_VLAN].vlan.protocol = 0x8100;
	}
	return 0;
}

static int fake_hold_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct fake_kernel *fake = fake_of(kernel);

	(void)pf;
	text_append(&fake->calls, "hold\n");
	fake->pf->drivers_held = true;
	return 0;
}

/* As a driver of the card's own for VFs: none that is reserved for another. */
static void probe(struct fake_kernel *fake, struct vf *vf)
{
	const struct value *now = VALUES_GET(&vf->settings, VF_DRIVER);

	if (vf->driver_override || (now && now->form == VALUE_PLAIN))
		return;
	VALUES_SET(&vf->settings, VF_DRIVER, (struct value){ .name = "fakevf" });
	vf->ifname = arena_printf(fake->pf->arena, "vf%u", vf->index);
	vf->ifindex = 100 + vf->index;
	VALUES_SET(&vf->settings, VF_MTU, (struct value){ .number = 1500 });
}

static void give_back(struct vf *vf, int error)
{
	if (!vf->owed_driver || error)
		return;
	if (!vf_is_bound(vf))
		VALUES_SET(&vf->settings, VF_DRIVER, (struct value){ .name = vf->owed_driver });
	vf->owed_driver = NULL;
}

static int fake_release_drivers(struct kernel *kernel, const struct pf *pf)
{
	struct fake_kernel *fake = fake_of(kernel);

	(void)pf;
	text_append(&fake->calls, "release\n");
	fake->pf->drivers_held = false;
	for (uint32_t i = 0; i < fake->pf->n_vfs; i++)
		give_back(&fake->pf->vfs[i], fake->release_error);
	for (uint32_t i = 0; fake->vfs_have_netdevs && i < fake->pf->n_vfs; i++)
		probe(fake, &fake->pf->vfs[i]);
	return fake->release_error;
}

static int refusal_of(const struct fake_kernel *fake, uint32_t vf, enum vf_setting setting)
{
	for (size_t i = 0; i < fake->n_refusals; i++) {
		const struct fake_refusal *refusal = &fake->refusals[i];

		if (refusal->setting == setting &&
		    (refusal->vf == FAKE_EVERY_VF || refusal->vf == vf) &&
		    !(refusal->only_without_carrier && fake->pf->carrier))
			return refusal->error;
	}
	return 0;
}

/* The kernel takes both rates at once, whichever was meant. */
static void write_rates(const struct fake_kernel *fake, struct vf *vf,
			const struct vf_change *change)
{
	for (enum vf_setting i = VF_MIN_TX_RATE; i <= VF_MAX_TX_RATE; i++)
		if (!(fake->forgotten & SETTING_BIT(i)))
			vf->settings.value[i] = change->values.value[i];
}

/* As do_setvfinfo(): in order, up to the first refusal, with no way back. */
static int write_vf(struct fake_kernel *fake, const struct vf_change *change)
{
	struct vf *vf = &fake->pf->vfs[change->index];

	if (change->index >= fake->pf->n_vfs)
		return -EINVAL;
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		int r;

		if (!(change->mask & SETTING_BIT(i)))
			continue;
		r = refusal_of(fake, change->index, i);
		if (r < 0)
			return r;
		if (!(fake->forgotten & SETTING_BIT(i)))
			VALUES_SET(&vf->settings, i, change->values.value[i]);
		if (i == VF_MIN_TX_RATE || i == VF_MAX_TX_RATE)
			write_rates(fake, vf, change);
	}
	return 0;
}

static void note_change(struct fake_kernel *fake, const struct vf_change *change)
{
	const char *separator = ":";

	text_printf(&fake->calls, " %u", change->index);
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		if (!(change->mask & SETTING_BIT(i)))
			continue;
		text_printf(&fake->calls, "%s%s", separator, vf_settings[i].key);
		separator = ",";
	}
}

static int fake_write_vfs(struct kernel *kernel, const struct pf *pf,
			  const struct vf_change *changes, size_t n_changes,
			  struct kernel_error *ret_error)
{
	struct fake_kernel *fake = fake_of(kernel);
	int r = 0;

	(void)pf;
	(void)ret_error;
	text_append(&fake->calls, "vfs");
	for (size_t i = 0; i < n_changes; i++)
		note_change(fake, &changes[i]);
	text_append(&fake->calls, "\n");
	for (size_t i = 0; r >= 0 && i < n_changes; i++)
		r = write_vf(fake, &changes[i]);
	return r;
}

static struct value of_vf(enum vf_setting setting, const struct value *value)
{
	if (setting == VF_DRIVER && value->form == VALUE_DEFAULT)
		return (struct value){ .form = VALUE_NONE };
	return *value;
}

static void note_override(struct vf *vf, const struct value *value)
{
	static const char *const fixed[] = {
		[VALUE_NONE] = VF_DRIVER_NOBODY, [VALUE_DEFAULT] = NULL
	};

	vf->driver_override = value->form == VALUE_PLAIN ? value->name : fixed[value->form];
}

static void add_name(struct fake_kernel *fake, struct vf *vf, const char *name)
{
	const char **names = arena_array(fake->pf->arena, vf->altnames.count + 1, sizeof(*names));

	for (size_t i = 0; i < vf->altnames.count; i++)
		names[i] = vf->altnames.items[i];
	names[vf->altnames.count++] = arena_strdup(fake->pf->arena, name);
	vf->altnames.items = names;
}

static int fake_write_vf(struct kernel *kernel, const struct pf *pf, uint32_t index,
			 enum vf_setting setting, const struct value *value,
			 struct kernel_error *ret_error)
{
	struct fake_kernel *fake = fake_of(kernel);
	struct vf *vf = &fake->pf->vfs[index];
	struct value kept = of_vf(setting, value);
	int r;

	(void)ret_error;
	text_printf(&fake->calls, "vf %u:%s\n", index, vf_settings[setting].key);
	if (index >= fake->pf->n_vfs)
		return -ENOENT;
	if ((vf_settings[setting].unbinds || vf_settings[setting].layer == VF_LAYER_FUNCTION) &&
	    has_other_driver(pf, vf))
		return -EAGAIN;
	r = refusal_of(fake, index, setting);
	if (r < 0 || fake->forgotten & SETTING_BIT(setting))
		return r;
	if (setting == VF_DRIVER) {
		note_override(vf, value);
		/* The value borrows its name from a desired PF that goes before this does. */
		if (value->form == VALUE_PLAIN)
			vf->driver_override = kept.name =
				arena_strdup(fake->pf->arena, value->name);
	}
	/* Those of VF_LAYER_FUNCTION come so where the VF's driver is bound anew. */
	taken_set(&vf->taken, setting, value);
	if (setting == VF_ALTNAME)
		add_name(fake, vf, value->name);
	else
		VALUES_SET(&vf->settings, setting, kept);
	return 0;
}

static int fake_write_pf(struct kernel *kernel, const struct pf *pf, enum pf_setting setting,
			 const struct value *value, struct kernel_error *ret_error)
{
	struct fake_kernel *fake = fake_of(kernel);

	(void)pf;
	(void)ret_error;
	text_printf(&fake->calls, "%s ", pf_settings[setting].key);
	value_format(&pf_settings[setting], value, &fake->calls);
	text_append(&fake->calls, "\n");
	if (fake->pf_refused & SETTING_BIT(setting))
		return -EIO;
	VALUES_SET(&fake->pf->settings, setting, (struct value){ .number = value->number });
	return 0;
}

static int fake_unbind_vfs(struct kernel *kernel, const struct pf *pf)
{
	struct fake_kernel *fake = fake_of(kernel);

	(void)pf;
	text_append(&fake->calls, "unbind\n");
	for (uint32_t i = 0; i < fake->pf->n_vfs; i++)
		VALUES_SET(&fake->pf->vfs[i].settings, VF_DRIVER,
			   (struct value){ .form = VALUE_NONE });
	return 0;
}

static void note_words(struct fake_kernel *fake, const char *sign, uint64_t mask)
{
	while (mask)
		text_printf(&fake->calls, " %s%s", sign, vf_settings[setting_take(&mask)].key);
}

static int fake_note_given(struct kernel *kernel, const struct pf *pf,
			   const struct given_note *notes, size_t n_notes)
{
	struct fake_kernel *fake = fake_of(kernel);

	text_append(&fake->calls, "note");
	for (size_t i = 0; i < n_notes; i++) {
		text_printf(&fake->calls, " %u:", notes[i].vf);
		note_words(fake, "+", notes[i].done);
		note_words(fake, "-", notes[i].due);
		note_words(fake, "=", notes[i].none);
		note_words(fake, "?", notes[i].tried);
	}
	text_append(&fake->calls, "\n");
	for (size_t i = 0; !fake->note_error && i < n_notes; i++) {
		if (notes[i].vf >= FAKE_GIVEN_MAX)
			abort();
		given_record_note(&fake->given[notes[i].vf].record, &notes[i], pf);
		fake->given[notes[i].vf].noted = true;
	}
	return fake->note_error;
}

static int fake_note_owed_vfs(struct kernel *kernel, const struct pf *pf,
			      const struct owed_vfs *owed)
{
	struct fake_kernel *fake = fake_of(kernel);

	(void)pf;
	text_append(&fake->calls, owed ? "owe" : "owe nothing");
	if (owed && fake->noted_holder)
		fake->holder = fake->noted_holder;
	if (owed && owed->with_mode)
		text_printf(&fake->calls, " in mode %u", owed->mode);
	text_append(&fake->calls, "\n");
	if (fake->note_error)
		return fake->note_error;
	fake->pf->owed_vfs = owed ? *owed : (struct owed_vfs){ 0 };
	fake->pf->owed_vfs.noted = owed;
	return 0;
}

void fake_kernel_init(struct fake_kernel *fake, struct pf *pf)
{
	*fake = (struct fake_kernel){
		.kernel = { .list = fake_list,
			    .observe = fake_observe,
			    .find_holders = fake_find_holders,
			    .write_numvfs = fake_write_numvfs,
			    .hold_drivers = fake_hold_drivers,
			    .release_drivers = fake_release_drivers,
			    .write_pf = fake_write_pf,
			    .write_vfs = fake_write_vfs,
			    .write_vf = fake_write_vf,
			    .unbind_vfs = fake_unbind_vfs,
			    .note_given = fake_note_given,
			    .note_owed_vfs = fake_note_owed_vfs },
		.pf = pf,
		.vfs_created_at_most = UINT32_MAX,
	};
}

void fake_kernel_clear(struct fake_kernel *fake)
{
	pf_free(fake->pf);
	text_clear(&fake->calls);
}

void fake_kernel_refuse(struct fake_kernel *fake, struct fake_refusal refusal)
{
	if (fake->n_refusals == FAKE_REFUSALS_MAX)
		abort();
	fake->refusals[fake->n_refusals++] = refusal;
}

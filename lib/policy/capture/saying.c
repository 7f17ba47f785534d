/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/capture/saying.h"

#include <errno.h>
#include <linux/devlink.h>
#include <stdlib.h>
#include <string.h>

#include "model/driver_reading.h"
#include "model/netdev_lack.h"
#include "model/template.h"
#include "policy/read/unique.h"

/* One PF on the way to what is said of it. */
struct sayer {
	const struct pf *pf;
	const struct driver *driver;
	struct arena *arena;
	struct saying *vfs;
	uint64_t expected; /* settings of VFs that its driver may have something to say of */
	uint64_t foreign;  /* that mean nothing on such a PF */
};

/* Reads it as a policy would be read: what may stand there is known in one place. */
static bool is_askable(const struct setting *setting, const struct value *value,
		       struct arena *arena)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	const bool is_name = setting->type == VALUE_NAME || setting->type == VALUE_TEMPLATE;
	CLEANUP_TEXT struct text text = { 0 };
	struct yaml_node node = { .kind = YAML_SCALAR };
	struct value read;

	if (setting->type == VALUE_VLAN || (is_name && value->form != VALUE_PLAIN))
		return true;
	if (!is_name)
		value_format(setting, value, &text);
	node.scalar = is_name ? value->name : text_string(&text);
	node.plain = !is_name;
	return !text.failed && value_read(setting, &node, arena, &diagnostics, &read) >= 0 &&
	       value_equal(setting, &read, value);
}

static bool is_switchdev(const struct pf *pf)
{
	const struct value *mode = VALUES_GET(&pf->settings, PF_ESWITCH_MODE);

	return mode && mode->number == DEVLINK_ESWITCH_MODE_SWITCHDEV;
}

/* What the VF's driver makes of it. */
static enum lack find_untaken(const struct sayer *sayer, const struct vf *vf,
			      enum vf_setting setting, const struct value *value)
{
	struct value taken;

	if (!(sayer->driver->taken_at_bind & SETTING_BIT(setting)) ||
	    value_is_nothing(&vf_settings[setting], value))
		return LACK_NOTHING;
	if (setting == VF_MAC && driver_does(sayer->driver, DRIVER_BINDS_UP) &&
	    pf_is_down(sayer->pf))
		return LACK_DOWN;
	if (!vf_is_bound(vf))
		return LACK_NOTHING;
	if (taken_get(&vf->taken, setting, &taken))
		return value_equal(&vf_settings[setting], &taken, value) ? LACK_NOTHING
									 : LACK_UNTAKEN;
	return vf_settings[setting].type == VALUE_GUID && vf_has_driver(vf, sayer->pf->driver)
		       ? LACK_TAKEN_UNTOLD
		       : LACK_NOTHING;
}

static enum lack find_lack(const struct sayer *sayer, const struct vf *vf, enum vf_setting setting,
			   const struct value *value)
{
	const struct driver *driver = sayer->driver;
	struct value twin;
	enum lack lack;

	if (!is_askable(&vf_settings[setting], value, sayer->arena))
		return LACK_RANGE;
	switch (driver_answer(driver, setting, value, NULL)) {
	case DRIVER_IGNORES:
		return LACK_IGNORED;
	case DRIVER_REFUSES:
		return LACK_REFUSED;
	case DRIVER_TAKES:
		break;
	}
	if ((driver->idle_in_switchdev & SETTING_BIT(setting)) && is_switchdev(sayer->pf))
		return LACK_IDLE;
	lack = find_untaken(sayer, vf, setting, value);
	if (lack == LACK_NOTHING && driver_reading_twin(driver, setting, value, &twin))
		return LACK_PROTOCOL;
	return lack;
}

static void say(struct saying *saying, enum vf_setting setting, const struct value *value,
		enum lack lack)
{
	struct value copy = *value;

	copy.origin = NULL;
	saying->lacks[setting] = (uint8_t)lack;
	if (lack_is_said(lack))
		VALUES_SET(&saying->said, setting, copy);
	else
		VALUES_SET(&saying->unsaid, setting, copy);
}

/* It was said, and cannot be. */
static void take_back(struct saying *saying, enum vf_setting setting, enum lack lack)
{
	VALUES_SET(&saying->unsaid, setting, saying->said.value[setting]);
	saying->said.present &= ~SETTING_BIT(setting);
	saying->lacks[setting] = (uint8_t)lack;
}

/* What the PF's driver, or the card, has of it. */
static void say_reported(const struct sayer *sayer, const struct vf *vf, enum vf_setting setting,
			 struct saying *saying)
{
	const struct value *now = VALUES_GET(&vf->settings, setting);
	struct value meant;

	if (now && driver_reading_meant(sayer->driver, sayer->pf->speed, setting, now, &meant))
		say(saying, setting, &meant, find_lack(sayer, vf, setting, &meant));
	else if (now || (sayer->expected & SETTING_BIT(setting)))
		saying->lacks[setting] =
			vf->reported || vf_settings[setting].layer ? LACK_UNREAD : LACK_UNREPORTED;
}

/* Drivers of vfio's and uio's take no device by themselves (their tables of devices are empty). */
static bool comes_by_itself(const struct sayer *sayer, const struct vf *vf, const char *name)
{
	const struct value *autoprobe = VALUES_GET(&sayer->pf->settings, PF_DRIVERS_AUTOPROBE);

	return !vf->driver_override && autoprobe && autoprobe->number && !driver_is_vfio(name) &&
	       !strstr(name, "uio");
}

static enum lack find_driver_lack(const struct sayer *sayer, const struct vf *vf)
{
	const struct value *autoprobe = VALUES_GET(&sayer->pf->settings, PF_DRIVERS_AUTOPROBE);

	if (vf->owed_driver || sayer->pf->drivers_held)
		return LACK_OWED;
	if (vf->driver_override)
		return strcmp(vf->driver_override, VF_DRIVER_NOBODY) ? LACK_RESERVED : LACK_NOTHING;
	return autoprobe && !autoprobe->number ? LACK_NOTHING : LACK_UNRESERVED;
}

/* A driver that came by itself will again: that is its default. Without one, the VF is reserved for
 * none, or none comes by itself and nothing needs to be said. */
static void say_driver(const struct sayer *sayer, const struct vf *vf, struct saying *saying)
{
	const struct value *now = VALUES_GET(&vf->settings, VF_DRIVER);
	struct value value;
	enum lack lack;

	if (!now) {
		saying->lacks[VF_DRIVER] = vf->address ? LACK_UNREAD : LACK_NOTHING;
		return;
	}
	value = *now;
	if (now->form == VALUE_PLAIN) {
		if (comes_by_itself(sayer, vf, now->name))
			value = (struct value){ .form = VALUE_DEFAULT };
		lack = is_askable(&vf_settings[VF_DRIVER], &value, sayer->arena) ? LACK_NOTHING
										 : LACK_RANGE;
		say(saying, VF_DRIVER, &value, lack);
		return;
	}
	lack = find_driver_lack(sayer, vf);
	if (lack != LACK_NOTHING || vf->driver_override)
		say(saying, VF_DRIVER, &value, lack);
}

/* Whether udev gives such names by itself, from where the device is
 * (AlternativeNamesPolicy= in systemd.link(5), systemd.net-naming-scheme(7)). */
static bool is_of_udev(const char *name)
{
	return (!strncmp(name, "en", 2) || !strncmp(name, "ib", 2) || !strncmp(name, "sl", 2)) &&
	       name[2] && strchr("abcdiopsuvxPX", name[2]);
}

/* The first one that somebody has given it, of whom there is room for one. */
static void say_altname(const struct sayer *sayer, const struct vf *vf, struct saying *saying)
{
	for (size_t i = 0; i < vf->altnames.count; i++) {
		const struct value value = { .name = vf->altnames.items[i] };

		if (is_of_udev(value.name))
			continue;
		say(saying, VF_ALTNAME, &value,
		    !strpbrk(value.name, "{}") &&
				    is_askable(&vf_settings[VF_ALTNAME], &value, sayer->arena)
			    ? LACK_NOTHING
			    : LACK_RANGE);
		if (saying->said.present & SETTING_BIT(VF_ALTNAME))
			return;
	}
}

static void say_vf(const struct sayer *sayer, const struct vf *vf, struct saying *saying)
{
	for (enum vf_setting i = 0; i < VF_SETTING_COUNT; i++) {
		if (sayer->foreign & SETTING_BIT(i))
			continue;
		if (i == VF_DRIVER)
			say_driver(sayer, vf, saying);
		else if (i == VF_ALTNAME)
			say_altname(sayer, vf, saying);
		else
			say_reported(sayer, vf, i, saying);
	}
}

/* A least over the most is what a driver may have been told, and no policy can say. */
static void drop_crossed(struct saying *saying)
{
	const struct value *min = VALUES_GET(&saying->said, VF_MIN_TX_RATE);
	const struct value *max = VALUES_GET(&saying->said, VF_MAX_TX_RATE);

	if (min && max && max->number && min->number > max->number)
		take_back(saying, VF_MIN_TX_RATE, LACK_CROSSED);
}

/* All but the first of those that have the same. */
static int drop_shared(const struct sayer *sayer, enum vf_setting setting)
{
	CLEANUP_FREE struct holding *holdings = calloc(sayer->pf->n_vfs + 1, sizeof(*holdings));
	size_t count = 0;

	if (!holdings)
		return -ENOMEM;
	for (uint32_t i = 0; i < sayer->pf->n_vfs; i++) {
		const struct value *value = VALUES_GET(&sayer->vfs[i].said, setting);

		if (value && unique_key(setting, value))
			holdings[count++] =
				(struct holding){ unique_key(setting, value), i, value };
	}
	unique_sort(holdings, count);
	for (size_t i = 1; i < count; i++)
		if (holdings[i].key == holdings[i - 1].key)
			take_back(&sayer->vfs[holdings[i].vf], setting, LACK_SHARED);
	return 0;
}

/* Of VFs that no rule names what they have is counted as well: all or none. */
static void drop_too_many(const struct sayer *sayer)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < sayer->pf->n_vfs; i++) {
		const struct value *vectors =
			VALUES_GET(&sayer->pf->vfs[i].settings, VF_MSIX_VECTORS);

		sum += vectors ? vectors->number : 0;
	}
	if (!sayer->pf->msix_vectors || sum <= sayer->pf->msix_vectors)
		return;
	for (uint32_t i = 0; i < sayer->pf->n_vfs; i++)
		if (sayer->vfs[i].said.present & SETTING_BIT(VF_MSIX_VECTORS))
			take_back(&sayer->vfs[i], VF_MSIX_VECTORS, LACK_TOO_MANY);
}

/* What a driver of which nothing is known may have: all of which the kernel asks one. */
static uint64_t expected_of(const struct pf *pf, const struct driver *driver)
{
	uint64_t mask = driver->sets;

	for (enum vf_setting i = 0; !driver->name && pf->ifindex && i < VF_SETTING_COUNT; i++)
		if (vf_settings[i].layer == VF_LAYER_FUNCTION && vf_settings[i].type != VALUE_GUID)
			mask |= SETTING_BIT(i);
	return mask;
}

int saying_of_vfs(const struct pf *pf, struct arena *arena, struct saying **ret)
{
	struct sayer sayer = {
		.pf = pf,
		.driver = driver_of(pf->driver),
		.arena = arena,
		.vfs = arena_array(arena, pf->n_vfs, sizeof(*sayer.vfs)),
		.foreign = netdev_lack_vf_settings(netdev_lack_of(pf)),
	};
	int r = sayer.vfs ? 0 : -ENOMEM;

	sayer.expected = expected_of(pf, sayer.driver);
	for (uint32_t i = 0; r >= 0 && i < pf->n_vfs; i++) {
		say_vf(&sayer, &pf->vfs[i], &sayer.vfs[i]);
		drop_crossed(&sayer.vfs[i]);
	}
	for (size_t i = 0; r >= 0 && i < UNIQUE_SETTINGS; i++)
		r = drop_shared(&sayer, unique_settings[i]);
	if (r < 0)
		return r;
	drop_too_many(&sayer);
	*ret = sayer.vfs;
	return 0;
}

enum lack saying_of_pf(const struct pf *pf, enum pf_setting setting, struct arena *arena,
		       struct value *ret, bool *ret_there)
{
	const struct setting *row = &pf_settings[setting];
	const uint64_t foreign = netdev_lack_pf_settings(netdev_lack_of(pf));
	const struct value *now = VALUES_GET(&pf->settings, setting);

	*ret_there = now && row->when != SETTING_NEVER && !(foreign & SETTING_BIT(setting));
	if (!*ret_there)
		return LACK_NOTHING;
	*ret = *now;
	ret->origin = NULL;
	if (setting == PF_VFS && pf->totalvfs && now->number > pf->totalvfs)
		return LACK_RANGE;
	return is_askable(row, ret, arena) ? LACK_NOTHING : LACK_RANGE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/given_record.h"

#include "model/driver_reading.h"

static uint64_t hash_names(const struct vf *vf)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < vf->altnames.count; i++) {
		const struct value name = { .name = vf->altnames.items[i] };

		hash = value_hash(&vf_settings[VF_ALTNAME], &name, hash);
	}
	return hash;
}

/* What is reported of a limit may be the speed of the link, which is none and changes with it. */
static enum driver_reading reading_of_limit(const struct pf *pf, const struct value *now)
{
	return driver_reading(driver_of(pf->driver), pf->speed, VF_MAX_TX_RATE,
			      &(struct value){ 0 }, now);
}

/* What the setting reads as. False where that cannot be told. */
static bool hash_setting(const struct pf *pf, const struct vf *vf, enum vf_setting setting,
			 uint64_t *ret)
{
	const struct value *now = VALUES_GET(&vf->settings, setting), none = { 0 };
	enum driver_reading reading = READS_OTHERWISE;

	if (now && setting == VF_MAX_TX_RATE)
		reading = reading_of_limit(pf, now);
	if (setting == VF_ALTNAME && vf->ifname)
		*ret = hash_names(vf);
	else if (now && reading != READS_NOTHING)
		*ret = value_hash(&vf_settings[setting], reading == READS_AS_WANTED ? &none : now,
				  0);
	else
		return false;
	return true;
}

static void try(struct given_record *record, const struct pf *pf, const struct vf *vf,
		uint64_t mask)
{
	while (mask) {
		const enum vf_setting i = setting_take(&mask);

		record->tried |= SETTING_BIT(i);
		if (hash_setting(pf, vf, i, &record->before[i]))
			record->told |= SETTING_BIT(i);
	}
}

void given_record_note(struct given_record *record, const struct given_note *note,
		       const struct pf *pf)
{
	const uint64_t others = ~(note->done | note->due | note->none | note->tried);

	record->done = (record->done & others) | note->done;
	record->due = (record->due & others) | note->due;
	record->tried &= others;
	record->told &= others;
	try(record, pf, &pf->vfs[note->vf], note->tried);
}

/* Whether what there is to read can be read now, if it can at all. */
static bool is_there(const struct vf *vf, enum vf_setting setting)
{
	switch (vf_settings[setting].layer) {
	case VF_LAYER_FUNCTION:
		return vf->reported;
	case VF_LAYER_NETDEV:
		return vf->ifname;
	default:
		return true;
	}
}

/* Whether the setting is as it was before it was tried. No driver has the VF yet that is without
 * one for a moment, or that drivers are kept off. */
static bool is_as_before(const struct given_record *record, const struct pf *pf,
			 const struct vf *vf, enum vf_setting setting)
{
	uint64_t now;

	if (setting == VF_DRIVER && vf->owed_driver)
		return true;
	if (record->told & SETTING_BIT(setting))
		return hash_setting(pf, vf, setting, &now) && now == record->before[setting];
	return pf->drivers_held;
}

void given_record_read(const struct given_record *record, const struct pf *pf, struct vf *vf)
{
	vf->given = (struct given){ .done = record->done, .due = record->due };
	for (uint64_t rest = record->tried; rest;) {
		const enum vf_setting i = setting_take(&rest);

		if (is_as_before(record, pf, vf, i)) {
			vf->given.due |= SETTING_BIT(i);
			continue;
		}
		vf->given.done |= SETTING_BIT(i);
		*(is_there(vf, i) ? &vf->given.guessed : &vf->given.open) |= SETTING_BIT(i);
	}
}

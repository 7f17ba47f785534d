/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/capabilities.h"

#include <ctype.h>
#include <json-c/json_object.h>
#include <string.h>

#include "document/build.h"
#include "model/driver.h"
#include "util/text.h"

/* Columns of a row, as sets of settings. */
static const struct {
	size_t member; /* of struct driver */
	const char *words;
} columns[] = {
	{ offsetof(struct driver, resets_vf), "the VF starts over" },
	{ offsetof(struct driver, lost_with_link), "lost with the link, and written again" },
	{ offsetof(struct driver, zeroed_with_speed),
	  "lost with another speed of the link, and written again" },
	{ offsetof(struct driver, taken_at_bind), "a VF's driver takes it up when it is bound" },
	{ offsetof(struct driver, idle_in_switchdev), "not in force in switchdev mode" },
	{ offsetof(struct driver, fixed_in_switchdev), "not to be changed in switchdev mode" },
	{ offsetof(struct driver, constant), "reads the same whatever is so" },
};

static const struct {
	enum driver_habit habit;
	const char *words;
} habits[] = {
	{ DRIVER_CREATES_UP, "VFs are made only while the PF is up." },
	{ DRIVER_DESTROYS_UP, "They are destroyed only then, too." },
	{ DRIVER_SETS_UP, "Settings of VFs are taken only while the PF is up." },
	{ DRIVER_BINDS_UP, "Drivers of VFs get no mac while the PF is down." },
	{ DRIVER_MAKES_ALL, "It makes all VFs of the card, whatever number it is asked for." },
	{ DRIVER_SHARES_MIN, "The min-tx-rate of all VFs together has to fit the link." },
	{ DRIVER_NEVER_TELLS, "It reports nothing of VFs." },
	{ DRIVER_NO_NETDEV, "The PF has no network device." },
	{ DRIVER_NETDEV_OF_VFS, "The PF's network device comes with the VFs." },
};

static uint64_t column_of(const struct driver *driver, size_t member)
{
	uint64_t column;

	memcpy(&column, (const char *)driver + member, sizeof(column));
	return column;
}

static void describe_when(const struct driver_exception *exception, enum vf_setting setting,
			  struct text *out)
{
	static const char *const words[] = {
		[WHEN_ALWAYS] = "any value",
		[WHEN_NONE] = "none",
		[WHEN_NOT_ZERO] = "all but 0",
		[WHEN_QOS] = "qos",
		[WHEN_QOS_ALONE] = "qos without an id",
		[WHEN_AD] = "802.1ad",
		[WHEN_UNDER] = "less than ",
		[WHEN_OVER] = "more than ",
		[WHEN_IS] = "",
	};
	const struct value value = { .number = exception->number };

	text_append(out, words[exception->when]);
	if (exception->when == WHEN_UNDER || exception->when == WHEN_OVER ||
	    exception->when == WHEN_IS)
		value_describe(&vf_settings[setting], &value, out);
}

static void add_remark(struct json_object **array, const struct text *text)
{
	build_append(array, text->failed ? NULL : build_text(text_string(text)));
}

static void add_exceptions(struct json_object **array, const struct driver *driver,
			   enum vf_setting setting)
{
	const struct driver_exception *exception = driver->exceptions;

	for (; exception && exception->settings; exception++) {
		CLEANUP_TEXT struct text text = { 0 };

		if (!(exception->settings & SETTING_BIT(setting)))
			continue;
		describe_when(exception, setting, &text);
		text_append(&text,
			    exception->error ? " is refused" : " is taken, and does nothing");
		add_remark(array, &text);
	}
	if (setting == VF_VLAN && !driver_does(driver, DRIVER_TAKES_AD))
		build_append(array, build_text("802.1ad is refused"));
}

static struct json_object *remarks_of_setting(const struct driver *driver, enum vf_setting setting)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if (column_of(driver, columns[i].member) & SETTING_BIT(setting))
			build_append(&array, build_text(columns[i].words));
	add_exceptions(&array, driver, setting);
	return array;
}

/* Whether the driver of the PF takes it, and not the VF's own device. */
static bool is_of_pf_driver(enum vf_setting setting)
{
	return vf_settings[setting].layer == VF_LAYER_FUNCTION || setting == VF_MSIX_VECTORS;
}

static struct json_object *settings_json(const struct driver *driver)
{
	struct json_object *array = json_object_new_array();

	for (enum vf_setting setting = 0; setting < VF_SETTING_COUNT; setting++) {
		bool takes = driver->sets & SETTING_BIT(setting);
		struct json_object *object;

		if (!is_of_pf_driver(setting))
			continue;
		object = json_object_new_object();
		build_set_text(&object, "setting", vf_settings[setting].key);
		build_set_bool(&object, "takes", takes);
		if (takes)
			build_set(&object, "remarks", remarks_of_setting(driver, setting));
		build_append(&array, object);
	}
	return array;
}

static bool is_in_word(const char *note, const char *at)
{
	return at > note && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)at[1]);
}

/* What the manual's notes have in stars and between underscores, here without. */
static void append_plain(struct text *out, const char *note)
{
	for (const char *at = note; *at; at++)
		if (*at != '*' && (*at != '_' || is_in_word(note, at)))
			text_append_n(out, at, 1);
}

static struct json_object *remarks_json(const struct driver *driver)
{
	struct json_object *array = json_object_new_array();
	CLEANUP_TEXT struct text note = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(habits); i++)
		if (driver_does(driver, habits[i].habit))
			build_append(&array, build_text(habits[i].words));
	append_plain(&note, driver->note ? driver->note : "");
	if (note.length || note.failed)
		add_remark(&array, &note);
	return array;
}

static struct json_object *vfs_json(const struct pf *pf)
{
	struct json_object *object = json_object_new_object();

	build_set_number(&object, "actual", pf->n_vfs);
	if (pf->totalvfs)
		build_set_number(&object, "most", pf->totalvfs);
	return object;
}

struct json_object *capabilities_json(const struct pf *pf)
{
	const struct driver *driver = driver_of(pf->driver);
	struct json_object *object = json_object_new_object();

	build_set_text(&object, "handle", pf->handle);
	build_set_name(&object, "name", pf_name(pf));
	build_set_text(&object, "address", pf->address);
	build_set_name(&object, "driver", pf->driver);
	build_set(&object, "vfs", vfs_json(pf));
	build_set_bool(&object, "known", driver->name);
	if (!driver->name)
		return object;
	build_set_text(&object, "source", driver->source);
	build_set(&object, "settings", settings_json(driver));
	build_set(&object, "remarks", remarks_json(driver));
	return object;
}

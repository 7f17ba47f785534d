/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/foretell.h"

#include <linux/devlink.h>
#include <string.h>

#include "model/driver.h"
#include "model/setting.h"

#define REFUSED "it is tried all the same; sriovd.yaml(5), DRIVERS, has what it takes"

static bool wants_switchdev(const struct rule *rule)
{
	const struct value *mode = VALUES_GET(&rule->settings, PF_ESWITCH_MODE);

	return mode && mode->number == DEVLINK_ESWITCH_MODE_SWITCHDEV;
}

static void warn(struct diagnostics *diagnostics, const struct driver *driver,
		 enum vf_setting setting, const struct value *value, const char *what,
		 const char *hint)
{
	CLEANUP_TEXT struct text text = { 0 };

	value_format(&vf_settings[setting], value, &text);
	diagnostics->failed = diagnostics->failed || text.failed;
	diagnostics_report(diagnostics, SEVERITY_WARNING, value->origin, hint, "%s %s '%s: %s'",
			   driver->name, what, vf_settings[setting].key, text_string(&text));
}

static void foretell_value(const struct rule *rule, const struct driver *driver,
			   enum vf_setting setting, const struct value *value,
			   struct diagnostics *diagnostics)
{
	switch (driver_answer(driver, setting, value, NULL)) {
	case DRIVER_REFUSES:
		warn(diagnostics, driver, setting, value, "is known to refuse", REFUSED);
		break;
	case DRIVER_IGNORES:
		warn(diagnostics, driver, setting, value, "accepts, and does nothing about,", NULL);
		break;
	case DRIVER_TAKES:
		if (driver->idle_in_switchdev & SETTING_BIT(setting) && wants_switchdev(rule))
			warn(diagnostics, driver, setting, value,
			     "does not carry out in switchdev mode", NULL);
	}
}

static void foretell_rule(const struct rule *rule, const struct driver *driver,
			  struct diagnostics *diagnostics)
{
	for (size_t i = 0; i < rule->n_entries; i++) {
		const struct vf_values *settings = &rule->entries[i].settings;

		for (uint64_t present = settings->present; present;) {
			enum vf_setting setting = setting_take(&present);

			foretell_value(rule, driver, setting, &settings->value[setting],
				       diagnostics);
		}
	}
}

/* A pattern may be of drivers that do and of others that do not. */
void foretell(const struct policy *policy, struct diagnostics *diagnostics)
{
	for (size_t i = 0; i < policy->n_rules; i++) {
		const struct match_patterns *drivers = &policy->rules[i].match[MATCH_DRIVER];

		for (size_t k = 0; k < drivers->count; k++)
			if (!strpbrk(drivers->patterns[k], MATCH_GLOB))
				foretell_rule(&policy->rules[i], driver_of(drivers->patterns[k]),
					      diagnostics);
	}
}

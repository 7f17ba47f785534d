/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/request_notice.h"

#include "report/steps.h"
#include "util/bus_names.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

DEFINE_CLEANUP(sd_bus_message *, sd_bus_message_unref);

static enum disruption disruption_of(const struct pass *pass)
{
	return pass && pass->remaining ? plan_requested(pass->remaining) : DISRUPTS_NOTHING;
}

static bool takes_vf(const struct pass *pass, uint32_t vf)
{
	return disruption_of(pass) != DISRUPTS_NOTHING && plan_requested_of_vf(pass->remaining, vf);
}

static uint32_t count_vfs(const struct pass *pass)
{
	return pass ? pass->observed->n_vfs : 0;
}

uint64_t request_notice_hash(const struct pass *pass)
{
	enum disruption disruption = disruption_of(pass);
	uint64_t hash = XXH3_64bits(&disruption, sizeof(disruption));

	if (disruption == DISRUPTS_NOTHING)
		return 0;
	for (uint32_t vf = 0; vf < count_vfs(pass); vf++)
		if (takes_vf(pass, vf))
			hash = XXH3_64bits_withSeed(&vf, sizeof(vf), hash);
	return hash ? hash : 1;
}

static int append_parts(const struct pass *pass, sd_bus_message *message)
{
	int r = sd_bus_message_append(message, "s", report_disruption(disruption_of(pass)));

	if (r >= 0)
		r = sd_bus_message_open_container(message, 'a', "u");
	for (uint32_t vf = 0; r >= 0 && vf < count_vfs(pass); vf++)
		if (takes_vf(pass, vf))
			r = sd_bus_message_append(message, "u", vf);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

int request_notice_append(const struct pass *pass, sd_bus_message *message)
{
	int r = sd_bus_message_open_container(message, 'r', "sau");

	if (r >= 0)
		r = append_parts(pass, message);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

int request_notice_send(const struct pass *pass, const char *path, sd_bus *bus)
{
	CLEANUP(sd_bus_message_unref_cleanup) sd_bus_message *message = NULL;
	CLEANUP_TEXT struct text name = { 0 };
	int r = sd_bus_message_new_signal(bus, &message, path, BUS_PF_INTERFACE,
					  REQUEST_NOTICE_SIGNAL);

	text_append_quoted(&name, pf_name(pass->observed));
	if (r >= 0)
		r = sd_bus_message_append(message, "s", text_string(&name));
	if (r >= 0)
		r = append_parts(pass, message);
	return r < 0 ? r : sd_bus_send(bus, message, NULL);
}

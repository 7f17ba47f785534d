/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/gate.h"

#include <errno.h>
#include <string.h>

#include "bus/arguments.h"

/* sd-bus looks each parent of a path up, which takes the square of its length; ours are short. */
#define MAX_PATH 255u

static int check(struct callers *callers, sd_bus_message *message, sd_bus_error *error)
{
	const char *path = sd_bus_message_get_path(message);
	struct arguments arguments;
	int r = callers_admit(callers, message, error);

	if (r >= 0 && path && strlen(path) > MAX_PATH) {
		(void)sd_bus_error_set(error, SD_BUS_ERROR_UNKNOWN_OBJECT, "no path here is long");
		return -ENAMETOOLONG;
	}
	if (r >= 0)
		r = arguments_read(message, &arguments, error);
	return r < 0 ? r : sd_bus_message_rewind(message, true);
}

/* Answers of the bus and signals are not asked for work, and pass. Returns 1 for what goes no
 * further. */
static int on_message(sd_bus_message *message, void *context, sd_bus_error *error)
{
	uint8_t type;
	int r = sd_bus_message_get_type(message, &type);

	if (r < 0 || type != SD_BUS_MESSAGE_METHOD_CALL)
		return r < 0 ? r : 0;
	/* Nobody would hear of it. */
	if (!sd_bus_message_get_expect_reply(message))
		return 1;
	r = check(context, message, error);
	return r < 0 ? r : 0;
}

int gate_install(sd_bus *bus, struct callers *callers)
{
	return sd_bus_add_filter(bus, NULL, on_message, callers);
}

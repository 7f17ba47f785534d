/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a program that makes a message, as a caller on the bus could, of whatever shape.
 * What is read of its arguments is bounded, and is the same the second time. */

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "bus/arguments.h"
#include "harness.h"
#include "util/cleanup.h"

struct program {
	const uint8_t *data;
	size_t size;
};

static uint8_t take(struct program *program)
{
	if (!program->size)
		return 0;
	program->size--;
	return *program->data++;
}

/* Of bytes of the program, at times longer than a word may be. sd-bus appends no text that is not
 * UTF-8. */
static int append_text(sd_bus_message *message, struct program *program)
{
	size_t length = (size_t)take(program) * 2;
	CLEANUP_FREE char *text = NULL;

	length = length < program->size ? length : program->size;
	text = harness_text(program->data, length);
	program->data += length;
	program->size -= length;
	return sd_bus_message_append_basic(message, 's', text);
}

static int append_words(sd_bus_message *message, struct program *program)
{
	unsigned count = take(program) * 2u;
	int r = sd_bus_message_open_container(message, 'a', "s");

	for (unsigned i = 0; r >= 0 && i < count; i++)
		r = append_text(message, program);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_option(sd_bus_message *message, struct program *program)
{
	int r = sd_bus_message_open_container(message, 'e', "sv");

	if (r >= 0)
		r = take(program) % 2 ? sd_bus_message_append(message, "s", "wait-usec")
				      : append_text(message, program);
	if (r >= 0)
		r = take(program) % 2 ? sd_bus_message_append(message, "v", "t", UINT64_C(7))
				      : sd_bus_message_append(message, "v", "as", 1, "x");
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_options(sd_bus_message *message, struct program *program)
{
	unsigned count = take(program) % 24;
	int r = sd_bus_message_open_container(message, 'a', "{sv}");

	for (unsigned i = 0; r >= 0 && i < count; i++)
		r = append_option(message, program);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int append_number(sd_bus_message *message, struct program *program)
{
	return sd_bus_message_append(message, "u", (unsigned)take(program));
}

static int append_part(sd_bus_message *message, struct program *program)
{
	static int (*const parts[])(sd_bus_message * message,
				    struct program * program) = { append_text, append_words,
								  append_options, append_number };

	return parts[take(program) % ARRAY_SIZE(parts)](message, program);
}

static int make_message(sd_bus *bus, struct program *program, sd_bus_message **ret)
{
	CLEANUP(sd_bus_message_unrefp) sd_bus_message *message = NULL;
	unsigned count = take(program) % 4;
	int r = sd_bus_message_new_method_call(bus, &message, "a.b", "/", "a.b", "C");

	for (unsigned i = 0; r >= 0 && i < count; i++)
		r = append_part(message, program);
	if (r >= 0)
		r = sd_bus_message_seal(message, 1, 0);
	if (r >= 0)
		*ret = TAKE(message);
	return r;
}

static int read_all(sd_bus_message *message, struct arguments *ret)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = arguments_read(message, ret, &error);

	REQUIRE(r == 0 || (r < 0 && sd_bus_error_is_set(&error) && strlen(error.message) < 512));
	REQUIRE(ret->count <= ARGUMENTS_MAX_WORDS);
	REQUIRE(!ret->words[ret->count]);
	for (size_t i = 0; r == 0 && i < ret->count; i++)
		REQUIRE(strlen(ret->words[i]) <= ARGUMENTS_MAX_LENGTH);
	sd_bus_error_free(&error);
	return r;
}

/* Nobody is at the other end. */
static sd_bus *new_bus(int *ret_other)
{
	sd_bus *bus;
	int fds[2];

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
	REQUIRE(sd_bus_new(&bus) >= 0);
	REQUIRE(sd_bus_set_fd(bus, fds[0], fds[0]) >= 0);
	REQUIRE(sd_bus_start(bus) >= 0);
	*ret_other = fds[1];
	return bus;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct program program = { data, size };
	sd_bus_message *message = NULL;
	struct arguments first, second;
	int other, r;
	sd_bus *bus = new_bus(&other);

	if (make_message(bus, &program, &message) >= 0) {
		r = read_all(message, &first);
		REQUIRE(sd_bus_message_rewind(message, true) >= 0);
		REQUIRE(read_all(message, &second) == r);
		REQUIRE(first.count == second.count && first.wait_us == second.wait_us);
	}
	sd_bus_message_unref(message);
	sd_bus_close_unref(bus);
	(void)close(other);
	return 0;
}

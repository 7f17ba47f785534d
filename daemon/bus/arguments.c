/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus/arguments.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "util/cleanup.h"

/* Each may be given once, or a few times. */
#define MAX_OPTIONS 16u

/* The text is not repeated: it may be of any length. */
static int refuse(sd_bus_error *error, const char *why)
{
	(void)sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS, why);
	return -EINVAL;
}

static int malformed(sd_bus_error *error)
{
	return refuse(error, "the arguments cannot be read");
}

static int read_text(sd_bus_message *message, const char **ret, sd_bus_error *error)
{
	int r = sd_bus_message_read_basic(message, 's', ret);

	if (r < 0)
		return malformed(error);
	if (r > 0 && strlen(*ret) > ARGUMENTS_MAX_LENGTH)
		return refuse(error, "a word is longer than any name");
	return r;
}

static int read_word(sd_bus_message *message, struct arguments *arguments, sd_bus_error *error)
{
	int r = read_text(message, &arguments->words[arguments->count], error);

	if (r <= 0)
		return r < 0 ? r : malformed(error);
	arguments->count++;
	return 0;
}

static int read_words(sd_bus_message *message, struct arguments *arguments, sd_bus_error *error)
{
	const char *word;
	int r = sd_bus_message_enter_container(message, 'a', "s");

	if (r <= 0)
		return malformed(error);
	while ((r = read_text(message, &word, error)) > 0) {
		if (arguments->count == ARGUMENTS_MAX_WORDS) {
			(void)sd_bus_error_setf(error, SD_BUS_ERROR_LIMITS_EXCEEDED,
						"more than %u words", ARGUMENTS_MAX_WORDS);
			return -E2BIG;
		}
		arguments->words[arguments->count++] = word;
	}
	if (r < 0)
		return r;
	return sd_bus_message_exit_container(message) < 0 ? malformed(error) : 0;
}

static int read_time(sd_bus_message *message, struct arguments *arguments, sd_bus_error *error)
{
	return sd_bus_message_read_basic(message, 't', &arguments->time_us) > 0 ? 0
										: malformed(error);
}

static const struct option {
	const char *key;
	char type;
	size_t member;
} options[] = {
	{ "wait-usec", 't', offsetof(struct arguments, wait_us) },
	/* sd-bus gives a boolean as an int. */
	{ "disruptive", 'b', offsetof(struct arguments, disruptive) },
};

static const struct option *find_option(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(options[i].key, key))
			return &options[i];
	return NULL;
}

static int read_option(sd_bus_message *message, struct arguments *arguments, sd_bus_error *error)
{
	const struct option *option;
	const char *key;
	int r = read_text(message, &key, error);

	if (r <= 0)
		return r < 0 ? r : malformed(error);
	option = find_option(key);
	if (!option) {
		(void)sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "unknown option '%s'",
					key);
		return -EINVAL;
	}
	r = sd_bus_message_enter_container(message, 'v', (const char[]){ option->type, 0 });
	if (r > 0)
		r = sd_bus_message_read_basic(message, option->type,
					      (char *)arguments + option->member);
	if (r > 0)
		r = sd_bus_message_exit_container(message);
	if (r > 0)
		return 0;
	(void)sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS, "option '%s' is of type '%c'",
				option->key, option->type);
	return -EINVAL;
}

static int read_options(sd_bus_message *message, struct arguments *arguments, sd_bus_error *error)
{
	int r = sd_bus_message_enter_container(message, 'a', "{sv}");

	if (r <= 0)
		return malformed(error);
	for (size_t i = 0; (r = sd_bus_message_enter_container(message, 'e', "sv")) > 0; i++) {
		if (i == MAX_OPTIONS)
			return refuse(error, "too many options");
		r = read_option(message, arguments, error);
		if (r < 0)
			return r;
		if (sd_bus_message_exit_container(message) < 0)
			return malformed(error);
	}
	return r < 0 || sd_bus_message_exit_container(message) < 0 ? malformed(error) : 0;
}

typedef int (*read_part)(sd_bus_message *message, struct arguments *arguments, sd_bus_error *error);

/* Properties cannot be set: there is no shape for it. */
static const struct shape {
	const char *signature;
	read_part parts[2];
} shapes[] = {
	{ "", { NULL } },
	{ "s", { read_word } },		    /* GetAll() */
	{ "ss", { read_word, read_word } }, /* Get() */
	{ "st", { read_word, read_time } },
	{ "as", { read_words } },
	{ "asa{sv}", { read_words, read_options } },
};

static const struct shape *find_shape(const char *signature)
{
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		if (!strcmp(shapes[i].signature, signature))
			return &shapes[i];
	return NULL;
}

int arguments_read(sd_bus_message *message, struct arguments *ret, sd_bus_error *error)
{
	const char *signature = sd_bus_message_get_signature(message, true);
	const struct shape *shape = signature ? find_shape(signature) : NULL;
	int r = 0;

	ret->count = 0;
	ret->words[0] = NULL;
	ret->wait_us = 0;
	ret->time_us = 0;
	ret->disruptive = 0;
	if (!shape)
		return refuse(error, "no method here takes such arguments");
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(shape->parts) && shape->parts[i]; i++)
		r = shape->parts[i](message, ret, error);
	ret->words[ret->count] = NULL;
	return r;
}

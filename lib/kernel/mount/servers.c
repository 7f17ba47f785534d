/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/mount/servers.h"

#include <errno.h>
#include <string.h>

static int add(struct servers *servers, const struct server *server)
{
	if (arena_grow(servers->arena, &servers->items, servers->count, &servers->capacity,
		       sizeof(*server)) < 0)
		return -ENOMEM;
	servers->items[servers->count++] = *server;
	return 0;
}

/* Takes brackets and a port off; IPv6 has no port without brackets. */
static const char *trim(const char *text, size_t *length)
{
	const char *colon = memchr(text, ':', *length);
	const char *end;

	if (*length && text[0] == '[') {
		end = memchr(text, ']', *length);
		*length = end ? (size_t)(end - text) - 1 : 0;
		return text + 1;
	}
	if (colon && !memchr(colon + 1, ':', *length - (size_t)(colon + 1 - text)))
		*length = (size_t)(colon - text);
	return text;
}

int servers_add(struct servers *servers, const char *text, size_t length)
{
	struct server server = { 0 };
	const char *scope;
	size_t size;

	text = trim(text, &length);
	scope = memchr(text, '%', length);
	size = scope ? (size_t)(scope - text) : length;
	if (ip_address_parse(text, size, &server.address) < 0)
		return 0;
	if (scope) {
		server.device = arena_strndup(servers->arena, scope + 1, length - size - 1);
		if (!server.device)
			return -ENOMEM;
	}
	return add(servers, &server);
}

int servers_add_list(struct servers *servers, const char *text, size_t length,
		     const char *separators)
{
	size_t size;
	int r = 0;

	for (; r >= 0 && length; text += size, length -= size) {
		for (size = 0; size < length && !strchr(separators, text[size]); size++)
			;
		r = servers_add(servers, text, size);
		size += size < length;
	}
	return r;
}

const char *servers_option(const char *options, const char *key, size_t *ret_length)
{
	const size_t length = strlen(key);

	for (; options; options = strchr(options, ',')) {
		options += options[0] == ',';
		if (strncmp(options, key, length) != 0 || options[length] != '=')
			continue;
		*ret_length = strcspn(options + length + 1, ",");
		return options + length + 1;
	}
	return NULL;
}

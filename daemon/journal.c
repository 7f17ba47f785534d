/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "journal.h"

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "util/fd.h"
#include "util/text.h"

/* In the form with a length, which takes any value. */
static void append_field(struct text *entry, const struct journal_field *field)
{
	size_t length = strlen(field->value);
	uint64_t size = htole64(length);

	text_printf(entry, "%s\n", field->key);
	text_append_n(entry, (const char *)&size, sizeof(size));
	text_append_n(entry, field->value, length);
	text_append(entry, "\n");
}

static int send_entry(const char *socket_path, const struct text *entry)
{
	CLEANUP_FD int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (fd < 0)
		return -errno;
	if (strlen(socket_path) >= sizeof(address.sun_path))
		return -EINVAL;
	(void)strcpy(address.sun_path, socket_path);
	if (sendto(fd, entry->data, entry->length, MSG_NOSIGNAL, (struct sockaddr *)&address,
		   sizeof(address)) < 0)
		return -errno;
	return 0;
}

int journal_send(const char *socket_path, const struct journal_field *fields, size_t count)
{
	CLEANUP_TEXT struct text entry = { 0 };

	for (size_t i = 0; i < count; i++)
		if (fields[i].value)
			append_field(&entry, &fields[i]);
	return entry.failed ? -ENOMEM : send_entry(socket_path, &entry);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What identifies the contents of documents: SHA-256. */

#include <stddef.h>

#include "document/document.h"
#include "util/text.h"

#define DIGEST_SIZE 65 /* 64 hexadecimal digits, terminated */

/* Of some bytes. */
void digest_make(const char *data, size_t length, char ret[static DIGEST_SIZE]);
/* A line a document, in their order and as sha256sum(1) prints it: the digest, two blanks, the
 * name without its first skip bytes. */
void digest_list(const struct document *documents, size_t count, size_t skip, struct text *out);

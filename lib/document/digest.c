/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/digest.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <string.h>

void digest_make(const char *data, size_t length, char ret[static DIGEST_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, length, (const uint8_t *)data);
	sha256_digest(&context, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		ret[2 * i] = digits[digest[i] >> 4];
		ret[2 * i + 1] = digits[digest[i] & 0xf];
	}
	ret[DIGEST_SIZE - 1] = '\0';
}

void digest_list(const struct document *documents, size_t count, size_t skip, struct text *out)
{
	for (size_t i = 0; i < count; i++) {
		char digest[DIGEST_SIZE];

		digest_make(documents[i].text, documents[i].length, digest);
		text_printf(out, "%s  %s\n", digest, documents[i].name + skip);
	}
}

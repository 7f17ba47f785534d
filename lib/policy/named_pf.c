/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/named_pf.h"

#include <string.h>

#include "document/diagnostic.h"
#include "policy/mismatch.h"

static bool same(const char *name, const char *word)
{
	return name && strcmp(name, word) == 0;
}

/* Its hexadecimal digits in either case, as in "pci" of a policy. */
static bool same_address(const char *address, const char *word)
{
	return address && strcasecmp(address, word) == 0;
}

static bool is_named(const struct pf *pf, const char *word)
{
	return pf_has_name(pf, same, word) || same_address(pf->address, word) ||
	       same_address(pf->handle, word);
}

/* As lspci(8) writes it where there is one PCI domain: "3b:00.0". */
static bool is_short_for(const char *word, const struct pf *pf)
{
	const char *colon = pf->address ? strchr(pf->address, ':') : NULL;

	return colon && same_address(colon + 1, word);
}

/* What may be meant by the word, or NULL. */
static const char *find_near(struct pf *const *pfs, size_t count, const char *word,
			     const char **names)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_short_for(word, pfs[i]))
			return pfs[i]->address;
		names[n++] = pf_name(pfs[i]);
		if (pfs[i]->address)
			names[n++] = pfs[i]->address;
	}
	return diagnostic_suggest(word, names, n);
}

static void complain(struct pf *const *pfs, size_t count, const char *word, struct text *out)
{
	CLEANUP_FREE const char **names = calloc(2 * count + 1, sizeof(*names));
	CLEANUP_TEXT struct text vf = { 0 };
	const char *near;

	if (!names) {
		out->failed = true;
		return;
	}
	near = find_near(pfs, count, word, names);
	text_append(out, "no PF is called '");
	text_append_quoted(out, word);
	if (mismatch_names_vf(pfs, count, word, &vf)) {
		text_printf(out, "'; it is %s", text_string(&vf));
		out->failed = out->failed || vf.failed;
		return;
	}
	text_append(out, near ? "'; did you mean '" : "'; PFs here: ");
	if (near)
		text_append_quoted(out, near);
	else
		mismatch_names(pfs, count, out);
	text_append(out, near ? "'?" : "");
}

bool named_pf_find(struct pf *const *pfs, size_t count, const char *word, size_t *ret,
		   struct text *complaint)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_named(pfs[i], word))
			continue;
		*ret = i;
		return true;
	}
	complain(pfs, count, word, complaint);
	return false;
}

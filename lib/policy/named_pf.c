/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/named_pf.h"

#include <string.h>

#include "document/diagnostic.h"
#include "policy/mismatch.h"

static bool same(const char *name, const char *word)
{
	return name && strcmp(name, word) == 0;
}

static bool is_named(const struct pf *pf, const char *word)
{
	return pf_has_name(pf, same, word) || same(pf->address, word) || same(pf->handle, word);
}

static void complain(struct pf *const *pfs, size_t count, const char *word, struct text *out)
{
	CLEANUP_FREE const char **names = calloc(count + 1, sizeof(*names));
	CLEANUP_TEXT struct text vf = { 0 };
	const char *near;

	if (!names) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		names[i] = pf_name(pfs[i]);
	near = diagnostic_suggest(word, names, count);
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

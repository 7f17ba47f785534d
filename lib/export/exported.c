/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "export/exported.h"

#include <stdlib.h>
#include <string.h>

#include "model/pci_class.h"

#define HEX "0123456789abcdef"

/* A number of so many digits at most, and what comes behind it. */
static bool read_part(const char **p, size_t most, char behind, unsigned *ret)
{
	size_t length = strspn(*p, HEX);

	if (!length || length > most || (*p)[length] != behind)
		return false;
	*ret = (unsigned)strtoul(*p, NULL, 16);
	*p += length + (behind != '\0');
	return true;
}

bool exported_address(const struct vf *vf, struct pci_address *ret)
{
	const char *p = vf->address;

	return p && read_part(&p, 8, ':', &ret->domain) && read_part(&p, 2, ':', &ret->bus) &&
	       read_part(&p, 2, '.', &ret->slot) && read_part(&p, 1, '\0', &ret->function);
}

const struct pci_function *exported_function(const struct export *export, const struct vf *vf)
{
	return export->facts ? facts_function(export->facts, vf->address) : NULL;
}

bool exported_is_id(const char *id)
{
	return strspn(id, HEX) == 4 && id[4] == ':' && strspn(id + 5, HEX) == 4 && !id[9];
}

const char *exported_id(const struct export *export, const struct vf *vf)
{
	const struct pci_function *function = exported_function(export, vf);

	return function && function->id && exported_is_id(function->id) ? function->id : NULL;
}

bool exported_is_network(const struct pf *pf)
{
	return pf->has_class ? pf->class >> 16 == PCI_CLASS_NETWORK : pf->ifindex;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LABEL	LETTERS "0123456789_-"
#define WORD	LABEL "."

bool exported_is_word(const char *name)
{
	return *name && !name[strspn(name, WORD)];
}

static void append_known(const char *name, const char *known, struct text *out)
{
	text_append(out, *name && strchr(LETTERS, *name) ? "" : "pf-");
	for (const char *p = name; *p; p++)
		text_append_n(out, strchr(known, *p) ? p : "-", 1);
}

void exported_append_word(const char *name, struct text *out)
{
	append_known(name, WORD, out);
}

void exported_append_label(const char *name, struct text *out)
{
	append_known(name, LABEL, out);
}

const char *exported_driver(const struct vf *vf)
{
	return vf_is_bound(vf) ? vf->settings.value[VF_DRIVER].name : NULL;
}

static void end_range(struct export *export)
{
	if (export->left.last > export->left.first)
		text_printf(&export->left.vfs, "-%u", export->left.last);
}

void exported_end_notes(struct export *export)
{
	const char *vfs;

	if (!export->left.pf)
		return;
	end_range(export);
	vfs = text_string(&export->left.vfs);
	text_append_quoted(export->notes, pf_name(export->left.pf));
	text_printf(export->notes, ": VF%s %s: %s\n", strpbrk(vfs, ",-") ? "s" : "", vfs,
		    export->left.why);
	export->notes->failed = export->notes->failed || export->left.vfs.failed;
	text_clear(&export->left.vfs);
	export->left.pf = NULL;
}

void exported_note_pf(struct export *export, const struct pf *pf, const char *why)
{
	exported_end_notes(export);
	text_append_quoted(export->notes, pf_name(pf));
	text_printf(export->notes, ": %s\n", why);
}

void exported_note_group(struct export *export, const struct group *group, const char *why)
{
	exported_end_notes(export);
	text_append(export->notes, group->is_pool ? "pool " : "");
	text_append_quoted(export->notes, group->name);
	text_printf(export->notes, ": %s\n", why);
}

void exported_note_vf(struct export *export, const struct member *member, const char *why)
{
	const uint32_t vf = member->vf->index;

	if (export->left.pf != member->pf || strcmp(export->left.why, why) != 0) {
		exported_end_notes(export);
		export->left.pf = member->pf;
		export->left.why = why;
		text_printf(&export->left.vfs, "%u", vf);
		export->left.first = vf;
	} else if (vf != export->left.last + 1) {
		end_range(export);
		text_printf(&export->left.vfs, ",%u", vf);
		export->left.first = vf;
	}
	export->left.last = vf;
}

void exported_write_group(const struct group *group, const struct exported_words *words,
			  struct export *export)
{
	bool is_begun = false;

	for (size_t i = 0; i < group->count; i++) {
		const struct vf *vf = group->members[i].vf;
		const char *reason = words->find_reason(export, vf);

		if (reason) {
			exported_note_vf(export, &group->members[i], reason);
			continue;
		}
		if (!is_begun)
			words->begin(group, export);
		is_begun = true;
		words->add(vf, export);
		export->count++;
	}
}

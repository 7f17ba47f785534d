/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What an export is written to, and what all formats ask of VFs. */

#include <stdbool.h>

#include <stddef.h>

#include "export/group.h"
#include "model/facts/facts.h"
#include "model/host.h"
#include "model/pf.h"
#include "util/text.h"

/* What is written so far, and what is known besides the PFs. */
struct export
{
	const struct host *host;
	const struct facts *facts; /* NULL: none are known */
	struct text *out;
	struct text *notes; /* lines: what could not be exported, and why */
	/* VFs that are noted last, of which the line is not written yet. */
	struct {
		const struct pf *pf; /* NULL: there are none */
		const char *why;
		struct text vfs; /* "0-3,5-" */
		uint32_t first, last;
	} left;
	size_t count; /* of VFs, or of groups, that were */
};

/* A PCI address in its parts. */
struct pci_address {
	unsigned domain, bus, slot, function;
};

/* False: the VF has none, as netdevsim's, or it is no such address. */
bool exported_address(const struct vf *vf, struct pci_address *ret);
/* What is known of its PCI function, or NULL. */
const struct pci_function *exported_function(const struct export *export, const struct vf *vf);
/* Whether it is as "8086:10ca". */
bool exported_is_id(const char *id);
/* Whose card it is and which, likewise; NULL: it is not known. */
const char *exported_id(const struct export *export, const struct vf *vf);
/* Whether VFs of the PF are for networks. */
bool exported_is_network(const struct pf *pf);
/* Whether it is of letters, digits, '.', '_' and '-' alone, which mean nothing else anywhere. */
bool exported_is_word(const char *name);
/* Appends a name as such a word that begins with a letter: "pf-0000-3b-00.0". */
void exported_append_word(const char *name, struct text *out);
/* Likewise without dots, for names that have none. */
void exported_append_label(const char *name, struct text *out);
/* The name of the driver that has it; NULL: none, or it is not known. */
const char *exported_driver(const struct vf *vf);
/* Notes that a PF, or a VF of it, is not exported: "ens1f0: VF 3: it is in use"; why is a constant.
 * VFs one after the other for the same reason are one line: "ens1f0: VFs 3-5,9: it is in use". */
void exported_note_pf(struct export *export, const struct pf *pf, const char *why);
void exported_note_group(struct export *export, const struct group *group, const char *why);
void exported_note_vf(struct export *export, const struct member *member, const char *why);
/* Writes what is to be noted still, once nothing comes any more. */
void exported_end_notes(struct export *export);

/* How a format writes VFs of a group one by one. */
struct exported_words {
	/* Why a VF cannot be exported; NULL: it can. */
	const char *(*find_reason)(const struct export *export, const struct vf *vf);
	/* What stands before the first that is. */
	void (*begin)(const struct group *group, struct export *export);
	void (*add)(const struct vf *vf, struct export *export);
};

/* Writes those that can be, which count, and notes the others. */
void exported_write_group(const struct group *group, const struct exported_words *words,
			  struct export *export);

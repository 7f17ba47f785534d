/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A kernel of one PF in memory, for unit tests: it takes every setting but those that a test has
 * it refuse, and keeps an account of the calls. */

#include "kernel/kernel.h"
#include "model/given_record.h"
#include "util/text.h"

/* A refusal to make: of one setting, on one VF or all. */
struct fake_refusal {
	enum vf_setting setting;
	uint32_t vf; /* FAKE_EVERY_VF */
	int error;   /* negative errno */
	bool only_without_carrier;
};

#define FAKE_EVERY_VF	  UINT32_MAX
#define FAKE_REFUSALS_MAX 8
#define FAKE_GIVEN_MAX	  64

/* What is noted of a VF in place of what its PF says. */
struct fake_given {
	bool noted;
	struct given_record record;
};

struct fake_kernel {
	struct kernel kernel;
	struct pf *pf; /* what is */
	struct fake_refusal refusals[FAKE_REFUSALS_MAX];
	size_t n_refusals;
	uint64_t unreported; /* bit per enum vf_setting that observe() leaves out */
	uint64_t forgotten;  /* bit per enum vf_setting that is accepted and not kept */
	uint64_t pf_refused; /* bit per enum pf_setting that write_pf() answers EIO to */
	uint32_t vfs_created_at_most, vfs_created_at_least;
	uint32_t held_vf;	  /* by: */
	const char *holder;	  /* NULL: nobody */
	unsigned holder_after;	  /* so many looks for holders */
	const char *noted_holder; /* who takes held_vf while VFs are noted as owed; NULL: nobody */
	const char *user;	  /* of the PF's own network device; NULL: nobody */
	const char *rates;	  /* that VFs share; NULL: none */
	int numvfs_error;
	int note_error; /* of what notes something, which notes nothing then */
	struct fake_given given[FAKE_GIVEN_MAX];
	int release_error; /* of release_drivers(), which leaves owed drivers where they are then */
	bool vfs_have_netdevs; /* a VF's network device, vfN, is there once it has its own driver */
	bool gone;
	struct text calls; /* "numvfs 4\nvfs 0:mac,vlan 1:mac\n" */
	size_t n_observations;
};

/* pf is taken over. */
void fake_kernel_init(struct fake_kernel *fake, struct pf *pf);
void fake_kernel_clear(struct fake_kernel *fake);
void fake_kernel_refuse(struct fake_kernel *fake, struct fake_refusal refusal);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What verbs work on: a host with its PFs, from the running kernel or from an inventory, and the
 * policy for it. What is wrong is printed to standard error. */

#include "document/diagnostic.h"
#include "kernel/kernel.h"
#include "model/inventory.h"
#include "policy/policy.h"
#include "verdict.h"

struct options;

struct inputs {
	struct kernel *kernel; /* NULL: the PFs are an inventory's */
	struct inventory inventory;
	struct policy *policy; /* NULL where it was not asked for */
	bool partial;	       /* a PF could not be observed, and is left out */
};

void inputs_clear(struct inputs *inputs);
#define CLEANUP_INPUTS CLEANUP(inputs_clear)

/* Finds the host and its PFs. */
enum verdict inputs_open(const struct options *options, struct inputs *ret);
/* Reads what else the host has, unless that is an inventory's. */
enum verdict inputs_read_facts(const struct options *options, struct inputs *inputs);
/* As inputs_open(), and reads the policy for the host. */
enum verdict inputs_open_with_policy(const struct options *options, struct inputs *ret);

/* Reads an inventory, "-" is standard input, or with a folder a file of that which may be another's
 * (document_file_read_beneath()), and prints nothing. 0 or -EINVAL with errors reported. */
int inputs_read_inventory(const char *folder, const char *name, struct diagnostics *diagnostics,
			  struct inventory *ret);

/* Reads the policy for the host, or for all hosts where that is NULL. */
enum verdict inputs_read_policy(const struct options *options, const struct host *host,
				struct policy **ret);
/* Adds a note on each file of the policy that does not count on the host, and why. */
void inputs_add_left_out(const struct policy *policy, const struct host *host,
			 struct diagnostics *diagnostics);
/* Reads the policy's files into documents of arena; tells_others is as with policy_files_read().
 * -EINVAL with errors reported, and with what
 * could be read. */
int inputs_read_documents(const struct options *options, bool tells_others, struct arena *arena,
			  struct diagnostics *diagnostics, struct document **ret,
			  size_t *ret_count);

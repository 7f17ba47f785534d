/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A node of a YAML document, with its place, and how large a document may be. */

#include <stdbool.h>
#include <stddef.h>

#include "document/document.h"

#define YAML_SIZE_MAX  (16u << 20) /* bytes of one document */
#define YAML_DEPTH_MAX 32	   /* with aliases expanded */
#define YAML_ALIAS_MAX 1024	   /* anchors, and aliases */
#define YAML_NODES_MAX (4u << 20)  /* with aliases expanded */

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
	enum yaml_kind kind;
	struct origin origin;
	/* scalar */
	const char *scalar; /* terminated, no NUL inside */
	bool plain;	    /* unquoted: may be a number, a boolean or null */
	/* sequence: items; mapping: items are the values, keys their keys (scalars) */
	struct yaml_node **items;
	struct yaml_node **keys;
	size_t count;
};

/* The value of key in a mapping, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);
/* A plain null: "", "~", "null". */
bool yaml_is_null(const struct yaml_node *node);
/* "a list", "a mapping", or "a text" for a scalar. */
const char *yaml_kind_word(enum yaml_kind kind);

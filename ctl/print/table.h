/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Tables for people: aligned, as wide as the terminal, whole where the output is no terminal. A
 * column in which nothing stands is left out. */

#include <stdbool.h>
#include <stddef.h>

#include "style.h"
#include "util/cleanup.h"

struct libscols_line;
struct table;

enum column_flag {
	COLUMN_TREE = 1 << 0,
	COLUMN_RIGHT = 1 << 1,
	COLUMN_WRAP = 1 << 2, /* is broken over lines where the terminal is narrow */
	/* Is moved below its row where the terminal is too narrow for that. */
	COLUMN_BELOW = 1 << 3,
};

struct column {
	const char *name;
	unsigned flags;	   /* enum column_flag */
	const char *label; /* in front of a cell below its row, "vlan "; or NULL */
};

/* The columns are the caller's and outlive the table. */
struct table *table_new(const struct column *columns, size_t count);
void table_free(struct table *table);
DEFINE_CLEANUP(struct table *, table_free);
#define CLEANUP_TABLE CLEANUP(table_free_cleanup)

/* A new row, below parent in the tree if one is given. */
struct libscols_line *table_row(struct table *table, struct libscols_line *parent);
/* string is copied and escaped; NULL leaves the cell empty. */
void table_cell(struct libscols_line *row, size_t column, enum style style, const char *string);

enum table_flag {
	TABLE_HEADING = 1 << 0,	 /* print the columns' names */
	TABLE_INDENTED = 1 << 1, /* two blanks before each row */
};

/* To standard output, without blanks at the end of lines; nothing where there are no rows. */
void table_print(struct table *table, unsigned flags);

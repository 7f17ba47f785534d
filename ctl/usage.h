/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How sriovctl and its verbs are used, by the tables of verbs and options. */

struct verb;

/* What there is: the verbs, each with a sentence. */
void usage_print_program(void);
/* Synopsis, sentence, words that it takes and options of a verb, and where to read on. */
void usage_print_verb(const struct verb *verb);

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/script.h"

#include <errno.h>
#include <string.h>

#include "convert/command.h"
#include "convert/shell.h"
#include "document/scalar.h"

#define OF_NAMES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

/* Commands that are done, with those of loops, and turns of loops: more are not. */
#define STEPS_MAX 100000u
/* Loops in loops. */
#define DEPTH_MAX 8u

static const char too_often[] = "it is done too often";

struct script {
	struct conversion *conversion;
	struct shell shell;
	unsigned steps, depth;
	bool ended; /* nothing more is done */
};

static const struct fact *fact_at(const struct script *script, size_t i)
{
	return &script->conversion->facts.items[i];
}

static bool begins(const char *text, const char *word)
{
	size_t length = strlen(word);

	return !strncmp(text, word, length) && (!text[length] || strchr(" \t\n(", text[length]));
}

/* What begins with a word and ends with another one. */
static bool opens(const char *text)
{
	static const char *const words[] = { "if",     "for",  "while",	   "until",
					     "select", "case", "function", "{" };
	size_t length = strlen(text);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (begins(text, words[i]))
			return true;
	return length > 2 && text[length - 1] == '{';
}

static bool ends(const char *text)
{
	return begins(text, "exit") || begins(text, "return");
}

static bool closes(const char *text)
{
	return begins(text, "fi") || begins(text, "done") || begins(text, "esac") ||
	       begins(text, "}");
}

/* A line of a here-document. */
static bool is_text(const struct fact *fact)
{
	return !strcmp(fact->path[0], SHELL_TEXT);
}

/* Where what the command opens is closed; end, where it is not. */
static size_t find_close(const struct script *script, size_t first, size_t end)
{
	size_t depth = 1;

	for (size_t i = first + 1; i < end; i++) {
		if (is_text(fact_at(script, i)))
			continue;
		if (opens(fact_at(script, i)->value))
			depth++;
		else if (closes(fact_at(script, i)->value) && --depth == 0)
			return i;
	}
	return end;
}

static int note(struct script *script, const struct fact *fact, const char *words)
{
	if (is_text(fact))
		return conversion_note(script->conversion, fact, "it is text for another command");
	shell_skip(&script->shell, fact->value);
	return conversion_note(script->conversion, fact,
			       begins(fact->value, "exit") && !script->ended
				       ? "what follows is done only where it does not end here"
				       : words);
}

static int note_all(struct script *script, size_t first, size_t end)
{
	int r = shell_define(&script->shell, fact_at(script, first)->value);

	for (size_t i = first; r >= 0 && i < end; i++)
		r = note(script, fact_at(script, i),
			 "whether it is done cannot be told without running it");
	return r;
}

/* Whether a turn of the loop may end before all of it is done. */
static bool ends_early(const struct script *script, size_t first, size_t close)
{
	for (size_t i = first; i < close; i++)
		if (begins(fact_at(script, i)->value, "continue") ||
		    begins(fact_at(script, i)->value, "break") || ends(fact_at(script, i)->value))
			return true;
	return false;
}

/* "seq 0 7" */
static bool read_seq(struct script *script, const char *text, uint64_t *ret_first,
		     uint64_t *ret_last)
{
	struct shell_words words;
	const char *rest;

	if (shell_expand(&script->shell, text, &words) < 0 || words.count < 2 || words.count > 3)
		return false;
	*ret_first = 1;
	for (size_t i = 0; i < words.count; i++)
		if (!words.items[i])
			return false;
	if (strcmp(words.items[0], "seq") != 0)
		return false;
	if (words.count == 3 &&
	    (scalar_parse_digits(words.items[1], ret_first, &rest) < 0 || *rest))
		return false;
	return scalar_parse_digits(words.items[words.count - 1], ret_last, &rest) == 0 && !*rest &&
	       *ret_last <= UINT16_MAX;
}

/* "{0..7}", not "{7..0}", which counts down, nor "{00..07}", of which each has two digits. */
static bool read_braces(const char *text, uint64_t *ret_first, uint64_t *ret_last)
{
	const char *rest;

	return *text == '{' && scalar_parse_digits(text + 1, ret_first, &rest) == 0 &&
	       !strncmp(rest, "..", 2) && scalar_parse_digits(rest + 2, ret_last, &rest) == 0 &&
	       !strcmp(rest, "}") && *ret_first <= *ret_last && *ret_last <= UINT16_MAX;
}

/* Adds the numbers to words. */
static int add_numbers(struct script *script, uint64_t first, uint64_t last,
		       struct shell_words *words)
{
	int r = 0;

	for (uint64_t i = first; r >= 0 && i <= last; i++) {
		r = arena_grow(script->shell.arena, &words->items, words->count, &words->capacity,
			       sizeof(*words->items));
		if (r < 0)
			return r;
		words->items[words->count] = arena_printf(script->shell.arena, "%u", (unsigned)i);
		r = words->items[words->count++] ? 0 : -ENOMEM;
	}
	return r;
}

/* What the loop's variable stands for, one after the other. *ret_known is false where that cannot
 * be told. */
static int read_values(struct script *script, const char *text, struct shell_words *ret,
		       bool *ret_known)
{
	size_t length = strlen(text);
	uint64_t first, last;
	const char *inner = NULL;
	int r;

	if (!strncmp(text, "$(", 2) && text[length - 1] == ')')
		inner = arena_strndup(script->shell.arena, text + 2, length - 3);
	else if (*text == '`' && length > 2 && text[length - 1] == '`')
		inner = arena_strndup(script->shell.arena, text + 1, length - 2);
	*ret = (struct shell_words){ 0 };
	*ret_known = true;
	if ((inner && read_seq(script, inner, &first, &last)) || read_braces(text, &first, &last))
		return add_numbers(script, first, last, ret);
	r = shell_expand(&script->shell, text, ret);
	for (size_t i = 0; r >= 0 && i < ret->count; i++)
		*ret_known = *ret_known && ret->items[i] && !strpbrk(ret->items[i], "*?[{");
	return r;
}

static int note_too_often(struct script *script, size_t first, size_t end)
{
	int r = 0;

	for (size_t i = first; r >= 0 && i < end; i++)
		r = note(script, fact_at(script, i), too_often);
	return r;
}

static int run(struct script *script, size_t first, size_t end);

/* "for NAME in WORDS", "do", ..., "done" */
static int run_loop(struct script *script, size_t first, size_t close)
{
	const char *text = fact_at(script, first)->value;
	const char *name = text + strlen("for") + strspn(text + strlen("for"), " \t");
	size_t length = strspn(name, OF_NAMES);
	const char *in = name + length + strspn(name + length, " \t");
	struct shell_words values = { 0 };
	bool known = length && !strncmp(in, "in", 2) && strchr(" \t", in[2]) && in[2] &&
		     first + 1 < close && begins(fact_at(script, first + 1)->value, "do") &&
		     !ends_early(script, first + 2, close);
	int r = 0;

	name = arena_strndup(script->shell.arena, name, length);
	if (!name)
		return -ENOMEM;
	if (known)
		r = read_values(script, in + 2 + strspn(in + 2, " \t"), &values, &known);
	if (r < 0 || !known || script->depth == DEPTH_MAX)
		return r < 0 ? r : note_all(script, first, close + 1);
	conversion_carry(script->conversion, fact_at(script, first));
	conversion_carry(script->conversion, fact_at(script, first + 1));
	conversion_carry(script->conversion, fact_at(script, close));
	script->depth++;
	for (size_t i = 0; r >= 0 && i < values.count; i++) {
		if (++script->steps > STEPS_MAX) {
			r = note_too_often(script, first + 2, close);
			break;
		}
		r = shell_set(&script->shell, name, values.items[i]);
		if (r >= 0)
			r = run(script, first + 2, close);
	}
	script->depth--;
	return r;
}

/* "NAME=WORD", with nothing behind it. */
static bool is_assignment(const char *text)
{
	size_t length = strspn(text, OF_NAMES);

	return length && text[length] == '=' && (*text < '0' || *text > '9');
}

static int assign(struct script *script, const struct fact *fact, const char *text)
{
	size_t length = strspn(text, OF_NAMES);
	const char *name = arena_strndup(script->shell.arena, text, length);
	struct shell_words words;
	int r = name ? shell_expand_value(&script->shell, text + length + 1, &words) : -ENOMEM;

	if (r < 0)
		return r;
	if (words.count > 1)
		return note(script, fact, "sriovctl does not know the command");
	conversion_carry(script->conversion, fact);
	return shell_set(&script->shell, name,
			 words.count	    ? words.items[0]
			 : text[length + 1] ? NULL
					    : "");
}

static int run_one(struct script *script, const struct fact *fact)
{
	const char *text = fact->value;
	int r;

	if (script->ended)
		return note(script, fact, "the script ends before it");
	if (++script->steps > STEPS_MAX)
		return note(script, fact, too_often);
	if (strcmp(fact->path[0], SHELL_COMMAND) != 0)
		return note(script, fact, "whether it is done depends on what comes before it");
	if (ends(text)) {
		script->ended = true;
		return note(script, fact, "the script ends here");
	}
	shell_heed(&script->shell, text);
	if (begins(text, "export") || begins(text, "readonly") || begins(text, "local")) {
		text += strcspn(text, " \t");
		text += strspn(text, " \t");
	}
	if (is_assignment(text))
		return assign(script, fact, text);
	shell_skip(&script->shell, text);
	r = shell_define(&script->shell, text);
	return r < 0 ? r : command_take(script->conversion, &script->shell, fact);
}

/* "do" without what it belongs to stands behind a "|". */
static bool is_block(const struct fact *fact)
{
	return !is_text(fact) && (opens(fact->value) || begins(fact->value, "do"));
}

static int run(struct script *script, size_t first, size_t end)
{
	int r = 0;

	for (size_t i = first; r >= 0 && i < end; i++) {
		const char *text = fact_at(script, i)->value;
		size_t close;

		if (script->ended || !is_block(fact_at(script, i))) {
			r = run_one(script, fact_at(script, i));
			continue;
		}
		close = find_close(script, i, end);
		if (begins(text, "for") && close < end &&
		    strcmp(fact_at(script, i)->path[0], SHELL_CONDITIONAL) != 0)
			r = run_loop(script, i, close);
		else
			r = note_all(script, i, close < end ? close + 1 : end);
		i = close < end ? close : end - 1;
	}
	return r;
}

int script_run(struct conversion *conversion, const char *name, const char *value, size_t first,
	       size_t end)
{
	struct script script = { .conversion = conversion,
				 .shell = { .arena = conversion->arena } };
	int r = shell_set(&script.shell, name, value);

	if (r >= 0)
		r = run(&script, first, end);
	for (size_t i = first; r >= 0 && i < end; i++)
		if (!conversion_is_told(conversion, fact_at(&script, i)))
			r = conversion_note(conversion, fact_at(&script, i),
					    "it sets nothing, or is never done");
	return r;
}

int script_read(const struct document *document, struct conversion *conversion)
{
	return shell_split(document, document->text, 1, conversion->arena, conversion->diagnostics,
			   &conversion->facts);
}

/* A file after the other. */
int script_take(struct conversion *conversion)
{
	const struct fact_list *facts = &conversion->facts;
	int r = 0;

	for (size_t i = 0, end; r >= 0 && i < facts->count; i = end) {
		for (end = i + 1; end < facts->count && facts->items[end].origin.document ==
								facts->items[i].origin.document;)
			end++;
		r = script_run(conversion, "IFACE", NULL, i, end);
	}
	return r < 0 ? r : command_finish(conversion);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/script.h"

#include <errno.h>
#include <string.h>

#include "convert/command.h"
#include "convert/condition.h"
#include "convert/shell.h"
#include "document/scalar.h"

#define OF_NAMES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

/* Commands that are done, with those of loops, and turns of loops: more are not. */
#define STEPS_MAX 100000u
/* Loops in loops. */
#define DEPTH_MAX 8u

static const char too_often[] = "it is done too often";
static const char never[] = "it is never done: the test before it does not hold";
static const char cannot_be_told[] = "whether it is done cannot be told without running it";

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
			       begins(fact->value, "exit") && !script->ended && words != never
				       ? "what follows is done only where it does not end here"
				       : words);
}

static int note_all(struct script *script, size_t first, size_t end)
{
	int r = shell_define(&script->shell, fact_at(script, first)->value);

	for (size_t i = first; r >= 0 && i < end; i++)
		r = note(script, fact_at(script, i), cannot_be_told);
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

static int note_each(struct script *script, size_t first, size_t end, const char *words)
{
	int r = 0;

	for (size_t i = first; r >= 0 && i < end; i++)
		r = note(script, fact_at(script, i), words);
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
			r = note_each(script, first + 2, close, too_often);
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

static bool is_kind(const struct fact *fact, const char *kind)
{
	return !strcmp(fact->path[0], kind);
}

static int do_one(struct script *script, const struct fact *fact)
{
	const char *text = fact->value;
	int r;

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

static int run_one(struct script *script, const struct fact *fact)
{
	if (script->ended)
		return note(script, fact, "the script ends before it");
	if (++script->steps > STEPS_MAX)
		return note(script, fact, too_often);
	if (!is_kind(fact, SHELL_COMMAND))
		return note(script, fact, "whether it is done depends on what comes before it");
	return do_one(script, fact);
}

/* What is done behind tests that hold where a PF is there, is done for that one. */
struct scope {
	enum condition_kind kind;	  /* of the tests together */
	const char *only_pf, *unless_vfs; /* as before them */
	bool knows_interface;
};

static struct scope scope_of(const struct script *script)
{
	return (struct scope){ CONDITION_HOLDS, script->shell.only_pf, script->shell.unless_vfs,
			       false };
}

/* One more test, which is unknown beside that of another PF. */
static int ask(struct script *script, const char *test, struct scope *scope)
{
	struct shell *shell = &script->shell;
	struct condition condition;
	int r = condition_read(shell, test, &condition);

	if (r < 0 || scope->kind == CONDITION_UNKNOWN || scope->kind == CONDITION_FAILS)
		return r;
	if (condition.kind == CONDITION_HOLDS)
		return 0;
	scope->kind = condition.kind;
	if (condition.kind != CONDITION_OF_PF)
		return 0;
	if (shell->only_pf && strcmp(shell->only_pf, condition.pf) != 0) {
		scope->kind = CONDITION_UNKNOWN;
		return 0;
	}
	shell->only_pf = condition.pf;
	shell->unless_vfs = condition.vfs ? condition.vfs : shell->unless_vfs;
	scope->knows_interface = scope->knows_interface || condition.is_interface;
	return condition.is_interface ? shell_set(shell, "IFACE", condition.pf) : 0;
}

/* Behind what was done in it, from the first command on: it may as well not have been done. */
static int leave(struct script *script, const struct scope *scope, size_t first, size_t end)
{
	script->shell.only_pf = scope->only_pf;
	script->shell.unless_vfs = scope->unless_vfs;
	for (size_t i = first; scope->kind != CONDITION_HOLDS && i < end; i++)
		shell_skip(&script->shell, fact_at(script, i)->value);
	return scope->knows_interface ? shell_set(&script->shell, "IFACE", NULL) : 0;
}

/* "TEST || exit": a hook goes on for one interface alone, or the script ends, or goes on. */
static int run_exit(struct script *script, const struct fact *fact, const struct scope *scope)
{
	const char *interface = scope->knows_interface ? script->shell.only_pf : NULL;
	int r = leave(script, scope, 0, 0);

	if (r >= 0 && interface)
		r = shell_set(&script->shell, "IFACE", interface);
	if (r < 0 || scope->kind == CONDITION_OF_PF)
		return r < 0 ? r : note(script, fact, cannot_be_told);
	if (scope->kind == CONDITION_FAILS)
		return do_one(script, fact);
	return note(script, fact, "it does not end here: the test before it holds");
}

static bool is_block(const struct fact *fact);

/* "TEST && TEST && COMMAND", "TEST || exit", as far as it can be followed; *ret_next is behind
 * that. */
static int run_chain(struct script *script, size_t first, size_t end, size_t *ret_next)
{
	struct scope scope = scope_of(script);
	size_t i = first + 1;
	int r = ask(script, fact_at(script, first)->value, &scope), left;

	if (r >= 0 && scope.kind == CONDITION_UNKNOWN)
		r = run_one(script, fact_at(script, first));
	else
		conversion_carry(script->conversion, fact_at(script, first));
	if (r >= 0 && i < end && scope.kind != CONDITION_UNKNOWN &&
	    is_kind(fact_at(script, i), SHELL_CONDITIONAL) && ends(fact_at(script, i)->value)) {
		*ret_next = i + 1;
		return run_exit(script, fact_at(script, i), &scope);
	}
	for (; r >= 0 && i < end && is_kind(fact_at(script, i), SHELL_AND) &&
	       scope.kind != CONDITION_UNKNOWN && !is_block(fact_at(script, i));
	     i++) {
		const struct fact *fact = fact_at(script, i);
		const struct scope before = scope;

		if (scope.kind == CONDITION_FAILS)
			r = note(script, fact, never);
		else if (ends(fact->value) && scope.kind == CONDITION_OF_PF)
			r = note(script, fact, cannot_be_told);
		else if (script->ended)
			r = run_one(script, fact);
		else if (condition_is_test(fact->value))
			r = ask(script, fact->value, &scope);
		else
			r = do_one(script, fact);
		if (scope.kind == CONDITION_UNKNOWN) {
			scope = before;
			break;
		}
		if (condition_is_test(fact->value) && scope.kind != CONDITION_FAILS)
			conversion_carry(script->conversion, fact);
	}
	left = leave(script, &scope, first, i);
	*ret_next = i;
	return r < 0 ? r : left;
}

/* Where "then" or "else" of what begins at first stands; close, if it does not. */
static size_t find_part(const struct script *script, size_t first, size_t close, const char *word)
{
	size_t depth = 0;

	for (size_t i = first + 1; i < close; i++) {
		const char *text = fact_at(script, i)->value;

		if (is_text(fact_at(script, i)))
			continue;
		if (!depth && begins(text, word))
			return i;
		depth += opens(text);
		depth -= closes(text) && depth;
	}
	return close;
}

/* All tests of "if TEST && TEST". */
static int ask_all(struct script *script, size_t first, size_t then, struct scope *scope)
{
	const char *test = fact_at(script, first)->value + strlen("if");
	int r = ask(script, test + strspn(test, " \t\n"), scope);

	for (size_t i = first + 1; r >= 0 && i < then; i++) {
		if (is_kind(fact_at(script, i), SHELL_AND))
			r = ask(script, fact_at(script, i)->value, scope);
		else
			scope->kind = CONDITION_UNKNOWN;
	}
	return r;
}

/* "if TEST", "then", ..., "else", ..., "fi", of which one part is done. */
static int run_parts(struct script *script, size_t then, size_t other, size_t close,
		     enum condition_kind kind)
{
	const bool is_other = kind == CONDITION_FAILS;
	size_t last = other < close ? other + 1 : close;
	int r;

	if (is_other) {
		r = note_each(script, then + 1, other, never);
		return r < 0 ? r : run(script, last, close);
	}
	r = run(script, then + 1, other);
	if (r < 0)
		return r;
	return note_each(script, last, close, kind == CONDITION_HOLDS ? never : cannot_be_told);
}

static int run_if(struct script *script, size_t first, size_t close)
{
	struct scope scope = scope_of(script);
	size_t then = find_part(script, first, close, "then");
	size_t other = find_part(script, first, close, "else");
	int r = then < close ? ask_all(script, first, then, &scope) : 0, left;

	if (then == close || find_part(script, first, close, "elif") < close ||
	    (scope.kind == CONDITION_OF_PF && ends_early(script, then, other)))
		scope.kind = CONDITION_UNKNOWN;
	if (r < 0 || script->depth == DEPTH_MAX || scope.kind == CONDITION_UNKNOWN) {
		left = leave(script, &scope, 0, 0);
		return r < 0 || left < 0 ? -ENOMEM : note_all(script, first, close + 1);
	}
	for (size_t i = first; i <= then; i++)
		conversion_carry(script->conversion, fact_at(script, i));
	conversion_carry(script->conversion, fact_at(script, other));
	conversion_carry(script->conversion, fact_at(script, close));
	script->depth++;
	r = run_parts(script, then, other, close, scope.kind);
	script->depth--;
	left = leave(script, &scope, first, close);
	return r < 0 ? r : left;
}

/* "do" without what it belongs to stands behind a "|". */
static bool is_block(const struct fact *fact)
{
	return !is_text(fact) && (opens(fact->value) || begins(fact->value, "do"));
}

/* What opens at first and closes at close. */
static int run_block(struct script *script, size_t first, size_t close, size_t end)
{
	const struct fact *fact = fact_at(script, first);

	if (close < end && is_kind(fact, SHELL_COMMAND)) {
		if (begins(fact->value, "for"))
			return run_loop(script, first, close);
		if (begins(fact->value, "if"))
			return run_if(script, first, close);
	}
	return note_all(script, first, close < end ? close + 1 : end);
}

static int run(struct script *script, size_t first, size_t end)
{
	int r = 0;

	for (size_t i = first, next; r >= 0 && i < end; i = next) {
		const struct fact *fact = fact_at(script, i);
		size_t close;

		next = i + 1;
		if (!script->ended && is_block(fact)) {
			close = find_close(script, i, end);
			next = close < end ? close + 1 : end;
			r = run_block(script, i, close, end);
		} else if (!script->ended && is_kind(fact, SHELL_COMMAND) &&
			   condition_is_test(fact->value) && script->steps < STEPS_MAX) {
			script->steps++;
			r = run_chain(script, i, end, &next);
		} else {
			r = run_one(script, fact);
		}
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

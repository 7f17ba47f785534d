/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words of commands, with what variables stand for. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "convert/shell.h"
#include "document/scalar.h"

#define BLANKS	 " \t\r\n"
#define OF_NAMES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

int shell_set(struct shell *shell, const char *name, const char *value)
{
	int r;

	for (size_t i = 0; i < shell->n_variables; i++) {
		if (strcmp(shell->variables[i].name, name) != 0)
			continue;
		shell->variables[i].value = value;
		return 0;
	}
	r = arena_grow(shell->arena, &shell->variables, shell->n_variables, &shell->capacity,
		       sizeof(*shell->variables));
	if (r >= 0)
		shell->variables[shell->n_variables++] = (struct shell_variable){ name, value };
	return r;
}

/* NULL: not known. */
static const char *get(const struct shell *shell, const char *name, size_t length)
{
	for (size_t i = 0; i < shell->n_variables; i++)
		if (strlen(shell->variables[i].name) == length &&
		    !strncmp(shell->variables[i].name, name, length))
			return shell->variables[i].value;
	return NULL;
}

/* A number, or a variable that is one, at *p. Not one that begins with 0, which is octal here. */
static bool read_operand(const struct shell *shell, const char **p, int64_t *ret)
{
	const char *start = *p + strspn(*p, BLANKS "$"), *value, *rest;
	size_t length = strspn(start, OF_NAMES);
	uint64_t number;

	value = *start >= '0' && *start <= '9' ? start : get(shell, start, length);
	if (!length || !value || scalar_parse_digits(value, &number, &rest) < 0 ||
	    number > INT32_MAX || (value != start && *rest) ||
	    (value == start && rest != start + length))
		return false;
	*ret = (int64_t)number;
	*p = start + length;
	return true;
}

/* "i + 100": from left to right, where no product stands behind a sum. NULL: it cannot be told. */
static const char *calculate(const struct shell *shell, const char *text, size_t length)
{
	const char *copy = arena_strndup(shell->arena, text, length), *p = copy;
	bool has_sum = false;
	int64_t sum, operand;

	if (!copy || !read_operand(shell, &p, &sum))
		return NULL;
	while (*(p += strspn(p, BLANKS))) {
		const char operation = *p++;

		if (!strchr("+-*", operation) || (operation == '*' && has_sum) ||
		    !read_operand(shell, &p, &operand))
			return NULL;
		has_sum = has_sum || operation != '*';
		sum = operation == '+'	 ? sum + operand
		      : operation == '-' ? sum - operand
					 : sum * operand;
		if (sum < 0 || sum > INT32_MAX)
			return NULL;
	}
	return arena_printf(shell->arena, "%lld", (long long)sum);
}

/* One word on its way. */
struct word {
	struct text text;
	bool any, unknown;
};

static const char *skip_parentheses(const char *p)
{
	unsigned depth = 0;

	for (; *p; p++) {
		depth += *p == '(';
		if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return p;
}

/* What begins with "$" at p; returns where it ends. */
static const char *expand(const struct shell *shell, const char *p, struct word *word)
{
	const char *value = NULL, *end = p + 1;
	size_t length;

	if (!strncmp(p, "$((", 3)) {
		end = skip_parentheses(p + 1);
		if (end - p > 5)
			value = calculate(shell, p + 3, (size_t)(end - p) - 5);
	} else if (p[1] == '(') {
		end = skip_parentheses(p + 1);
	} else if (p[1] == '{') {
		length = strspn(p + 2, OF_NAMES);
		end = p + 2 + strcspn(p + 2, "}");
		value = end == p + 2 + length ? get(shell, p + 2, length) : NULL;
		end += *end == '}';
	} else {
		length = strspn(p + 1, OF_NAMES);
		end = p + 1 + (length ? length : p[1] != '\0');
		value = length ? get(shell, p + 1, length) : NULL;
	}
	if (value)
		text_append(&word->text, value);
	word->unknown = word->unknown || !value;
	return end;
}

static const char *take_quoted(const struct shell *shell, const char *p, struct word *word)
{
	const char quote = *p++;

	while (*p && *p != quote) {
		if (*p == '$' && quote == '"') {
			p = expand(shell, p, word);
			continue;
		}
		word->unknown = word->unknown || (*p == '`' && quote == '"');
		if (*p == '\\' && quote == '"' && p[1] && strchr("\"\\$`", p[1]))
			p++;
		text_append_n(&word->text, p++, 1);
	}
	return p + (*p != '\0');
}

static int finish(struct shell *shell, struct word *word, struct shell_words *words)
{
	int r = 0;

	if (word->any) {
		r = arena_grow(shell->arena, &words->items, words->count, &words->capacity,
			       sizeof(*words->items));
		if (r >= 0 && !word->unknown) {
			words->items[words->count] =
				arena_strdup(shell->arena, text_string(&word->text));
			r = words->items[words->count] ? 0 : -ENOMEM;
		} else if (r >= 0) {
			words->items[words->count] = NULL;
		}
		words->count += r >= 0;
	}
	if (word->text.failed)
		r = -ENOMEM;
	text_clear(&word->text);
	*word = (struct word){ 0 };
	return r;
}

/* ">", ">>", "|", "<" as a word. */
static int take_operator(struct shell *shell, const char **p, struct shell_words *words)
{
	struct word word = { .any = true };
	size_t length = strspn(*p, "<>|&");

	text_append_n(&word.text, *p, length);
	*p += length;
	return finish(shell, &word, words);
}

static bool has_variable(const struct shell *shell, const char *name)
{
	for (size_t i = 0; i < shell->n_variables; i++)
		if (!strcmp(shell->variables[i].name, name))
			return true;
	return false;
}

/* What stands without quotes for something with blanks is several words, and for nothing none. Of
 * the script's own IFS it cannot be told what it divides. */
static int take_unquoted(struct shell *shell, const char **p, struct word *word,
			 struct shell_words *words)
{
	struct word part = { 0 };
	const char *value;
	int r = 0;

	*p = expand(shell, *p, &part);
	value = text_string(&part.text);
	part.unknown =
		part.unknown || (has_variable(shell, "IFS") && value[strspn(value, OF_NAMES)]);
	word->any = word->any || part.unknown;
	word->unknown = word->unknown || part.unknown;
	for (; r >= 0 && *value && !part.unknown; value++) {
		if (strchr(BLANKS, *value)) {
			r = finish(shell, word, words);
			continue;
		}
		word->any = true;
		text_append_n(&word->text, value, 1);
	}
	if (part.text.failed)
		r = -ENOMEM;
	text_clear(&part.text);
	return r;
}

static const char *take_part(const struct shell *shell, const char *p, struct word *word)
{
	word->any = true;
	if (*p == '\'' || *p == '"')
		return take_quoted(shell, p, word);
	if (*p == '$')
		return expand(shell, p, word);
	if (*p == '`') {
		word->unknown = true;
		p += 1 + strcspn(p + 1, "`");
		return p + (*p != '\0');
	}
	if (*p == '\\' && p[1])
		p++;
	text_append_n(&word->text, p, 1);
	return p + 1;
}

static int expand_all(struct shell *shell, const char *command, bool divides,
		      struct shell_words *ret)
{
	struct shell_words words = { 0 };
	struct word word = { 0 };
	int r = 0;

	for (const char *p = command; r >= 0 && *p;) {
		if (*p == '\\' && p[1] == '\n') {
			p += 2;
		} else if (strchr(BLANKS, *p)) {
			r = finish(shell, &word, &words);
			p++;
		} else if (strchr("<>|", *p)) {
			r = finish(shell, &word, &words);
			if (r >= 0)
				r = take_operator(shell, &p, &words);
		} else if (*p == '$' && divides) {
			r = take_unquoted(shell, &p, &word, &words);
		} else {
			p = take_part(shell, p, &word);
		}
	}
	if (r >= 0)
		r = finish(shell, &word, &words);
	text_clear(&word.text);
	*ret = words;
	return r;
}

int shell_expand(struct shell *shell, const char *command, struct shell_words *ret)
{
	return expand_all(shell, command, true, ret);
}

int shell_expand_value(struct shell *shell, const char *value, struct shell_words *ret)
{
	return expand_all(shell, value, false, ret);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What commands that are not followed do to variables. */

#include <errno.h>
#include <string.h>

#include "convert/shell.h"

#define BLANKS	 " \t\r\n"
#define OF_NAMES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

static bool is_one_of(const char *word, size_t length, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == length && !strncmp(word, *words, length))
			return true;
	return false;
}

int shell_define(struct shell *shell, const char *text)
{
	static const char word[] = "function ";
	const char *name = text + (strncmp(text, word, strlen(word)) ? 0 : strlen(word));
	size_t length = strcspn(name, BLANKS "({");
	int r;

	if (name == text && strncmp(text + length + strspn(text + length, BLANKS), "()", 2) != 0)
		return 0;
	r = arena_grow(shell->arena, &shell->functions, shell->n_functions,
		       &shell->functions_capacity, sizeof(*shell->functions));
	name = arena_strndup(shell->arena, name, length);
	if (r < 0 || !name)
		return -ENOMEM;
	shell->functions[shell->n_functions++] = name;
	return 0;
}

/* Whether the command that begins with the word sets variables. */
static bool sets(const struct shell *shell, const char *word, size_t length)
{
	static const char *const words[] = { ".",	"source",  "eval",    "let",	 "read",
					     "unset",	"getopts", "declare", "typeset", "export",
					     "mapfile", "local",   "for",     "select",	 "readonly",
					     "((",	NULL };
	size_t name = strspn(word, OF_NAMES);

	if (is_one_of(word, length, words) || !strncmp(word, "((", 2) ||
	    (name && (word[name] == '=' || word[name] == '[' || !strncmp(word + name, "+=", 2))))
		return true;
	for (size_t i = 0; i < shell->n_functions; i++)
		if (strlen(shell->functions[i]) == length &&
		    !strncmp(word, shell->functions[i], length))
			return true;
	return false;
}

/* "$((i++))", "$((i += 2))", "${NAME:=WORD}", wherever they stand. */
static bool expansion_sets(const char *text)
{
	for (const char *p = text; (p = strchr(p, '$')); p++) {
		const char *word = p + 2 + (p[1] ? strspn(p + 2, OF_NAMES) : 0);

		if (p[1] == '{' && (*word == '=' || !strncmp(word, ":=", 2)))
			return true;
		if (strncmp(p, "$((", 3) != 0)
			continue;
		for (word = p + 3; *word && strncmp(word, "))", 2) != 0; word++)
			if (*word == '=' || !strncmp(word, "++", 2) || !strncmp(word, "--", 2))
				return true;
	}
	return false;
}

/* Words behind which a command comes are passed over. */
static bool may_set(const struct shell *shell, const char *text)
{
	static const char *const before[] = { "while", "until", "if", "elif", "!",
					      "do",    "then",	"|",  "{",    NULL };
	bool begins = true;

	for (const char *word = text; *(word += strspn(word, BLANKS));) {
		size_t length = strcspn(word, BLANKS);

		if (begins && sets(shell, word, length))
			return true;
		if (begins && length == 6 && !strncmp(word, "printf -v", 9))
			return true;
		begins = is_one_of(word, length, before);
		word += length;
	}
	return expansion_sets(text);
}

static void forget(struct shell *shell)
{
	for (size_t i = 0; i < shell->n_variables; i++)
		shell->variables[i].value = NULL;
}

void shell_heed(struct shell *shell, const char *command)
{
	if (expansion_sets(command))
		forget(shell);
}

void shell_skip(struct shell *shell, const char *command)
{
	if (may_set(shell, command))
		forget(shell);
}

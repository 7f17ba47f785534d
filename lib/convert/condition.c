/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/condition.h"

#include <errno.h>
#include <string.h>

#include "convert/command.h"
#include "document/scalar.h"
#include "util/text.h"

static const struct form {
	const char *open, *close;
	bool has_patterns; /* on the right of a comparison */
} forms[] = { { "[[ ", " ]]", true }, { "[ ", " ]", false }, { "test ", "", false } };

/* NULL: it is no test. */
static const struct form *find_form(const char *command)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		if (!strncmp(command, forms[i].open, strlen(forms[i].open)))
			return &forms[i];
	return NULL;
}

bool condition_is_test(const char *command)
{
	return find_form(command);
}

/* What stands between "[" and "]", a copy; NULL: it does not end so, or out of memory. */
static const char *inner_of(struct arena *arena, const struct form *form, const char *text)
{
	size_t length = strlen(text), open = strlen(form->open), close = strlen(form->close);

	return length > open + close && text_has_suffix(text, form->close)
		       ? arena_strndup(arena, text + open, length - open - close)
		       : NULL;
}

/* The PF that is there if the path is. Those of its VFs are not always. */
static const char *pf_of_path(struct arena *arena, const char *path)
{
	static const char *const files[] = { "/device", "/sriov_numvfs", "/sriov_totalvfs",
					     "/sriov_drivers_autoprobe" };
	const char *whole = arena_printf(arena, "%s/", path), *pf, *end;

	if (!whole || strncmp(path, "/sys/", 5) != 0 || strstr(path, "virtfn"))
		return NULL;
	pf = command_pf_of(arena, path);
	for (size_t i = 0; pf && i < ARRAY_SIZE(files); i++)
		if (text_has_suffix(path, files[i]))
			return pf;
	pf = command_pf_of(arena, whole);
	end = strrchr(path, '/');
	return pf && !strcmp(end + 1, pf) ? pf : NULL;
}

static struct condition find_file(struct arena *arena, const char *path)
{
	const char *pf = pf_of_path(arena, path);

	return (struct condition){ .kind = pf ? CONDITION_OF_PF : CONDITION_UNKNOWN, .pf = pf };
}

static struct condition answer(bool holds)
{
	return (struct condition){ .kind = holds ? CONDITION_HOLDS : CONDITION_FAILS };
}

static struct condition take_unary(struct arena *arena, const char *op, const char *word)
{
	if (!strcmp(op, "-n") || !strcmp(op, "-z"))
		return answer(!*word == (op[1] == 'z'));
	if (strlen(op) == 2 && op[0] == '-' && strchr("edfrsw", op[1]))
		return find_file(arena, word);
	return (struct condition){ 0 };
}

static bool is_number(const char *word)
{
	uint64_t number;
	const char *rest;

	return scalar_parse_digits(word, &number, &rest) == 0 && !*rest;
}

static bool is_pattern(const struct form *form, const char *word)
{
	return form->has_patterns && strpbrk(word, "*?[(");
}

static struct condition compare(const struct form *form, const char *left, const char *op,
				const char *right)
{
	const bool is_equal = !strcmp(left, right);

	if (!strcmp(op, "=") || !strcmp(op, "==") || !strcmp(op, "!="))
		return is_pattern(form, right) ? (struct condition){ 0 }
					       : answer(is_equal == (*op != '!'));
	if (!is_number(left) || !is_number(right) ||
	    (strcmp(op, "-eq") != 0 && strcmp(op, "-ne") != 0))
		return (struct condition){ 0 };
	return answer(is_equal == (op[1] == 'e'));
}

/* The PF whose number of VFs "$(cat .../sriov_numvfs)" is, as the first word; NULL: it is not. */
static const char *pf_of_number(struct shell *shell, const char *text)
{
	static const char *const reads[] = { "$(cat ", "$(< ", "$(<" };
	struct shell_words words;
	const char *path;

	text += *text == '"';
	for (size_t i = 0; i < ARRAY_SIZE(reads); i++) {
		if (strncmp(text, reads[i], strlen(reads[i])) != 0)
			continue;
		text += strlen(reads[i]);
		path = arena_strndup(shell->arena, text, strcspn(text, ")"));
		if (!path || shell_expand(shell, path, &words) < 0 || words.count != 1 ||
		    !words.items[0] || !text_has_suffix(words.items[0], "/sriov_numvfs"))
			return NULL;
		return pf_of_path(shell->arena, words.items[0]);
	}
	return NULL;
}

static bool is_interface(const char *text)
{
	static const char *const words[] = { "$IFACE ", "\"$IFACE\" ", "${IFACE} ",
					     "\"${IFACE}\" " };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strncmp(text, words[i], strlen(words[i])))
			return true;
	return false;
}

/* What is not known on the left can be the interface of a hook, or the number of VFs. */
static struct condition compare_unknown(struct shell *shell, const struct form *form,
					const char *text, const char *op, const char *right)
{
	const char *pf = pf_of_number(shell, text);

	if (is_interface(text) && (!strcmp(op, "=") || !strcmp(op, "==")) && *right &&
	    !is_pattern(form, right))
		return (struct condition){ CONDITION_OF_PF, right, NULL, true };
	if (pf && is_number(right) && (!strcmp(op, "!=") || !strcmp(op, "-ne")))
		return (struct condition){ CONDITION_OF_PF, pf, right, false };
	return (struct condition){ 0 };
}

int condition_read(struct shell *shell, const char *command, struct condition *ret)
{
	const struct form *form = find_form(command);
	const char *inner = form ? inner_of(shell->arena, form, command) : NULL;
	struct shell_words words;
	const char **items;
	int r;

	*ret = (struct condition){ 0 };
	if (!inner)
		return 0;
	inner += strspn(inner, " \t");
	r = shell_expand(shell, inner, &words);
	items = words.items;
	if (r < 0)
		return r;
	if (words.count == 2 && items[0] && items[1])
		*ret = take_unary(shell->arena, items[0], items[1]);
	if (words.count == 3 && items[1] && items[2])
		*ret = items[0] ? compare(form, items[0], items[1], items[2])
				: compare_unknown(shell, form, inner, items[1], items[2]);
	return 0;
}

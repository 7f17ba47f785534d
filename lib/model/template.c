/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/template.h"

#include <string.h>

static void expand_rule(const struct template_words *words, struct text *out)
{
	text_append(out, words->rule);
}

static void expand_index(const struct template_words *words, struct text *out)
{
	text_printf(out, "%u", words->index);
}

static void expand_pf(const struct template_words *words, struct text *out)
{
	text_append(out, words->pf);
}

static const struct placeholder {
	const char *word;
	void (*expand)(const struct template_words *words, struct text *out);
} placeholders[] = {
	{ "{rule}", expand_rule },
	{ "{index}", expand_index },
	{ "{pf}", expand_pf },
};

/* The placeholder that p begins with, or NULL. */
static const struct placeholder *find_placeholder(const char *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++)
		if (strncmp(p, placeholders[i].word, strlen(placeholders[i].word)) == 0)
			return &placeholders[i];
	return NULL;
}

const char *template_unknown(const char *template)
{
	for (const char *p = template; (p = strpbrk(p, "{}"));) {
		const struct placeholder *placeholder = find_placeholder(p);

		if (!placeholder || (p > template && p[-1] == '$'))
			return p;
		p += strlen(placeholder->word);
	}
	return NULL;
}

bool template_has_index(const char *template)
{
	return strstr(template, "{index}");
}

bool template_has_pf(const char *template)
{
	return strstr(template, "{pf}");
}

void template_expand(const char *template, const struct template_words *words, struct text *out)
{
	const char *p = template;

	while (*p) {
		const struct placeholder *placeholder = find_placeholder(p);
		size_t literal = strcspn(p + 1, "{") + 1;

		if (placeholder) {
			placeholder->expand(words, out);
			p += strlen(placeholder->word);
		} else {
			text_append_n(out, p, literal);
			p += literal;
		}
	}
}

bool template_name_is_valid(const char *name)
{
	size_t length = strnlen(name, TEMPLATE_NAME_MAX + 1);

	if (!length || length > TEMPLATE_NAME_MAX)
		return false;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	for (const unsigned char *p = (const unsigned char *)name; *p; p++)
		if (*p <= ' ' || *p == 0x7f || *p == '/')
			return false;
	return true;
}

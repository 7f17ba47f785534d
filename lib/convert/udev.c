/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/udev.h"

#include <errno.h>
#include <string.h>

#include "convert/draft.h"
#include "convert/script.h"
#include "convert/shell.h"
#include "convert/words.h"
#include "util/text.h"

#define BLANKS " \t\r\n,"
#define RULE   "rule"

/* Of the path of a key, and of what a rule runs. */
enum { PLACE_KEY = 1, PLACE_OP = 2, PLACE_RULE = 1 };

struct rule_reader {
	const struct document *document;
	struct conversion *conversion;
	const char *rule; /* a string of its own for each */
	unsigned line;
};

static int add(struct rule_reader *reader, const char *key, const char *op, const char *value)
{
	const char **path = arena_array(reader->conversion->arena, 3, sizeof(*path));

	if (!path || !key || !op || !value)
		return -ENOMEM;
	path[0] = reader->rule;
	path[PLACE_KEY] = key;
	path[PLACE_OP] = arena_printf(reader->conversion->arena, "%s%s", key, op);
	if (!path[PLACE_OP])
		return -ENOMEM;
	return fact_add(&(struct fact){ .origin = { reader->document, reader->line, 1 },
					.path = path,
					.depth = 3,
					.value = value },
			reader->conversion->arena, reader->conversion->diagnostics,
			&reader->conversion->facts);
}

/* The command with what udev puts into it: the name of the device is $kernel here. */
static const char *substitute(struct arena *arena, const char *command)
{
	static const struct {
		const char *theirs, *ours;
	} words[] = {
		{ "%k", "$kernel" },
		{ "$env{INTERFACE}", "$kernel" },
		{ "%E{INTERFACE}", "$kernel" },
		{ "$name", "$kernel" },
		{ "/sys/%p/", "/sys/class/net/$kernel/" },
		{ "/sys%p/", "/sys/class/net/$kernel/" },
		{ "/sys$devpath/", "/sys/class/net/$kernel/" },
		{ "/sys/$devpath/", "/sys/class/net/$kernel/" },
	};
	CLEANUP_TEXT struct text text = { 0 };

	while (*command) {
		size_t i = 0, length;

		while (i < ARRAY_SIZE(words) &&
		       strncmp(command, words[i].theirs, strlen(words[i].theirs)) != 0)
			i++;
		length = i < ARRAY_SIZE(words) ? strlen(words[i].theirs) : 1;
		if (i < ARRAY_SIZE(words))
			text_append(&text, words[i].ours);
		else
			text_append_n(&text, command, 1);
		command += length;
	}
	return text.failed ? NULL : arena_strdup(arena, text_string(&text));
}

/* What "sh -c '...'" has run; else the command itself. */
static const char *unwrap(struct arena *arena, const char *command)
{
	const char *inner = strstr(command, "sh -c "), *end;

	if (!inner)
		return command;
	inner += strlen("sh -c ");
	inner += strspn(inner, " ");
	end = *inner == '\'' || *inner == '"' ? strrchr(inner + 1, *inner) : NULL;
	return end ? arena_strndup(arena, inner + 1, (size_t)(end - inner - 1)) : inner;
}

/* The commands of a rule, which follow its keys: the name of the device is known then. */
static int add_command(struct rule_reader *reader, const char *value)
{
	struct arena *arena = reader->conversion->arena;
	struct fact_list *facts = &reader->conversion->facts;
	const char *command = unwrap(arena, value);
	size_t first = facts->count;
	int r;

	command = command ? substitute(arena, command) : NULL;
	r = command ? shell_split(reader->document, command, reader->line, arena,
				  reader->conversion->diagnostics, facts)
		    : -ENOMEM;
	for (size_t i = first; r >= 0 && i < facts->count; i++) {
		const char **path = arena_array(arena, 2, sizeof(*path));

		if (!path)
			return -ENOMEM;
		path[0] = facts->items[i].path[0];
		path[PLACE_RULE] = reader->rule;
		facts->items[i].path = path;
		facts->items[i].depth = 2;
	}
	return r;
}

/* KEY OPERATOR "VALUE" at *p. -EBADMSG: it is none. */
static int read_key(struct rule_reader *reader, const char **p)
{
	struct arena *arena = reader->conversion->arena;
	const char *start = *p, *brace = strpbrk(start, "{=!+-:\"");
	const char *key_end = brace && *brace == '{' ? strchr(brace, '}') : NULL, *op, *value;
	const char *key;
	size_t length;

	key_end = key_end ? key_end + 1 : start + strcspn(start, "=!+-: \t\"");
	op = key_end + strspn(key_end, " \t");
	length = strspn(op, "=!+-:");
	value = op + length + strspn(op + length, " \t");
	value += *value == 'e' || *value == 'i';
	if (key_end == start || !length || *value != '"')
		return -EBADMSG;
	*p = value + 1 + strcspn(value + 1, "\"");
	*p += **p != '\0';
	key = arena_strndup(arena, start, (size_t)(key_end - start));
	value = arena_strndup(arena, value + 1, strcspn(value + 1, "\""));
	op = arena_strndup(arena, op, length);
	if (!key || !value || !op)
		return -ENOMEM;
	if (!strncmp(key, "RUN", 3) && strcmp(key, "RUN{builtin}") != 0)
		return add_command(reader, value);
	return add(reader, key, op, value);
}

static int read_rule(struct rule_reader *reader, const char *text)
{
	const struct origin origin = { reader->document, reader->line, 1 };
	int r = 0;

	reader->rule = arena_strdup(reader->conversion->arena, RULE);
	if (!reader->rule)
		return -ENOMEM;
	text += strspn(text, BLANKS);
	while (r >= 0 && *text && *text != '#') {
		r = read_key(reader, &text);
		text += strspn(text, BLANKS);
	}
	if (r == -EBADMSG)
		return diagnostics_error(reader->conversion->diagnostics, &origin,
					 "udev ignores the line: correct or delete it",
					 "not KEY==\"VALUE\" with commas between");
	return r;
}

int udev_read(const struct document *document, struct conversion *conversion)
{
	struct rule_reader reader = { .document = document, .conversion = conversion };
	const char *p = document->text;
	unsigned line = 1;
	int r = 0;

	while (r >= 0 && *p) {
		CLEANUP_TEXT struct text text = { 0 };
		bool goes_on = true;

		reader.line = line;
		while (goes_on && *p) {
			size_t length = strcspn(p, "\n");

			goes_on = length && p[length - 1] == '\\';
			text_append_n(&text, p, length - goes_on);
			p += length + (p[length] != '\0');
			line++;
		}
		r = text.failed ? -ENOMEM : read_rule(&reader, text_string(&text));
	}
	return r;
}

/* The name that the rule matches, if it is one. */
static const char *kernel_of(const struct conversion *conversion, const char *rule)
{
	for (size_t i = 0; i < conversion->facts.count; i++) {
		const struct fact *fact = &conversion->facts.items[i];

		if (fact->path[0] == rule &&
		    (fact_fits(fact, "rule/KERNEL/*==") || fact_fits(fact, "rule/NAME/*==") ||
		     fact_fits(fact, "rule/ENV{INTERFACE}/*==")) &&
		    !strpbrk(fact->value, MATCH_GLOB "|:"))
			return fact->value;
	}
	return NULL;
}

/* A rule that names the device has the draft of what is run for it, if there is one. */
static int get_draft(struct conversion *conversion, const struct fact *fact, struct draft **ret)
{
	const char *kernel = kernel_of(conversion, fact->path[0]);

	for (size_t i = 0; kernel && i < conversion->n_drafts; i++) {
		if (strcmp(conversion->drafts[i]->owner, kernel) != 0)
			continue;
		*ret = conversion->drafts[i];
		return 0;
	}
	return draft_get(conversion, fact->path[0], fact, ret);
}

/* Patterns with "|" between, of which a device has to fit one. */
static int take_patterns(struct conversion *conversion, const struct fact *fact, enum match_key key)
{
	const bool excluded = text_has_suffix(fact->path[PLACE_OP], "!=");
	struct draft *draft;
	int r = get_draft(conversion, fact, &draft);

	if (r >= 0 && !fact->value[strspn(fact->value, "|")])
		return conversion_note(conversion, fact, "it is empty");
	for (const char *word = fact->value; r >= 0 && *(word += strspn(word, "|"));) {
		const char *one = arena_strndup(conversion->arena, word, strcspn(word, "|"));

		r = one ? draft_match(conversion, draft, fact, key, excluded, one) : -ENOMEM;
		word += strcspn(word, "|");
	}
	return r;
}

static int take_match(struct conversion *conversion, const struct fact *fact,
		      const struct key_row *row)
{
	return take_patterns(conversion, fact, row->setting);
}

/* Of a PCI device it is the address. */
static int take_kernel(struct conversion *conversion, const struct fact *fact,
		       const struct key_row *row)
{
	(void)row;
	return take_patterns(conversion, fact,
			     strchr(fact->value, ':') ? MATCH_PCI : MATCH_INTERFACE);
}

static const char *value_of(const struct conversion *conversion, const struct fact *fact,
			    const char *pattern)
{
	for (size_t i = 0; i < conversion->facts.count; i++)
		if (conversion->facts.items[i].path[0] == fact->path[0] &&
		    fact_fits(&conversion->facts.items[i], pattern))
			return conversion->facts.items[i].value;
	return "";
}

static const char *digits_of(const char *id)
{
	id += strncmp(id, "0x", 2) ? 0 : 2;
	return *id ? id : "*";
}

/* Vendor and device are one key. */
static int take_device(struct conversion *conversion, const struct fact *fact,
		       const struct key_row *row)
{
	const char *vendor = value_of(conversion, fact, "rule/ATTR*{vendor}/*==");
	const char *device = value_of(conversion, fact, "rule/ATTR*{device}/*==");
	const char *pattern =
		arena_printf(conversion->arena, "%s:%s", digits_of(vendor), digits_of(device));
	struct draft *draft;
	int r = get_draft(conversion, fact, &draft);

	if (r < 0 || !pattern)
		return -ENOMEM;
	return draft_match(conversion, draft, fact, row->setting, false, pattern);
}

static int take_pf(struct conversion *conversion, const struct fact *fact,
		   const struct key_row *row)
{
	const bool is_bool = pf_settings[row->setting].type == VALUE_BOOL;
	struct draft *draft;
	int r = get_draft(conversion, fact, &draft);

	return r < 0 ? r
		     : draft_pf(conversion, draft, fact, row->setting,
				is_bool ? words_bool(fact->value) : fact->value);
}

/* udev(7) */
static const struct key_row rows[] = {
	{ "rule/KERNEL/*[=!]=", take_kernel, NULL, 0 },
	{ "rule/NAME/*[=!]=", take_match, NULL, MATCH_INTERFACE },
	{ "rule/ENV{INTERFACE}/*[=!]=", take_match, NULL, MATCH_INTERFACE },
	{ "rule/KERNELS/*[=!]=", take_match, NULL, MATCH_PCI },
	{ "rule/ATTR{address}/*[=!]=", take_match, NULL, MATCH_MAC },
	{ "rule/DRIVER*/*[=!]=", take_match, NULL, MATCH_DRIVER },
	{ "rule/ENV{ID_NET_DRIVER}/*[=!]=", take_match, NULL, MATCH_DRIVER },
	{ "rule/ENV{ID_PATH}/*[=!]=", take_match, NULL, MATCH_PATH },
	{ "rule/ATTR*{vendor}/*==", take_device, NULL, MATCH_DEVICE },
	{ "rule/ATTR*{device}/*==", take_device, NULL, MATCH_DEVICE },
	{ "rule/ATTR{*sriov_numvfs}/*}=", take_pf, NULL, PF_VFS },
	{ "rule/ATTR{*sriov_drivers_autoprobe}/*}=", take_pf, NULL, PF_DRIVERS_AUTOPROBE },
	{ "rule/ATTR{mtu}/*}=", take_pf, NULL, PF_MTU },
	{ "rule/ACTION/*", NULL, "a rule here holds for as long as the PF is there", 0 },
	{ "rule/SUBSYSTEM*/*", NULL, "a rule here is for PFs of all kinds that it matches", 0 },
	{ "rule/*/*[=!]=", NULL, "no rule can ask for it: see that this one matches no other PF",
	  0 },
	{ "rule/**", NULL, "of udev itself: leave it in the file", 0 },
	{ 0 },
};

static bool is_command(const struct fact *fact)
{
	return strcmp(fact->path[0], RULE) != 0;
}

static int run_commands(struct conversion *conversion)
{
	const struct fact_list *facts = &conversion->facts;
	int r = 0;

	for (size_t i = 0, end; r >= 0 && i < facts->count; i = end) {
		end = i + 1;
		if (!is_command(&facts->items[i]))
			continue;
		while (end < facts->count && is_command(&facts->items[end]) &&
		       facts->items[end].path[PLACE_RULE] == facts->items[i].path[PLACE_RULE])
			end++;
		r = script_run(conversion, "kernel",
			       kernel_of(conversion, facts->items[i].path[PLACE_RULE]), i, end);
	}
	return r;
}

int udev_take(struct conversion *conversion)
{
	const struct fact_list *facts = &conversion->facts;
	int r = run_commands(conversion);

	for (size_t i = 0; r >= 0 && i < conversion->n_drafts; i++) {
		const char *name = conversion->drafts[i]->owner;

		r = draft_match(conversion, conversion->drafts[i], NULL,
				strchr(name, ':') ? MATCH_PCI : MATCH_INTERFACE, false, name);
	}
	if (r >= 0)
		r = conversion_take(conversion, rows);
	for (size_t i = 0; i < facts->count; i++)
		for (size_t k = 0; k < conversion->n_drafts && !conversion->fates[i].draft; k++)
			if (conversion->drafts[k]->owner == facts->items[i].path[0])
				conversion->fates[i].draft = conversion->drafts[k];
	return r;
}

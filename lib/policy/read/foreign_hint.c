/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/foreign_hint.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "document/yaml.h"
#include "model/pf.h"

#define MEMBERS 3

/* A mapping of ours whose members are keys of their own in other tools. */
static const struct group {
	const char *key;
	const char *members[MEMBERS]; /* NULL: there are fewer */
	bool alone;		      /* the first member alone is written without the mapping */
} groups[] = {
	{ "eswitch", { "mode", "inline-mode", "encap-mode" }, false },
	{ "driver-after", { "bond" }, false },
	{ "vlan", { "id", "qos", "protocol" }, true },
};

/* The group that a key "group.member" is in, and which member it is; NULL: in none. */
static const struct group *find_group(const char *key, size_t *ret_member)
{
	for (size_t i = 0; key && i < ARRAY_SIZE(groups); i++) {
		size_t length = strlen(groups[i].key);

		if (strncmp(key, groups[i].key, length) != 0 || key[length] != '.')
			continue;
		for (size_t member = 0; member < MEMBERS && groups[i].members[member]; member++)
			if (strcmp(groups[i].members[member], key + length + 1) == 0) {
				*ret_member = member;
				return &groups[i];
			}
	}
	return NULL;
}

/* Whether the section is the group itself: its members are keys like all others there. */
static bool is_own(const struct section *section, const struct group *group)
{
	size_t length = strlen(group->key);

	return section->prefix && strncmp(section->prefix, group->key, length) == 0 &&
	       strcmp(section->prefix + length, ".") == 0;
}

/* What can stand in a policy without quotes, wherever that is. */
static bool is_word(const char *string)
{
	return *string && !string[strspn(string, "abcdefghijklmnopqrstuvwxyz"
						 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.%-_")];
}

/* What ours has for the value, or NULL where none can be named. */
static const char *translate(const struct foreign_word *word, const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR || !is_word(node->scalar))
		return NULL;
	for (const struct foreign_sense *sense = word->senses; sense && sense->theirs; sense++)
		if (strcasecmp(sense->theirs, node->scalar) == 0)
			return sense->ours;
	return node->scalar;
}

/* What stands in the group's own key already. */
static void collect_own(const struct group *group, const struct yaml_node *node,
			const char *values[static MEMBERS])
{
	if (node->kind == YAML_SCALAR && group->alone && is_word(node->scalar))
		values[0] = node->scalar;
	for (size_t i = 0; i < MEMBERS && group->members[i]; i++) {
		const struct yaml_node *member = yaml_get(node, group->members[i]);

		if (member && member->kind == YAML_SCALAR && is_word(member->scalar))
			values[i] = member->scalar;
	}
}

/* All that the mapping says of the group, in whichever words. */
static void collect(const struct group *group, const struct section *section,
		    const struct yaml_node *mapping, const char *values[static MEMBERS])
{
	for (size_t i = 0; i < mapping->count; i++) {
		const char *key = mapping->keys[i]->scalar;
		const struct foreign_word *word = foreign_word_find(section, key);
		size_t member = 0;

		if (strcmp(key, group->key) == 0)
			collect_own(group, mapping->items[i], values);
		else if (word && find_group(word->key, &member) == group)
			values[member] = translate(word, mapping->items[i]);
	}
}

static void write_group(const struct group *group, const char *const values[static MEMBERS],
			struct text *out)
{
	const char *joint = "{";

	text_printf(out, "%s: ", group->key);
	if (group->alone && values[0] && !values[1] && !values[2]) {
		text_append(out, values[0]);
		return;
	}
	for (size_t i = 0; i < MEMBERS; i++) {
		if (!values[i])
			continue;
		text_printf(out, "%s%s: %s", joint, group->members[i], values[i]);
		joint = ", ";
	}
	text_append(out, "}");
}

static const struct setting *find_setting(const char *prefix, const char *key)
{
	size_t length = strlen(prefix);

	for (size_t i = 0; i < PF_SETTING_COUNT + VF_SETTING_COUNT; i++) {
		const struct setting *setting =
			i < PF_SETTING_COUNT ? &pf_settings[i] : &vf_settings[i - PF_SETTING_COUNT];

		if (strncmp(setting->key, prefix, length) == 0 &&
		    strcmp(setting->key + length, key) == 0)
			return setting;
	}
	return NULL;
}

/* Whether it reads as settings: as one, or as those of a group. 0, -EINVAL, -ENOMEM. */
static int try_settings(struct policy_reader *reader, const char *prefix,
			const struct yaml_node *mapping)
{
	int r = mapping->kind == YAML_MAPPING && mapping->count ? 0 : -EINVAL;

	for (size_t i = 0; r == 0 && i < mapping->count; i++) {
		const struct setting *setting = find_setting(prefix, mapping->keys[i]->scalar);
		struct value value;

		if (setting)
			r = value_read(setting, mapping->items[i], reader->arena,
				       reader->diagnostics, &value);
		else
			r = *prefix ? -EINVAL : try_settings(reader, "eswitch.", mapping->items[i]);
	}
	return r;
}

/* Whether a policy can have the line there, in a section whose settings have that prefix. */
static int try_line(struct policy_reader *reader, const char *prefix, const char *line)
{
	const struct document document = { "hint", line, strlen(line) };
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	struct policy_reader trial = { reader->arena, &diagnostics };
	struct yaml_node *root;
	int r = yaml_read(&document, trial.arena, &diagnostics, &root);

	return r < 0 ? r : try_settings(&trial, prefix, root);
}

/* "write LINE", with where to write it if that is not here; nothing where the line is wrong. */
static int append_line(struct policy_reader *reader, const struct section *section, const char *key,
		       const char *line, struct text *out)
{
	bool here = section_has(section, key);
	int r = try_line(reader, here && section->prefix ? section->prefix : "", line);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (!here) {
		section_places(key, out);
		text_append(out, " ");
	}
	text_printf(out, "write %s", line);
	return 0;
}

/* A key of ours whose values are others. */
static int hint_sense(struct policy_reader *reader, const struct section *section, const char *key,
		      const char *value, struct text *out)
{
	CLEANUP_TEXT struct text line = { 0 };

	if (!value)
		return 0;
	text_printf(&line, "%s: %s", key, value);
	return line.failed ? -ENOMEM : append_line(reader, section, key, text_string(&line), out);
}

static void hint_member(const struct group *group, size_t member, const struct section *section,
			struct text *out)
{
	text_printf(out, "'%s' belongs under '%s'", group->members[member], group->key);
	if (group->alone && member)
		text_printf(out, ", beside '%s'", group->members[0]);
	if (section_has(section, group->key))
		return;
	text_append(out, ", ");
	section_places(group->key, out);
}

static int hint_group(struct policy_reader *reader, const struct section *section,
		      const struct group *group, size_t member, const struct yaml_node *mapping,
		      struct text *out)
{
	const char *values[MEMBERS] = { 0 };
	CLEANUP_TEXT struct text line = { 0 };
	int r = 0;

	collect(group, section, mapping, values);
	write_group(group, values, &line);
	if (line.failed)
		return -ENOMEM;
	if (values[member])
		r = append_line(reader, section, group->key, text_string(&line), out);
	if (r == 0 && !out->length)
		hint_member(group, member, section, out);
	return r;
}

static int hint_own_member(struct policy_reader *reader, const struct section *section,
			   const struct foreign_word *word, const char *member,
			   const struct yaml_node *node, struct text *out)
{
	int r = 0;

	if (word->senses)
		r = hint_sense(reader, section, member, translate(word, node), out);
	if (r == 0 && !out->length)
		text_printf(out, "did you mean '%s'?", member);
	return r;
}

int foreign_hint(struct policy_reader *reader, const struct section *section,
		 const struct foreign_word *word, const struct yaml_node *mapping, size_t pair,
		 struct text *out)
{
	const struct yaml_node *node = mapping->items[pair];
	size_t member = 0;
	const struct group *group = find_group(word->key, &member);

	if (group && is_own(section, group))
		return hint_own_member(reader, section, word, group->members[member], node, out);
	if (group)
		return hint_group(reader, section, group, member, mapping, out);
	if (word->senses)
		return hint_sense(reader, section, word->key, translate(word, node), out);
	return 0;
}

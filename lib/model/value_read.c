/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the value of a setting as a policy or an inventory writes it. */

#include "model/value.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>

#include "document/rate.h"
#include "document/scalar.h"
#include "model/foreign_value.h"
#include "model/template.h"
#include "model/value_mapping.h"

/* The longest name of a driver: a module's name fits into 64 bytes less a pointer (MODULE_NAME_LEN
 * in linux/moduleparam.h). */
#define DRIVER_NAME_MAX 55

/* The most choices that are compared with a misspelt word. */
#define CHOICES_MAX 16

/* A value on its way from a node. */
struct source {
	const struct setting *setting;
	const struct yaml_node *node;
	struct arena *arena;
	struct diagnostics *diagnostics;
};

static bool allows(const struct setting *setting, enum value_form form)
{
	return setting->forms & (1u << form);
}

static void expect_number(const struct setting *setting, struct text *out)
{
	text_printf(out, "a number from %llu to %llu", (unsigned long long)setting->min,
		    (unsigned long long)setting->max);
}

static void expect_rate(const struct setting *setting, struct text *out)
{
	expect_number(setting, out);
	if (allows(setting, VALUE_PERCENT))
		text_append(out, ", a rate such as 10Gbit/s, or a percentage such as 50%");
}

static void expect_count(const struct setting *setting, struct text *out)
{
	expect_number(setting, out);
	if (allows(setting, VALUE_PERCENT))
		text_append(out, ", a percentage such as 50%, or max");
}

/* Whether this choice is there to be made. What only the kernel says comes last. */
static bool is_open(const struct setting *setting, const struct choice *choice)
{
	return choice->word && (!choice->observed_only || setting->observed);
}

static void expect_choice(const struct setting *setting, struct text *out)
{
	const struct choice *choice = setting->choices;

	text_append(out, choice->word);
	for (choice++; is_open(setting, choice); choice++)
		text_printf(out, "%s%s", is_open(setting, choice + 1) ? ", " : " or ",
			    choice->word);
}

static void expect_mac(const struct setting *setting, struct text *out)
{
	text_append(out, "an address such as 52:54:00:12:34:56");
	text_append(out, allows(setting, VALUE_FROM) ? ", {from: ADDRESS}" : "");
	text_append(out, allows(setting, VALUE_STABLE) ? ", stable or none" : " or none");
}

static void expect_vlan(const struct setting *setting, struct text *out)
{
	text_printf(out, "a number from 0 to 4095, none, or a mapping of id%s, qos and protocol",
		    allows(setting, VALUE_FROM) ? " or from" : "");
}

static void expect_guid(const struct setting *setting, struct text *out)
{
	text_append(out, "eight bytes such as 00:11:22:33:44:55:66:77");
	text_append(out, allows(setting, VALUE_FROM) ? ", {from: BYTES}" : "");
	text_append(out, allows(setting, VALUE_STABLE) ? ", or stable" : "");
}

static void expect_name(const struct setting *setting, struct text *out)
{
	text_append(out, "the name of a driver");
	if (allows(setting, VALUE_DEFAULT))
		text_append(out, ", default or none");
}

static void expect_netdev(const struct setting *setting, struct text *out)
{
	(void)setting;
	text_append(out, "the name of a network device");
}

static void expect_label(const struct setting *setting, struct text *out)
{
	(void)setting;
	text_append(out, "a name such as guests or storage-1");
}

static void expect_template(const struct setting *setting, struct text *out)
{
	(void)setting;
	text_append(out, "a name such as \"{rule}-vf{index}\"");
}

static int mismatch(const struct source *source, const char *hint);

/* Whether it is another tool's word for a value. */
static bool is_foreign(const struct source *source, struct text *ret_hint)
{
	return source->node->kind == YAML_SCALAR &&
	       foreign_value_hint(source->setting, source->node->scalar, ret_hint);
}

static bool says(const struct source *source, const char *word)
{
	return source->node->kind == YAML_SCALAR && strcmp(source->node->scalar, word) == 0;
}

static void expect_bool(const struct setting *setting, struct text *out)
{
	(void)setting;
	text_append(out, "true or false");
}

static int read_bool(const struct source *source, struct value *ret)
{
	bool value;

	if (!scalar_is_bool(source->node, &value))
		return mismatch(source, scalar_bool_hint(source->node));
	ret->number = value;
	return 0;
}

static int read_number(const struct source *source, struct value *ret)
{
	CLEANUP_TEXT struct text hint = { 0 };

	if (scalar_is_number(source->node, source->setting->min, source->setting->max,
			     &ret->number))
		return 0;
	if (source->node->kind == YAML_SCALAR)
		foreign_value_hint_number(source->setting, source->node->scalar, &hint);
	if (hint.failed)
		return -ENOMEM;
	return mismatch(source,
			hint.length ? text_string(&hint) : scalar_number_hint(source->node));
}

static bool is_percent(const struct source *source)
{
	return allows(source->setting, VALUE_PERCENT) && source->node->kind == YAML_SCALAR &&
	       strchr(source->node->scalar, '%');
}

/* From min on; hint is what to say of what is no percentage. */
static int read_percent(const struct source *source, uint64_t min, const char *hint,
			struct value *ret)
{
	const char *end;

	if (scalar_parse_digits(source->node->scalar, &ret->number, &end) < 0 ||
	    strcmp(end, "%") != 0 || ret->number < min || ret->number > 100)
		return mismatch(source, hint);
	ret->form = VALUE_PERCENT;
	return 0;
}

/* A rate with a unit. false: it has none that is known, or is out of range. */
static bool is_rate(const struct source *source, uint64_t *ret, int *ret_error)
{
	*ret_error = -EINVAL;
	if (allows(source->setting, VALUE_PERCENT) && source->node->kind == YAML_SCALAR)
		*ret_error = rate_parse(source->node->scalar, ret);
	return *ret_error == 0 && *ret <= source->setting->max;
}

/* 0 is no limit at all: whoever writes 0% may mean that, or nearly nothing. */
static int read_rate(const struct source *source, struct value *ret)
{
	uint64_t rate;
	int error;

	if (is_percent(source))
		return read_percent(source, 1,
				    "a percentage is a whole number from 1% to 100% of the link's "
				    "speed; 0 lifts the limit",
				    ret);
	if (is_rate(source, &rate, &error)) {
		ret->number = rate;
		return 0;
	}
	return error == -ERANGE ? mismatch(source, "write a whole number of Mbit/s")
				: read_number(source, ret);
}

static int read_count(const struct source *source, struct value *ret)
{
	if (allows(source->setting, VALUE_MAX) && says(source, "max")) {
		ret->form = VALUE_MAX;
		return 0;
	}
	if (is_percent(source))
		return read_percent(source, 0, "a percentage is a whole number from 0% to 100%",
				    ret);
	return read_number(source, ret);
}

static int read_choice(const struct source *source, struct value *ret)
{
	const char *words[CHOICES_MAX], *nearest;
	CLEANUP_TEXT struct text hint = { 0 };
	size_t n = 0;

	if (source->node->kind != YAML_SCALAR)
		return mismatch(source, NULL);
	for (const struct choice *choice = source->setting->choices;
	     is_open(source->setting, choice); choice++) {
		if (says(source, choice->word)) {
			ret->number = choice->number;
			return 0;
		}
		if (n < CHOICES_MAX)
			words[n++] = choice->word;
	}
	nearest = diagnostic_suggest(source->node->scalar, words, n);
	if (!nearest)
		return mismatch(source, NULL);
	text_printf(&hint, "did you mean '%s'?", nearest);
	return hint.failed ? -ENOMEM : mismatch(source, text_string(&hint));
}

static bool is_stable(const struct source *source, struct value *ret)
{
	if (!allows(source->setting, VALUE_STABLE) || !says(source, "stable"))
		return false;
	ret->form = VALUE_STABLE;
	return true;
}

static bool is_counting(const struct source *source)
{
	return allows(source->setting, VALUE_FROM) && source->node->kind == YAML_MAPPING;
}

static int read_mac(const struct source *source, struct value *ret)
{
	if (says(source, "none"))
		return 0;
	if (is_stable(source, ret))
		return 0;
	if (is_counting(source))
		return value_mapping_read_from(source->setting, source->node, source->diagnostics,
					       ret);
	if (source->node->kind != YAML_SCALAR || mac_parse(source->node->scalar, &ret->mac) < 0)
		return mismatch(source, NULL);
	if (mac_is_multicast(&ret->mac))
		return mismatch(source, "the first byte of a unicast address is even");
	return 0;
}

static int read_vlan(const struct source *source, struct value *ret)
{
	uint64_t number = 0;

	ret->vlan.protocol = ETH_P_8021Q;
	if (source->node->kind == YAML_MAPPING)
		return value_mapping_read_vlan(source->setting, source->node, source->diagnostics,
					       ret);
	if (source->node->kind == YAML_SEQUENCE)
		return mismatch(source, foreign_value_trunk);
	if (!says(source, "none") && !scalar_is_number(source->node, 0, 4095, &number))
		return mismatch(source, scalar_number_hint(source->node));
	ret->vlan.id = (uint16_t)number;
	return 0;
}

static int read_guid(const struct source *source, struct value *ret)
{
	if (is_stable(source, ret))
		return 0;
	if (is_counting(source))
		return value_mapping_read_from(source->setting, source->node, source->diagnostics,
					       ret);
	if (source->node->kind != YAML_SCALAR ||
	    value_mapping_parse_guid(source->node->scalar, &ret->number) < 0)
		return mismatch(source, NULL);
	/* What a VF reads as that has none. */
	if (!ret->number && !source->setting->observed)
		return mismatch(source, "no port has one of zeros");
	return 0;
}

static int copy_name(const struct source *source, struct value *ret)
{
	ret->name = arena_strdup(source->arena, source->node->scalar);
	return ret->name ? 0 : -ENOMEM;
}

static int read_name(const struct source *source, struct value *ret)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const char *name = source->node->scalar;
	CLEANUP_TEXT struct text hint = { 0 };
	size_t length;

	if (allows(source->setting, VALUE_NONE) && says(source, "none"))
		ret->form = VALUE_NONE;
	else if (allows(source->setting, VALUE_DEFAULT) && says(source, "default"))
		ret->form = VALUE_DEFAULT;
	if (ret->form != VALUE_PLAIN)
		return 0;
	if (source->node->kind != YAML_SCALAR)
		return mismatch(source, NULL);
	/* What the kernel reports is a driver's name, whatever it is. */
	if (!source->setting->observed &&
	    (is_foreign(source, &hint) || (*name && !name[strspn(name, "0123456789")])))
		return mismatch(source, NULL);
	length = strlen(name);
	if (!length || length > DRIVER_NAME_MAX || name[strspn(name, characters)])
		return mismatch(source, "a name has letters, digits, '-' and '_'");
	return copy_name(source, ret);
}

static int read_template(const struct source *source, struct value *ret)
{
	if (source->node->kind != YAML_SCALAR)
		return mismatch(source, source->node->kind == YAML_MAPPING
						? "a text that begins with '{' needs quotes"
						: NULL);
	if (template_unknown(source->node->scalar))
		return mismatch(source, strstr(source->node->scalar, "${")
						? "the placeholders are {rule}, {index} and {pf}, "
						  "without a '$'"
						: "the placeholders are {rule}, {index} and {pf}");
	if (!template_name_is_valid(source->node->scalar))
		return mismatch(source, "a name has 1 to 127 characters, no '/' and no blanks");
	return copy_name(source, ret);
}

/* IFNAMSIZ - 1 of linux/if.h. */
#define NETDEV_NAME_MAX 15

/* dev_valid_name() in net/core/dev.c. */
static bool is_netdev_name(const char *name)
{
	return strlen(name) <= NETDEV_NAME_MAX && template_name_is_valid(name) &&
	       !strchr(name, ':');
}

static int read_netdev(const struct source *source, struct value *ret)
{
	if (source->node->kind != YAML_SCALAR)
		return mismatch(source, NULL);
	if (!is_netdev_name(source->node->scalar))
		return mismatch(source,
				"a name has 1 to 15 characters, no '/', no ':' and no blanks");
	return copy_name(source, ret);
}

/* What one name is in all the formats that it is exported to, and still another's is another: that
 * of an object of Kubernetes (RFC 1123, 63 characters) with a letter before all else, and two of
 * them, as Proxmox VE wants. */
#define LABEL_MAX 63

static bool is_label(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz",
			  characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const size_t length = strlen(name);

	return length >= 2 && length <= LABEL_MAX && strchr(letters, name[0]) &&
	       strspn(name, characters) == length && name[length - 1] != '-';
}

static int read_label(const struct source *source, struct value *ret)
{
	if (source->node->kind != YAML_SCALAR)
		return mismatch(source, NULL);
	if (!is_label(source->node->scalar))
		return mismatch(source, "it has 2 to 63 small letters, digits and '-', with a "
					"letter first and no '-' last");
	return copy_name(source, ret);
}

static const struct {
	void (*expect)(const struct setting *setting, struct text *out);
	int (*read)(const struct source *source, struct value *ret);
} types[] = {
	[VALUE_BOOL] = { expect_bool, read_bool },
	[VALUE_NUMBER] = { expect_number, read_number },
	[VALUE_RATE] = { expect_rate, read_rate },
	[VALUE_COUNT] = { expect_count, read_count },
	[VALUE_CHOICE] = { expect_choice, read_choice },
	[VALUE_MAC] = { expect_mac, read_mac },
	[VALUE_VLAN] = { expect_vlan, read_vlan },
	[VALUE_GUID] = { expect_guid, read_guid },
	[VALUE_NAME] = { expect_name, read_name },
	[VALUE_NETDEV] = { expect_netdev, read_netdev },
	[VALUE_LABEL] = { expect_label, read_label },
	[VALUE_TEMPLATE] = { expect_template, read_template },
};

static int mismatch(const struct source *source, const char *hint)
{
	CLEANUP_TEXT struct text expected = { 0 }, foreign = { 0 };

	if (is_foreign(source, &foreign))
		hint = text_string(&foreign);
	types[source->setting->type].expect(source->setting, &expected);
	if (expected.failed || foreign.failed)
		return -ENOMEM;
	return scalar_mismatch(source->node, source->setting->key, text_string(&expected), hint,
			       source->diagnostics);
}

int value_read(const struct setting *setting, const struct yaml_node *node, struct arena *arena,
	       struct diagnostics *diagnostics, struct value *ret)
{
	const struct source source = { setting, node, arena, diagnostics };
	struct value value = { .origin = &node->origin };
	int r;

	if (yaml_is_null(node))
		return scalar_mismatch(node, setting->key, "",
				       *node->scalar && foreign_value_none(setting)
					       ? "write none; or delete the key: what is not "
						 "named is left alone"
					       : "delete the key: what is not named is left alone",
				       diagnostics);
	r = types[setting->type].read(&source, &value);
	if (r < 0)
		return r;
	*ret = value;
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/foreign_value.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "document/diagnostic.h"
#include "document/scalar.h"
#include "model/driver.h"
#include "model/value.h"
#include "util/cleanup.h"

const char foreign_value_trunk[] = "a VF has one VLAN: the kernel knows no trunks here; with "
				   "'vlan: none' it sees and sends tagged frames itself";
static const char eswitch_hint[] = "that is the eswitch's: ";
static const char leave_hint[] = ", or leave the key out";

const struct foreign_value foreign_values[] = {
	{ "link-state", "up", "enable", NULL, NULL },
	{ "link-state", "yes", "enable", NULL, NULL },
	{ "link-state", "on", "enable", NULL, NULL },
	{ "link-state", "true", "enable", NULL, NULL },
	{ "link-state", "down", "disable", NULL, NULL },
	{ "link-state", "no", "disable", NULL, NULL },
	{ "link-state", "off", "disable", NULL, NULL },
	{ "link-state", "false", "disable", NULL, NULL },
	{ "link-state", "follow", "auto", NULL, NULL },
	{ "vlan", "trunk", NULL, foreign_value_trunk, NULL },
	{ "vlan", "all", NULL, foreign_value_trunk, NULL },
	{ "vlan", "untagged", "none", NULL, NULL },
	{ "vlan", "native", "none", NULL, NULL },
	{ "vlan", "off", "none", NULL, NULL },
	{ "vlan", "no", "none", NULL, NULL },
	{ "vlan", "false", "none", NULL, NULL },
	{ "mac", "auto", "stable", NULL, leave_hint },
	{ "mac", "random", "stable", NULL, leave_hint },
	{ "mac", "off", "none", NULL, NULL },
	{ "mac", "no", "none", NULL, NULL },
	{ "mac", "false", "none", NULL, NULL },
	{ "min-tx-rate", "none", "0", NULL, NULL },
	{ "min-tx-rate", "off", "0", NULL, NULL },
	{ "max-tx-rate", "none", "0", NULL, NULL },
	{ "max-tx-rate", "off", "0", NULL, NULL },
	{ "max-tx-rate", "unlimited", "0", NULL, NULL },
	{ "max-tx-rate", "max", "0", NULL, NULL },
	{ "vfs", "all", "max", NULL, NULL },
	{ "vfs", "none", "0", NULL, NULL },
	{ "vfs", "off", "0", NULL, NULL },
	{ "driver", "off", "none", NULL, NULL },
	{ "driver", "no", "none", NULL, NULL },
	{ "driver", "false", "none", NULL, NULL },
	{ "driver", "unbind", "none", NULL, NULL },
	{ "driver", "unbound", "none", NULL, NULL },
	{ "driver", "on", "default", NULL, NULL },
	{ "driver", "yes", "default", NULL, NULL },
	{ "driver", "true", "default", NULL, NULL },
	{ "driver", "auto", "default", NULL, NULL },
	{ "driver", "host", "default", NULL, NULL },
	{ "driver", "kernel", "default", NULL, NULL },
	{ "driver", "netdevice", "default", NULL, NULL }, /* deviceType: of network operators */
	{ "mode", "off", "ignore", NULL, NULL },
	{ "mode", "disabled", "ignore", NULL, NULL },
	{ "mode", "unmanaged", "ignore", NULL, NULL },
	{ "mode", "skip", "ignore", NULL, NULL },
	{ "mode", "switchdev", "eswitch: {mode: switchdev}", eswitch_hint, NULL },
	{ "mode", "legacy", "eswitch: {mode: legacy}", eswitch_hint, NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

/* Words of ours that are written in lower case. form: the one that they are; VALUE_PLAIN: always
 * there. */
static const struct {
	enum value_type type;
	const char *word;
	enum value_form form;
} own_words[] = {
	{ VALUE_COUNT, "max", VALUE_MAX },	  { VALUE_MAC, "stable", VALUE_STABLE },
	{ VALUE_MAC, "none", VALUE_PLAIN },	  { VALUE_VLAN, "none", VALUE_PLAIN },
	{ VALUE_GUID, "stable", VALUE_STABLE },	  { VALUE_NAME, "none", VALUE_NONE },
	{ VALUE_NAME, "default", VALUE_DEFAULT },
};

/* Words of other tools for a boolean. */
static const struct {
	const char *word, *write;
} bools[] = {
	{ "1", "true" },  { "enable", "true" },	  { "enabled", "true" },
	{ "0", "false" }, { "disable", "false" }, { "disabled", "false" },
};

static const char *find_own_word(const struct setting *setting, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(own_words); i++)
		if (own_words[i].type == setting->type &&
		    (own_words[i].form == VALUE_PLAIN ||
		     setting->forms & (1u << own_words[i].form)) &&
		    strcasecmp(own_words[i].word, word) == 0)
			return own_words[i].word;
	for (size_t i = 0; setting->type == VALUE_BOOL && i < ARRAY_SIZE(bools); i++)
		if (strcasecmp(bools[i].word, word) == 0)
			return bools[i].write;
	return NULL;
}

bool foreign_value_none(const struct setting *setting)
{
	return find_own_word(setting, "none");
}

static const struct foreign_value *find_value(const struct setting *setting, const char *word)
{
	for (const struct foreign_value *value = foreign_values; value->key; value++)
		if (strcmp(value->key, setting->key) == 0 && strcasecmp(value->word, word) == 0)
			return value;
	return NULL;
}

/* VLANs such as "100-200" or "100, 200". */
static bool is_trunk(const char *word)
{
	return strpbrk(word, "-,") && word[strspn(word, "0123456789-, ")] == '\0' && *word != '-';
}

const char *foreign_value_mapping_key(const struct setting *setting, const char *key)
{
	static const struct {
		const char *word, *key;
	} keys[] = {
		{ "vlan", "id" },
		{ "vid", "id" },
		{ "vlan-id", "id" },
		{ "number", "id" },
		{ "start", "from" },
		{ "first", "from" },
		{ "base", "from" },
		{ "priority", "qos" },
		{ "prio", "qos" },
		{ "pcp", "qos" },
		{ "vlan-qos", "qos" },
		{ "proto", "protocol" },
		{ "vlan-proto", "protocol" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcasecmp(keys[i].word, key) == 0 &&
		    (setting->type == VALUE_VLAN || !strcmp(keys[i].key, "from")))
			return keys[i].key;
	return NULL;
}

const char *foreign_value_vlan_protocol(const char *word)
{
	static const struct {
		const char *word, *hint;
	} protocols[] = {
		{ "8021q", "write 802.1q" },
		{ "8021ad", "write 802.1ad" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(protocols); i++)
		if (strcasecmp(protocols[i].word, word) == 0)
			return protocols[i].hint;
	return NULL;
}

/* A number up to max at the beginning of *text, which is moved behind it and the blanks there. */
static bool take_number(const char **text, uint64_t max, uint64_t *ret)
{
	if (scalar_parse_digits(*text, ret, text) < 0 || *ret > max)
		return false;
	*text += strspn(*text, " ");
	return true;
}

static bool take_word(const char **text, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*text, word, length) != 0)
		return false;
	*text += length;
	return true;
}

/* A VLAN as ip-link(8) takes it: "100 qos 3 proto 802.1ad". */
static void hint_vlan(const char *word, struct text *out)
{
	uint64_t id, qos;
	uint16_t protocol;

	if (!take_number(&word, 4095, &id) || !take_word(&word, "qos ") ||
	    !take_number(&word, 7, &qos))
		return;
	if (!*word)
		text_printf(out, "write {id: %u, qos: %u}", (unsigned)id, (unsigned)qos);
	else if (take_word(&word, "proto ") && value_parse_vlan_protocol(word, &protocol) == 0)
		text_printf(out, "write {id: %u, qos: %u, protocol: %s}", (unsigned)id,
			    (unsigned)qos, word);
}

bool foreign_value_hint(const struct setting *setting, const char *word, struct text *out)
{
	const struct foreign_value *value = find_value(setting, word);
	const char *own = find_own_word(setting, word);
	size_t length = out->length;

	if (value)
		text_printf(out, "%s%s%s%s", value->before ? value->before : "",
			    value->write ? "write " : "", value->write ? value->write : "",
			    value->after ? value->after : "");
	else if (own)
		text_printf(out, "write %s", own);
	else if (setting->type == VALUE_VLAN && is_trunk(word))
		text_append(out, foreign_value_trunk);
	else if (setting->type == VALUE_VLAN)
		hint_vlan(word, out);
	return out->failed || out->length > length;
}

/* Modules are shown with '_'; what a driver calls itself is in its struct pci_driver. */
static const struct {
	const char *word, *driver;
} drivers[] = {
	{ "vfio_pci", "vfio-pci" },		  /* drivers/vfio/pci/vfio_pci.c */
	{ "vfio", "vfio-pci" },			  /* the module below it */
	{ "dpdk", "vfio-pci" },			  /* what dpdk-devbind.py is given most */
	{ "pci_stub", "pci-stub" },		  /* drivers/pci/pci-stub.c */
	{ "uio-pci-generic", "uio_pci_generic" }, /* drivers/uio/uio_pci_generic.c */
	{ "igb-uio", "igb_uio" },		  /* dpdk-kmods */
	{ "mlx4", "mlx4_core" },		  /* mlx4/main.c */
	{ "mlx5", "mlx5_core" },		  /* mlx5/core/main.c: KBUILD_MODNAME */
	{ "mlx5-core", "mlx5_core" },
	{ "mlx5-vfio-pci", "mlx5_vfio_pci" }, /* drivers/vfio/pci/mlx5/main.c: KBUILD_MODNAME */
	{ "bnxt", "bnxt_en" },		      /* bnxt/bnxt.h: DRV_MODULE_NAME */
};

/* Whether it is a driver of that name, as far as is known: those of PFs, and the variants of
 * vfio-pci that the kernel has for one card each, such as mlx5_vfio_pci. */
static bool is_driver(const char *name)
{
	return driver_of(name)->name || text_has_suffix(name, "_vfio_pci");
}

const char *foreign_value_driver(const char *name)
{
	static const char *const given[] = { "vfio-pci", "pci-stub", "uio_pci_generic", "igb_uio" };
	const char *nearest;

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (strcmp(drivers[i].word, name) == 0)
			return drivers[i].driver;
	if (is_driver(name))
		return NULL;
	nearest = diagnostic_suggest(name, given, ARRAY_SIZE(given));
	return nearest && strcmp(nearest, name) != 0 ? nearest : NULL;
}

/* What the letter of a unit multiplies with; 0 for others. */
static uint64_t factor_of(char letter)
{
	static const struct {
		char letter;
		uint64_t factor;
	} factors[] = {
		{ 'k', 1000 },
		{ 'm', 1000000 },
		{ 'g', 1000000000 },
		{ 't', 1000000000000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(factors); i++)
		if ((letter | 0x20) == factors[i].letter)
			return factors[i].factor;
	return 0;
}

/* Bits, not bytes: "bit", "b", "bit/s", "bps", or nothing. */
static bool is_rest_of_unit(const char *string)
{
	static const char *const rests[] = {
		"", "b", "bit", "bits", "bit/s", "bits/s", "bps", "b/s",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rests); i++)
		if (strcmp(string, rests[i]) == 0)
			return true;
	return false;
}

void foreign_value_hint_number(const struct setting *setting, const char *string, struct text *out)
{
	const char *unit = setting->unit ? setting->unit : "bytes", *end;
	uint64_t number, factor;

	if (!setting->scale || scalar_parse_digits(string, &number, &end) < 0 || !*end)
		return;
	end += strspn(end, " ");
	if (strcmp(end, "%") == 0) {
		text_printf(out, "no share of anything can be said here; write it in %s", unit);
		return;
	}
	factor = factor_of(*end);
	if (!factor)
		return;
	if (!is_rest_of_unit(end + 1) || __builtin_mul_overflow(number, factor, &number) ||
	    number % setting->scale)
		text_printf(out, "write a whole number, in %s", unit);
	else if (number / setting->scale <= setting->max)
		text_printf(out, "in %s: %llu", unit,
			    (unsigned long long)(number / setting->scale));
}

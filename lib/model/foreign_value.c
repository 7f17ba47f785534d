/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/foreign_value.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "document/scalar.h"
#include "util/cleanup.h"

static const char trunk_hint[] = "a VF has one VLAN: the kernel knows no trunks here; with "
				 "'vlan: none' it sees and sends tagged frames itself";

static const struct {
	const char *key, *word, *hint;
} words[] = {
	{ "link-state", "up", "write enable" },
	{ "link-state", "yes", "write enable" },
	{ "link-state", "on", "write enable" },
	{ "link-state", "true", "write enable" },
	{ "link-state", "down", "write disable" },
	{ "link-state", "no", "write disable" },
	{ "link-state", "off", "write disable" },
	{ "link-state", "false", "write disable" },
	{ "link-state", "follow", "write auto" },
	{ "vlan", "trunk", trunk_hint },
	{ "vlan", "all", trunk_hint },
	{ "vlan", "untagged", "write none" },
	{ "vlan", "native", "write none" },
	{ "vlan", "off", "write none" },
	{ "mac", "auto", "write stable, or leave the key out" },
	{ "mac", "random", "write stable, or leave the key out" },
	{ "mode", "switchdev", "that is the eswitch's: write eswitch: {mode: switchdev}" },
	{ "mode", "legacy", "that is the eswitch's: write eswitch: {mode: legacy}" },
};

const char *foreign_value_hint(const struct setting *setting, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i].key, setting->key) == 0 && strcasecmp(words[i].word, word) == 0)
			return words[i].hint;
	if (strcmp(setting->key, "vlan") == 0 && strpbrk(word, "-,") &&
	    word[strspn(word, "0123456789-, ")] == '\0' && *word != '-')
		return trunk_hint;
	return NULL;
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

const char *foreign_value_driver(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
		if (strcmp(drivers[i].word, name) == 0)
			return drivers[i].driver;
	return NULL;
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
		text_printf(out, "a share of the link cannot be said; write it in %s", unit);
		return;
	}
	factor = factor_of(*end);
	if (!factor)
		return;
	if (!is_rest_of_unit(end + 1) || __builtin_mul_overflow(number, factor, &number) ||
	    number % setting->scale)
		text_printf(out, "write a whole number, in %s", unit);
	else
		text_printf(out, "in %s: %llu", unit,
			    (unsigned long long)(number / setting->scale));
}

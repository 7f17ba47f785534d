/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doctor/check.h"

#include <string.h>

#include "model/driver.h"
#include "util/text.h"

void check_find(struct examination *examination, const char *what, const char *read,
		const char *remedy)
{
	const struct check *check = examination->check;
	const struct finding finding = {
		.severity = check->severity,
		.check = check->name,
		.pf = examination->subject ? pf_name(examination->subject->pf) : NULL,
		.what = what,
		.read = read,
		.why = check->why,
		.remedy = remedy,
	};

	findings_add(examination->findings, &finding);
}

const char *check_keep(struct examination *examination, const char *string)
{
	if (string)
		return string;
	examination->findings->failed = true;
	return "";
}

const char *check_quote(struct examination *examination, const char *string)
{
	return check_keep(examination, text_quote(string, examination->findings->arena));
}

const char *check_name(struct examination *examination, const struct examined_pf *pf)
{
	return check_quote(examination, pf_name(pf->pf));
}

enum check_answer check_untold(struct examination *examination, const char *reason)
{
	examination->reason = reason;
	return CHECK_UNTOLD;
}

const char *check_place(struct examination *examination, const struct origin *origin)
{
	if (!origin || !origin->document)
		return "the policy";
	return check_format(examination, "%s:%u", origin->document->name, origin->line);
}

const struct value *check_value(const struct examined_pf *pf, uint32_t vf, enum vf_setting setting)
{
	const struct vf *desired = pf_vf(pf->desired->pf, vf), *observed = pf_vf(pf->pf, vf);
	const struct value *value = desired ? VALUES_GET(&desired->settings, setting) : NULL;

	if (!value && observed)
		value = VALUES_GET(&observed->settings, setting);
	return value;
}

uint32_t check_vf_count(const struct examined_pf *pf)
{
	return pf->desired->pf->n_vfs;
}

bool check_pf_has(const struct examined_pf *pf, enum pf_setting setting)
{
	const struct value *value = VALUES_GET(&pf->desired->pf->settings, setting);

	if (!value)
		value = VALUES_GET(&pf->pf->settings, setting);
	return value && value->number;
}

bool check_is_for_guest(const struct examination *examination, uint32_t vf)
{
	const struct value *driver = check_value(examination->subject, vf, VF_DRIVER);

	return driver && driver->form == VALUE_PLAIN && driver_is_vfio(driver->name);
}

const struct pci_function *check_function(const struct examination *examination, uint32_t vf)
{
	const struct vf *observed = pf_vf(examination->subject->pf, vf);

	return observed ? facts_function(examination->examined->facts, observed->address) : NULL;
}

/* "0-2,5" */
static size_t append_which(const struct examination *examination,
			   bool (*holds)(const struct examination *examination, uint32_t vf),
			   struct text *out)
{
	const uint32_t n = check_vf_count(examination->subject);
	size_t count = 0;

	for (uint32_t first = 0, end; first < n; first = end + 1) {
		for (end = first; end < n && holds(examination, end);)
			end++;
		if (end == first)
			continue;
		text_printf(out, count ? ",%u" : "%u", first);
		if (end - first > 1)
			text_printf(out, "-%u", end - 1);
		count += end - first;
	}
	return count;
}

const char *check_which(struct examination *examination,
			bool (*holds)(const struct examination *examination, uint32_t vf))
{
	CLEANUP_TEXT struct text text = { 0 };
	size_t count = append_which(examination, holds, &text);

	examination->findings->failed = examination->findings->failed || text.failed;
	if (!count)
		return NULL;
	return check_format(examination, "VF%s %s", count == 1 ? "" : "s", text_string(&text));
}

const char *check_write(struct examination *examination, const struct examined_pf *pf,
			const char *line)
{
	const struct rule *rule;

	if (!desired_is_managed(pf->desired))
		return check_format(examination, "write '%s' in a rule that matches %s", line,
				    check_name(examination, pf));
	rule = pf->desired->rules[pf->desired->n_rules - 1];
	return check_format(examination, "write '%s' in rule '%s' (%s)", line,
			    check_quote(examination, rule->name),
			    check_place(examination, &rule->origin));
}

/* How arguments of the kernel are set, where that is known of a distribution. */
static const struct {
	const char *distribution, *how;
} loaders[] = {
	{ "debian", "in GRUB_CMDLINE_LINUX_DEFAULT of /etc/default/grub, then 'update-grub'" },
	{ "ubuntu", "in GRUB_CMDLINE_LINUX_DEFAULT of /etc/default/grub, then 'update-grub'" },
	{ "fedora", "with 'grubby --update-kernel=ALL --args=...'" },
	{ "rhel", "with 'grubby --update-kernel=ALL --args=...'" },
	{ "centos", "with 'grubby --update-kernel=ALL --args=...'" },
	{ "rocky", "with 'grubby --update-kernel=ALL --args=...'" },
	{ "almalinux", "with 'grubby --update-kernel=ALL --args=...'" },
	{ "arch", "in /etc/default/grub, then 'grub-mkconfig -o /boot/grub/grub.cfg'" },
	{ "opensuse-leap", "in /etc/default/grub, then 'grub2-mkconfig -o /boot/grub2/grub.cfg'" },
	{ "opensuse-tumbleweed",
	  "in /etc/default/grub, then 'grub2-mkconfig -o /boot/grub2/grub.cfg'" },
	{ "sles", "in /etc/default/grub, then 'grub2-mkconfig -o /boot/grub2/grub.cfg'" },
	{ "proxmox", "in /etc/kernel/cmdline or /etc/default/grub, then "
		     "'proxmox-boot-tool refresh' or 'update-grub'" },
};

const char *check_how_to_boot(const struct facts *facts)
{
	for (size_t i = 0; facts->distribution && i < ARRAY_SIZE(loaders); i++)
		if (!strcmp(facts->distribution, loaders[i].distribution))
			return loaders[i].how;
	return "in the boot loader's configuration";
}

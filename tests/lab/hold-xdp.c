/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* hold-xdp IFNAME: has an XDP program on a network device, which lets everything pass, prints
 * "held" and keeps it until it is killed. */

#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int require(long result, const char *what)
{
	if (result >= 0)
		return (int)result;
	perror(what);
	exit(EXIT_FAILURE);
}

static int load(void)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insn_cnt = sizeof(code) / sizeof(code[0]),
		.insns = (uintptr_t)code,
		.license = (uintptr_t) "LGPL-2.1-or-later",
	};

	return require(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)),
		       "BPF_PROG_LOAD");
}

int main(int argc, char **argv)
{
	union bpf_attr attributes = { .link_create = { .attach_type = BPF_XDP } };

	if (argc != 2) {
		(void)fprintf(stderr, "usage: hold-xdp IFNAME\n");
		return EXIT_FAILURE;
	}
	attributes.link_create.prog_fd = (unsigned)load();
	attributes.link_create.target_ifindex = if_nametoindex(argv[1]);
	attributes.link_create.flags = XDP_FLAGS_SKB_MODE;
	(void)require(syscall(SYS_bpf, BPF_LINK_CREATE, &attributes, sizeof(attributes)),
		      "BPF_LINK_CREATE");
	(void)puts("held");
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}

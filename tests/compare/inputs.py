# SPDX-License-Identifier: LGPL-2.1-or-later
"""The files that programs are run on, in one folder. Programs run in it, so that no path in what
they say is of this machine:

    inventory/ bad-inventory/   hosts
    policy/NAME/                directories of policies; all are valid but those of BAD_POLICIES
    bad/                        files that are not valid, a mistake each
    wait/                       one with which a boot does not wait long
    corpus/NAME/                a policy/ and an inventory.yaml for it
    hosts/ fleet/               folders of inventories: of all hosts above, of a made up fleet
    root/NAME/                  the host of an inventory, and what other programs have, for --root
    special/NAME/               directories with a file that is none, or has too many mistakes
    standard/                   a root whose policy is in the standard directories
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import hosts
import policies

TESTS = Path(__file__).resolve().parent.parent
sys.path.append(str(TESTS / "bench"))
import inventories as fleet  # noqa: E402

FLEET_HOSTS = 200
BAD_POLICIES = ("typo", "same-name", "one-bad")
ADDRESS = re.compile(r'handle: "?[a-z]+/([^",}\s]+)')
OF_VFS = re.compile("vf-defaults|virtual-functions")

# What policies can ask of a host, and the file that has it.
FACTS = {
    "hostname": "etc/hostname",
    "machine-id": "etc/machine-id",
    "kernel-command-line": "proc/cmdline",
    "product-name": "sys/class/dmi/id/product_name",
}

# Other programs that are told to set up VFs.
CONNECTIONS = "etc/NetworkManager/system-connections"
LINKS = "etc/systemd/network"
RIVALS = {
    f"{LINKS}/10-rival.link": "# VFs\n[Match]\nPath=pci-*\n[Link]\nSR-IOVVirtualFunctions=4\n",
    f"{LINKS}/10-rival.link.d/a.conf": "[SR-IOV]\nVirtualFunction=\\\n0\n; more\nTrust=yes\n",
    f"{LINKS}/10-rival.link.d/README": "[Link]\nSR-IOVVirtualFunctions=\n",
    f"{CONNECTIONS}/a\033.nmconnection": "[connection]\ninterface-name=ens1f0np0\n[sriov]\n"
                                         "total-vfs=4\n",
    f"{CONNECTIONS}/by-address": "[connection]\nuuid=b\n[ethernet]\n"
                                 "mac-address=52:54:00:12:34:56\n[sriov]\n",
    f"{CONNECTIONS}/shadowed": "[connection]\nuuid=b\ninterface-name=enp1s0\n[sriov]\n",
}  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """What is in the folder, by name."""

    inventories: list[str]
    policies: list[str]
    narrow: list[str]  # policies whose rules match no PF of most hosts
    of_vfs: set[str]  # policies that say something of VFs
    special: list[str]
    bad: list[str]
    bad_inventories: list[str]
    corpus: list[str]
    pfs: dict[str, list[str]]  # addresses of the PFs of an inventory

    def policies_for(self, inventory: str) -> list[str]:
        everything = inventory not in hosts.INVENTORIES or inventory in hosts.FIT
        return [name for name in self.policies if everything or name not in self.narrow]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def write_inventories(folder: Path) -> None:
    for source in (TESTS / "data/inventory").glob("*.yaml"):
        copy(source, folder / "inventory" / source.name)
    for name, text in hosts.INVENTORIES.items():
        write(folder / "inventory" / f"{name}.yaml", text)
    for name, text in hosts.BAD.items():
        write(folder / "bad-inventory" / f"{name}.yaml", text)
    for source in (TESTS / "fuzz/corpus/inventory").iterdir():
        copy(source, folder / "bad-inventory" / source.name)


def narrow_policies() -> list[Path]:
    return [*(TESTS / "data/good").glob("*.yaml"), *(TESTS.parent / "etc/examples").glob("*.yaml")]


def write_policies(folder: Path) -> None:
    for source in narrow_policies():
        copy(source, folder / "policy" / source.stem / source.name)
    for source in (TESTS / "cli/policy").glob("*/*.yaml"):
        copy(source, folder / "policy" / source.parent.name / source.name)
    for name, text in policies.POLICIES.items():
        write(folder / "policy" / name / f"{name}.yaml", text)
    for name, files in policies.SEVERAL.items():
        for file, text in files.items():
            write(folder / "policy" / name / file, text)
    for source in (TESTS / "data/bad").glob("*.yaml"):
        copy(source, folder / "bad" / source.name)
    write(folder / "wait/zz-wait.yaml", "version: 1\nsettings: {boot-wait: 300ms}\n")


def write_corpus(folder: Path) -> None:
    for source in (TESTS / "fuzz/corpus/plan").iterdir():
        policy, _, inventory = source.read_text(encoding="utf-8").partition("\n===\n")
        write(folder / f"corpus/{source.name}/policy/a.yaml", f"{policy}\n")
        write(folder / f"corpus/{source.name}/inventory.yaml", inventory)


def write_folders(folder: Path) -> None:
    fleet.make(FLEET_HOSTS, folder / "fleet")
    for source in (folder / "inventory").iterdir():
        copy(source, folder / "hosts" / source.name)
    for name in ("version", "syntax", "key"):
        copy(folder / f"bad-inventory/{name}.yaml", folder / f"hosts/bad-{name}.yaml")


def write_root(folder: Path, inventory: Path) -> None:
    root, text = folder / "root" / inventory.stem, inventory.read_text(encoding="utf-8")
    for key, file in FACTS.items():
        found = re.search(rf'{key}: (?:"([^"]*)"|([^,}}\n]+))', text)
        if found:
            write(root / file, f"{found[1] or found[2]}\n")
    for file, text in RIVALS.items():
        write(root / file, text)
    for directory in ("policy", "wait"):
        (root / directory).symlink_to(f"../../{directory}")


def write_standard(folder: Path) -> None:
    """One file masks another, one is masked wholly, one is not for this host, one is no policy."""
    root = folder / "standard"
    write(root / "etc/sriovd/10-a.yaml", policies.policy(policies.rule("vfs: 2", "a")))
    write(root / "usr/lib/sriovd/10-a.yaml", "this: is no policy\n")
    write(root / "usr/lib/sriovd/20-b.yaml", "nor: is this\n")
    write(root / "usr/lib/sriovd/30-c.yaml", policies.POLICIES["elsewhere"])
    write(root / "run/sriovd/40-d.yaml", policies.policy(policies.rule("mtu: 9000", "d")))
    write(root / "run/sriovd/README", "no policy\n")
    (root / "etc/sriovd/20-b.yaml").symlink_to("/dev/null")
    write(folder / "untrusted/etc/sriovd/10-a.yaml", policies.POLICIES["vfs-2"])
    (folder / "untrusted/etc/sriovd/10-a.yaml").chmod(0o666)


def write_special(folder: Path) -> None:
    for name in ("directory", "fifo", "link", "dangling", "many"):
        (folder / name).mkdir(parents=True)
    (folder / "directory/a.yaml").mkdir()
    os.mkfifo(folder / "fifo/a.yaml")
    (folder / "link/a.yaml").symlink_to("/dev/zero")
    (folder / "dangling/a.yaml").symlink_to("/nonexistent")
    body = "virtual-functions: [{index: 0, vlan: 4095}, {index: 1, vlna: 3}]"
    rules = [policies.rule(body, f"rule-{number}") for number in range(200)]
    write(folder / "many/a.yaml", policies.policy(*rules))


def names(folder: Path) -> list[str]:
    return sorted(path.name.removesuffix(".yaml") for path in folder.iterdir())


def make(folder: Path) -> Inputs:
    """Writes all of them."""
    write_inventories(folder)
    write_policies(folder)
    write_corpus(folder)
    write_folders(folder)
    write_standard(folder)
    write_special(folder / "special")
    inventories = sorted((folder / "inventory").iterdir())
    for inventory in inventories:
        write_root(folder, inventory)
    return Inputs(
        inventories=[path.stem for path in inventories],
        policies=[name for name in names(folder / "policy") if name not in BAD_POLICIES],
        of_vfs={path.parent.name for path in (folder / "policy").glob("*/*.yaml")
                if OF_VFS.search(path.read_text(encoding="utf-8"))},
        narrow=[source.stem for source in narrow_policies()],
        special=names(folder / "special"),
        bad=names(folder / "bad"),
        bad_inventories=names(folder / "bad-inventory"),
        corpus=names(folder / "corpus"),
        pfs={path.stem: ADDRESS.findall(path.read_text(encoding="utf-8")) for path in inventories},
    )

#!/bin/sh
# interfaces(5): a hook in /etc/network/if-pre-up.d, which is run with $IFACE for each interface
[ "$IFACE" = ens1f0 ] || exit 0
echo 4 > /sys/class/net/$IFACE/device/sriov_numvfs
ip link set $IFACE vf 0 spoofchk off

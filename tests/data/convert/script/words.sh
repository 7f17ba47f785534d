#!/bin/sh
# What stands for several words, without quotes: sh(1), field splitting
PORTS="ens1f0 ens1f1"
ALL=$PORTS
NONE=
TRUST="trust on"
for pf in $ALL; do
	echo 4 > /sys/class/net/$pf/device/sriov_numvfs
	ip link set $pf vf 0 $NONE $TRUST
done
IFS=,
for pf in $ALL; do
	ip link set $pf vf 2 trust on
done

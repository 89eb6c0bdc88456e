# SPDX-License-Identifier: BSD-2-Clause
# guest-trees.sh X: the text of each guest's device tree X.GUEST.dtb, to read: X.GUEST.dts.
for tree in "$1".*.dtb; do
	[ ! -e "$tree" ] || dtc -q -I dtb -O dts -o "${tree%b}s" "$tree" || exit
done

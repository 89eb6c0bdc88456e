# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A user's errors: one clear line and exit code 1 each; --help of everything works.
S=$TOP/skerry
K=$GUESTS/cloud.Image
refused "/no/such/kernel: no such file" "$S" boot --kernel /no/such/kernel
refused "/: not a file" "$S" boot --kernel /
: >"$WORK/empty"
refused "is empty" "$S" boot --kernel "$WORK/empty"
refused "--kernel FILE is missing" "$S" boot
refused "--kernel needs a value" "$S" boot --kernel
refused "/no/such/initrd: no such file" "$S" boot --kernel "$K" --initrd /no/such/initrd
refused "--mem 3T" "$S" boot --kernel "$K" --mem 3T
refused "--mem 1M" "$S" boot --kernel "$K" --mem 1M
refused "--mem 900000G" "$S" boot --kernel "$K" --mem 900000G
refused "--mem -5" "$S" boot --kernel "$K" --mem -5
refused "--cpus 0" "$S" boot --kernel "$K" --cpus 0
refused "--cpus 99" "$S" boot --kernel "$K" --cpus 99
refused "--cpu pentium" "$S" boot --kernel "$K" --cpu pentium
refused "--cores 9" "$S" boot --kernel "$K" --cores 9
refused "--timeout soon" "$S" boot --kernel "$K" --timeout soon
refused "--arch vax" "$S" boot --kernel "$K" --arch vax
refused "--append: " "$S" boot --kernel "$K" --append "$(printf '%3000s' x)"
refused "one line" "$S" boot --kernel "$K" --append $'a\nb'
refused "--machine-transport usb: expected mmio or pci" "$S" boot --kernel "$K" --machine-transport usb
truncate -s 1M "$WORK/disk"
four=(--disk "$WORK/disk" --disk "$WORK/disk,ro" --disk "$WORK/disk" --disk "$WORK/disk")
refused "too many; a guest has up to 4 disks" "$S" boot --kernel "$K" "${four[@]}" --disk "$WORK/disk"
refused "the system disk-mapped has drivers for 1 of the machine's disks" "$S" boot --kernel "$K" --system disk-mapped "${four[@]}"
refused "the system disk-mapped drives nothing on PCI" "$S" boot --kernel "$K" --system disk-mapped --machine-transport pci
refused "--frobnicate: no such option" "$S" boot --kernel "$K" --frobnicate
refused "--kernel FILE is missing" "$S" boot --debug
refused "--debug=yes: no such option" "$S" boot --kernel "$K" --debug=yes
refused "nothing-like-it: no such system" "$S" boot --kernel "$K" --debug --system nothing-like-it
refused "frobnicate: no such command" "$S" frobnicate
refused "nothing-like-it: no such system" "$S" run nothing-like-it
refused "linux keeps no disks" "$S" run linux --fresh
export SKERRY_DATA=$WORK/data
refused "have disks of their own" "$S" run --disk "$WORK/disk"
mkdir "$SKERRY_DATA"
: >"$SKERRY_DATA/default-guest1.img"
refused "this is no disk of a guest" "$S" run
refused "nothing-like-it: no such test" "$S" test nothing-like-it
for command in run boot test bench size build setup clean; do
	"$S" "$command" --help >"$WORK/help" || fail "$command --help ends with $?"
	grep -q "^Usage: ./skerry $command" "$WORK/help" || fail "$command --help says: $(cat "$WORK/help")"
done
"$S" --help | grep -q '^Usage: ./skerry COMMAND' || fail "--help"

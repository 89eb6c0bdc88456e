# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The firewall between two networks: the guest inside reaches this machine through it and
# in no other way. A wire past it breaks the policy; a rule in it stops the traffic.
"$TOP/skerry" check firewall || fail "the policy of firewall does not hold"
mkdir "$WORK/past"
sed '0,/virtio net0 via within.port;/s//&\n\t\t\tvirtio net1 via without.port;/' \
	"$TOP/apps/demos/firewall/firewall.adl" >"$WORK/past/firewall.adl"
said=$("$TOP/skerry" check "$WORK/past/firewall.adl" 2>&1) && fail "a wire past the firewall is allowed"
echo "$said"
[[ $said == *"VIOLATED  deny flow inside -> without"*"Virtio inside.net1"* ]] || fail "the wire past the firewall is not named"

serve 300000

debian_run firewall inside
ask 'for i in $(seq 60); do ping -c 1 -W 1 host >/dev/null && break; done; ping -c 2 -w 20 host'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "this machine does not answer: $ANSWER"
ask "wget -q -O - http://host:$port/file | md5sum"
[[ $ANSWER == *"$sum"* ]] || fail "the file arrived changed: $ANSWER, expected $sum"
# A made-up neighbour on the outer network is not to be had from here.
ask 'ip addr add 10.0.2.99/24 dev eth0; ping -c 2 -W 1 -I 10.0.2.99 10.0.2.2; ip addr del 10.0.2.99/24 dev eth0'
[[ $ANSWER == *"100% packet loss"* ]] || fail "the outer network is reached directly: $ANSWER"

console 2 firewall
ask 'nft list chain ip firewall forward | grep -c accept; nft flush chain ip firewall forward && echo shut'
[[ $ANSWER == *2*shut* ]] || fail "the firewall's rules: $ANSWER"
console 1 inside
ask 'ping -c 2 -W 1 host'
[[ $ANSWER == *"100% packet loss"* ]] || fail "the firewall is shut and this machine answers: $ANSWER"
ask 'ping -c 1 -w 20 firewall'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "the firewall does not answer: $ANSWER"
send 'poweroff'
console 2 firewall
send 'poweroff'
ends 60 0

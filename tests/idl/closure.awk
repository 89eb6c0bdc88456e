# SPDX-License-Identifier: BSD-2-Clause
#
# The authority closure a second time, from the text form of a system spec, by
# Warshall's algorithm: awk -v dma="dev1 dev2" -f closure.awk SPEC.txt
# Prints "A -> B" for every pair such that what A does can change what B sees.

function value(key,   i) {
	for (i = 2; i <= NF; i++)
		if (index($i, key "=") == 1)
			return substr($i, length(key) + 2)
	return ""
}
function subject(name) { if (!(name in seen)) { seen[name] = 1; order[n++] = name } }
function flow(a, b) { if (a != "" && b != "" && a != b) reach[a, b] = 1 }
function has(list, word) { return index("," list ",", "," word ",") > 0 }

$1 == "component" { subject($2); owner[$2 ".main"] = $2; made[$2] = value("slot") }
$1 == "slot" { kind[$2] = "slot" }
$1 == "control" { kind[$2] = "control" }
$1 == "device" && value("of") != "" { part[$2] = value("of"); next } # a function's configuration space
$1 == "guest" || $1 == "device" { subject($2); if ($1 == "device") device[$2] = 1; else guest[$2] = 1 }
$1 == "thread" { owner[$2] = value("owner") }
$1 == "vcpu" { space[$2] = value("space") }
$1 == "notification" { kind[$2] = "notification"; bind[$2] = value("bind") }
$1 == "endpoint" { kind[$2] = "endpoint"; takes[$2] = / takes( |$)/; gives[$2] = / gives$/ }
$1 == "cnode" { owner[$2] = value("owner") }
$1 == "irq" { irqdevice[$2] = value("device"); irqtold[$2] = value("bind") }
$1 == "map" { maps++; who[maps] = $2; what[maps] = value("object"); rights[maps] = value("rights") }
$1 == "guestmap" { maps++; who[maps] = $2; what[maps] = value("object"); rights[maps] = value("rights") }
$1 == "cap" { caps++; holder[caps] = $2; object[caps] = value("object"); may[caps] = value("rights") }

# All that A has, B may be given: a line for each such capability, as if it had it.
function pass(a, b,   k, key) {
	for (k = 1; k <= caps; k++) {
		key = b SUBSEP object[k] SUBSEP may[k]
		if (holder[k] != a || object[k] in irqdevice || key in have) continue
		have[key] = 1
		holder[++caps] = b; object[caps] = object[k]; may[caps] = may[k]
	}
}
# A server that takes capabilities from its callers, one that sends them some.
function give(   i, j, before) {
	for (i = 1; i <= caps; i++) have[holder[i], object[i], may[i]] = 1
	do {
		before = caps
		for (i = 1; i <= caps; i++) {
			if (!(takes[object[i]] || gives[object[i]]) || !has(may[i], "call")) continue
			for (j = 1; j <= caps; j++) {
				if (object[j] != object[i] || !has(may[j], "serve")) continue
				if (takes[object[i]]) pass(holder[i], holder[j])
				if (gives[object[i]]) pass(holder[j], holder[i])
			}
		}
	} while (caps > before)
}

# Everybody who is told when notification N is signalled hears A.
function tell(a, n,   i) {
	for (i = 1; i <= caps; i++)
		if (object[i] == n && has(may[i], "wait"))
			flow(a, holder[i])
	if (bind[n] != "")
		flow(a, owner[bind[n]])
}

END {
	give()
	for (i = 1; i <= maps; i++)
		if (what[i] in part) what[i] = part[what[i]]
	for (i = 1; i <= maps; i++) {
		if (what[i] in device) {
			flow(what[i], who[i])
			if (rights[i] ~ /w/) flow(who[i], what[i])
			continue
		}
		for (j = 1; j <= maps; j++)
			if (what[i] == what[j] && rights[i] ~ /w/ && rights[j] ~ /r/)
				flow(who[i], who[j])
	}
	for (i = 1; i <= caps; i++) {
		o = object[i]
		if (kind[o] == "endpoint" && has(may[i], "call")) {
			for (j = 1; j <= caps; j++)
				if (object[j] == o && has(may[j], "serve")) { flow(holder[i], holder[j]); flow(holder[j], holder[i]) }
		} else if (kind[o] == "notification" && has(may[i], "signal")) {
			tell(holder[i], o)
		} else if (kind[o] == "slot") {
			for (c in made)
				if (made[c] == o) { flow(holder[i], c); flow(c, holder[i]) }
		} else if (kind[o] == "control") { # whoever starts and stops all components, and hears how they fare
			for (c in made) { flow(holder[i], c); flow(c, holder[i]) }
		} else if (o in space) {
			if (has(may[i], "write")) flow(holder[i], space[o])
			flow(space[o], holder[i])
		} else if (o in owner) {
			if (has(may[i], "write")) flow(holder[i], owner[o])
		} else if (o in irqdevice) {
			flow(holder[i], irqdevice[o])
			tell(irqdevice[o], irqtold[o])
		}
	}
	m = split(dma, list, " ")
	for (i = 1; i <= m; i++)
		for (j = 0; j < n; j++)
			if (!(order[j] in device)) { flow(list[i], order[j]); flow(order[j], list[i]) }
	for (k = 0; k < n; k++)
		for (i = 0; i < n; i++)
			if ((order[i], order[k]) in reach)
				for (j = 0; j < n; j++)
					if ((order[k], order[j]) in reach)
						reach[order[i], order[j]] = 1
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			if (i != j && (order[i], order[j]) in reach)
				print order[i] " -> " order[j]
}

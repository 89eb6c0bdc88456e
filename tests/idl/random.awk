# SPDX-License-Identifier: BSD-2-Clause
#
# A random system: awk -v seed=N -f random.awk. Components c0.., each of a type of
# its own with just the ends that its connections need; guests g0.., devices d0..

function pick(n) { return int(rand() * n) }
function port(c, line) { type[c] = type[c] "\t" line "\n" }
function join(line) { wires = wires "\t\tconnection " line "\n" }

# A device that guest G is given, half of them with its interrupt.
function passed(g) {
	if (pick(4)) return ""
	vms = vms "\t\tdevice x" g " \"/x@" g "\"" (pick(6) == 0 ? " dma" : "") ";\n"
	return "device x" g " at 0xb000000" (pick(2) ? " irq 72" : "") "; "
}

BEGIN {
	srand(seed)
	components = 1 + pick(9)
	guests = pick(4)
	if (components + guests > 15) guests = 15 - components
	devices = pick(3)
	links = pick(components * 2)
	for (l = 0; l < links; l++) {
		a = pick(components)
		b = pick(components)
		if (a == b) continue
		k = pick(5)
		if (k == 0) {
			if (a > b) { t = a; a = b; b = t } # no circle
			name = pick(5) ? "P" : pick(2) ? "G" : "L"
			port(a, "uses " name " p" l ";")
			port(b, "provides " name " q" l ";")
			join("RPC l" l "(from c" a ".p" l ", to c" b ".q" l ");")
		} else if (k == 1) {
			port(a, "emits E e" l ";")
			port(b, "consumes E f" l ";")
			join("Notify l" l "(from c" a ".e" l ", to c" b ".f" l ");")
		} else if (k == 2) {
			port(a, "dataport Buf m" l ";")
			port(b, "dataport Buf n" l (pick(2) ? " ro" : "") ";")
			line = "Shared l" l "(from c" a ".m" l ", to c" b ".n" l
			c = pick(components)
			if (c != a && c != b) { port(c, "dataport Buf o" l " ro;"); line = line ", to c" c ".o" l }
			join(line ");")
		} else {
			ring = k == 3 ? "R" : "O"
			port(a, "uses " ring " r" l ";")
			port(b, "provides R s" l " max 1;")
			join("Ring l" l "(from c" a ".r" l ", to c" b ".s" l ");")
		}
	}
	for (g = 0; g < guests; g++) {
		b = pick(components)
		talks[g] = pick(3)
		vmm[g] = "component V" g " {\n\tvmm;\n\temits Exit exit;\n"
		given = passed(g)
		vms = vms "\t\tvm g" g " { vmm V" g " v" g "; vcpus " (1 + pick(3)) "; ram 16M; kernel \"k\"; " given "}\n"
		if (talks[g] > 0) {
			vmm[g] = vmm[g] "\tuses " (talks[g] == 1 ? "R" : "O") " console;\n"
			port(b, "provides R t" g " max 2;")
			join("Ring v" g "(from v" g ".console, to c" b ".t" g ");")
		}
		join("Notify x" g "(from v" g ".exit, to system.exit);")
	}
	for (d = 0; d < devices; d++) {
		b = pick(components)
		how = 1 + pick(3)
		vms = vms "\t\tdevice d" d " \"/dev@" d "\"" (pick(6) == 0 ? " dma" : "") ";\n"
		if (pick(8) == 0) { port(b, "memory Buf w" d ";"); join("DMA m" d "(from d" d ", to c" b ".w" d ");") }
		if (how != 2) { port(b, "dataport Buf h" d (pick(3) == 0 ? " ro" : "") ";"); join("HwMMIO h" d "(from c" b ".h" d ", to d" d ");") }
		if (how != 1) { c = pick(components); port(c, "consumes Irq i" d ";"); join("HwIRQ i" d "(from d" d ", to c" c ".i" d ");") }
	}
	for (s = 0; s < 2 && components + guests + 2 * s < 13; s++) {
		if (pick(2)) continue
		a = pick(components)
		b = pick(components)
		k = pick(3)
		port(a, "uses Slot z" s ";")
		join("RPC z" s "(from c" a ".z" s ", to s" s ");")
		if (k == 0) { inner = "uses R u;"; port(b, "provides R u" s " max 2;"); join("Ring y" s "(from s" s ".u, to c" b ".u" s ");") }
		if (k == 1) { inner = "emits E u;"; port(b, "consumes E u" s ";"); join("Notify y" s "(from s" s ".u, to c" b ".u" s ");") }
		if (k == 2) { inner = "dataport Buf u" (pick(2) ? " ro" : "") ";"; port(b, "dataport Buf u" s ";"); join("Shared y" s "(from s" s ".u, to c" b ".u" s ");") }
		vmm[guests + s] = "component S" s " {\n\tcontrol;\n\t" inner "\n"
		vms = vms "\t\tslot 2 within 1M component S" s " s" s ";\n"
	}
	if (pick(5) == 0) { # one of them, or an instance of a slot, may start and stop all
		if (pick(3) == 0 && guests in vmm) { vmm[guests] = vmm[guests] "\tuses Supervisor all;\n"; a = "s0" }
		else { a = pick(components); port(a, "uses Supervisor all;"); a = "c" a }
		join("RPC all(from " a ".all, to system.supervisor);")
	}
	print "procedure Supervisor { void list(); }"
	print "procedure P { void a(in " (pick(2) ? "uint32_t" : "string<20>") " x); }"
	print "procedure G { void a(in capability x); }"
	print "procedure L { void a(out capability x); }"
	print "event E;\nring R { size 8K; }\nring O extends R { oneway; }"
	for (c = 0; c < components; c++) printf "component C%d {\n\thardware;\n%s}\n", c, type[c]
	for (g = 0; g < guests + 2; g++) if (g in vmm) printf "%s}\n", vmm[g]
	print "assembly {\n\tcomposition {"
	for (c = 0; c < components; c++) printf "\t\tcomponent C%d c%d;\n", c, c
	printf "%s%s\t}\n}\n", vms, wires
}

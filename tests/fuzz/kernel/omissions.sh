# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# omissions.sh [NAME]: leaves out one thing of the kernel at a time that it must do, and runs
# a test of tests/unit/kernel until that is noticed: each must be, the random life
# within so many seeds. So the checks are known to see what they are there for.
# NAME, a pattern: only what is called so.
set -u
only=${1:-}
kernel=kernel
kit=tests/unit/kernel
seeds=${SKERRY_OMISSION_SEEDS:-10}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

flags=(-std=c11 -O1 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Dsched_yield=kernel_sched_yield -w)

# compile KERNEL FOLDER FILE...: objects in FOLDER, by KERNEL's headers.
compile() {
	local from=$1 to=$2 file
	shift 2
	for file in "$@"; do
		cc "${flags[@]}" -include "$from/arch/host/shared.h" -I"$from/arch/host" -I"$from/core" -I"$from/include" \
			-I"$from/debug" -I$kit -c "$file" -o "$to/$(basename "$(dirname "$file")")-$(basename "$file" .c).o" || exit 1
	done
}

# compile_all KERNEL FOLDER: all of the simulated machine, and what drives it.
compile_all() {
	mkdir -p "$2"
	compile "$1" "$2" "$1"/core/*.c "$1"/arch/host/*.c "$1"/debug/check*.c "$1"/debug/host/*.c \
		$kit/{kit,invariants,turns,life}.c $kit/*_{life,model}.c
	rm -f "$2/core-memset.o"
}

# one NAME TEST FILE SED-SCRIPT FOLDER
one() {
	local name=$1 test=$2 file=$3 script=$4 folder=$5 seed
	cp -r $kernel "$folder/kernel" || exit 1
	sed -E "$script" $kernel/core/"$file" >"$folder/kernel/core/$file"
	if cmp -s $kernel/core/"$file" "$folder/kernel/core/$file"; then
		echo "not ok $name: $file has no such line"
		return 1
	fi
	if [ "${file%.c}" = "$file" ]; then
		compile_all "$folder/kernel" "$folder/o"
	else
		cp -r "$work/whole" "$folder/o"
		compile "$folder/kernel" "$folder/o" "$folder/kernel/core/$file"
	fi
	compile "$folder/kernel" "$folder/o" "$kit/$test.c"
	cc -o "$folder/life" "$folder"/o/*.o -lcmocka -lpthread || exit 1
	for ((seed = 1; seed <= seeds; seed++)); do
		if ! KIT_SEED=$seed timeout 60 "$folder/life" >"$folder/log" 2>&1; then
			echo "ok $name: noticed with seed $seed"
			return
		fi
	done
	echo "not ok $name: not noticed in $seeds lives"
	return 1
}

# omit NAME TEST FILE SED-SCRIPT: TEST of tests/unit/kernel with FILE of kernel/core changed; as many at once as there are processors.
omit() {
	local folder
	[[ $1 =~ $only ]] || return
	while (($(jobs -rp | wc -l) >= $(nproc))); do
		wait -n
	done
	folder=$(mktemp -d "$work/XXXXXX") || exit 1
	{
		(one "$@" "$folder") || touch "$work/failed"
		rm -rf "$folder"
	} &
}

compile_all $kernel "$work/whole"
omit 'TLB invalidation after unmap and protect' random space.c '/arch_space_flush\(space, ipa, done/d'
omit 'barrier after a mapping' random space.c '/arch_space_publish\(\(rights/d'
omit 'unmapping before a capability goes' random slot.c 's/status = memory_unmap_step\(slot\);/status = SK_OK;/'
omit 'a dying Space leaves the cores' random space.c '/REQUEST_DROP_SPACE, space\)/d'
omit 'grace period before memory is used anew' race core.c 's/i < core_count; i\+\+\)/i < (what == REQUEST_GRACE ? 0 : core_count); i++)/'
omit 'sequence check of a slot' race slot.h 's/\(seq \& 1\) \|\| seq != atomic_load_explicit\(\&slot->seq, memory_order_relaxed\)/0/'
omit 'a VMID is forgotten by all TLBs' memory space.c '/^\tarch_vmid_flush\(vmid\);/d'
omit 'zeroes in memory that is used anew' random untyped.c '/__builtin_memset\(pa_to_va/d'
omit 'a pinned Space keeps its mappings' pin memory.c 's/if \(space->pin\)/if (0)/'
omit 'a pinned Space keeps its VMID' memory space.c 's/ \&\& !vmid_of\[turn\]->pin//'
omit 'callers return when their server dies' random endpoint.c 's/release_caller\(([a-z]+), SK_ABORTED\);/;/'
omit 'a copy is a child of its source' caps slot.c '/^\tslot_adopt\(from, to\);/d'
omit 'the mask of rights' caps slot.c 's/CAP_RIGHTS\(cap\) \& rights/CAP_RIGHTS(cap)/'
omit 'rights are taken away, not given' caps slot.c 's/CAP_RIGHTS\(cap\) \& rights/rights/'
omit 'an occupied slot' caps cnode.c 's/return slot_empty\(pair->to\) \? SK_OK : SK_OCCUPIED;/return SK_OK;/'
omit 'a slot from which was moved' caps slot.c 's/^\tslot_write\(from, 0, 0\);//'
omit 'a badge is for good' caps cnode.c 's/slot_badge\(p.from\) != 0 \|\| //'
omit 'the parent of what a deleted capability leaves' caps slot.c '/^\t\tfirst->prev = slot->prev;/,/^\t\tlast->next = slot->next;/s/slot->(prev|next)/0/'
omit 'a capability without a copy' caps cnode.c 's/^\tif \(!cap_copyable\(CAP_TYPE\(slot_cap\(p.from\)\)\)\)/\tif (0)/'
omit 'the right to write to a cnode' caps entry.c 's/(cnode_(copy|mint|move|delete|revoke), ON\(SK_TYPE_CNODE), SK_RIGHT_WRITE/\1, 0/'
omit 'the end of the range of a mint' caps cnode.c 's/ \|\| length > bytes - offset//'
omit 'TLB invalidation after protect' caps space.c 's/^\tif \(hits\)$/\tif (hits \&\& !rights)/'
omit 'TLB invalidation after the unmapping of a page' caps space.c '/^\tarch_space_flush\(space, ipa, 1\)/d'
omit 'TLB invalidation of all pages that were unmapped' caps space.c 's/(arch_space_flush\(space, ipa, )done >> SK_PAGE_BITS\)/\11)/'
omit 'TLB invalidation of a Space that dies' caps space.c '/arch_vmid_flush\(space->vmid\);/d'
omit 'the rights that protect asks for' caps space.c 's/pte_leaf\(pa, p.level > 0, rights,/pte_leaf(pa, p.level > 0, rights | pte_rights(pte),/'
omit 'the rights of a block that becomes pages' caps space.c 's/pte_leaf\(pa, false, pte_rights\(pte\)/pte_leaf(pa, false, 3/'
omit 'the rights of a mapping are of its capability' caps memory.c 's/^\treturn \(rights \& .*== 0 \&\&/\treturn/'
omit 'what another capability maps is left alone' caps space.c 's/return pte_valid\(pte\) \&\& pte_address\(pte\).a == pa.a;/return pte_valid(pte);/'
omit 'a block that another capability maps is not split' memory space.c 's/ \&\& offset >= into \&\&$/;/;/^\t       start \+ SK_BLOCK <=/d'
omit 'a mapping moves with its capability' caps slot.c '/^\tto->ipa = from->ipa;/d'
omit 'a copy is not mapped' caps slot.c 's/^\tto->pages = from->pages;/&\n\tto->space = from->space, to->ipa = from->ipa;/'
omit 'memory is bound until all of it is unmapped' caps memory.c 's/memory->cleared == memory->pages/memory->cleared/'
omit 'a map after a part was unmapped' caps memory.c 's/^\t\tmemory->cleared = 0;$/\t\t;/'
omit 'a protect after a part was unmapped' memory memory.c 's/^\t\tmemory->cleared = 0; \/\*/\t\t; \/*/'
omit 'no block must be split when a capability goes' memory memory.c 's/ \& ~\(SK_BLOCK - 1\);$/;/'
omit 'the badge of a capability that is sent' caps endpoint.c 's/slot_derive\(from, to, SK_RIGHTS_ALL, slot_badge\(from\)/slot_derive(from, to, SK_RIGHTS_ALL, 0/'
omit 'what cannot be copied is not sent' caps endpoint.c 's/if \(!cap_copyable\(/if (0 \&\& !cap_copyable(/'
omit 'nothing is sent into an occupied slot' caps endpoint.c '/^	if \(!slot_empty\(to\)\)/,/OCCUPIED/d'
omit 'a call whose capability cannot be sent' caps endpoint.c '/status = send_capability\(thread/,/return status/s/return status;/;/'
omit 'an answer whose capability cannot be sent' caps endpoint.c 's/^	return (send_capability\(.*\));$/	return (\1) * 0;/'
omit 'the capability of a caller in the queue' caps endpoint.c 's/^		if \(caller->send_slot\) \{/		if (0) {/'
omit 'the slot that a server names anew' caps endpoint.c '/^	thread->receive_slot = receive;/d'
omit 'the slot that a caller names for the answer' caps endpoint.c '/^	server->answer_slot = caller->receive_slot;/d'
omit 'an answer without a capability' caps endpoint.c '/^		frame_extra\(\&caller->frame\) = 0;/d'
omit 'the kernel lock' caps core.h 's/(\&kernel_tickets.owner, memory_order_acquire\) == ticket);/\1 || 1;/'
wait
[ ! -e "$work/failed" ]

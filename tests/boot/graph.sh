# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The page of `./skerry graph` in a real browser without a screen: a click on a box shows
# that box's capabilities and trusted set, and marks its connections.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "there is no chromium"
for system in linux two; do
	"$TOP/skerry" graph $system --out "$WORK/$system.html" || fail "graph $system"
	cp "$WORK/$system.html" "$WORK/click.html"
	echo '<script>document.querySelector("[data-node=\"1\"]").dispatchEvent(new MouseEvent("click"));
		document.title = getComputedStyle(document.getElementById("of1")).display + " " +
			getComputedStyle(document.getElementById("of0")).display + " " +
			document.querySelectorAll(".line.on").length + " " + document.querySelectorAll(".node").length +
			" " + document.querySelector("svg").getBoundingClientRect().width</script>' >>"$WORK/click.html"
	timeout 240 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$WORK/profile" --dump-dom "file://$WORK/click.html" \
		>"$WORK/dom" 2>"$WORK/browser.log" || fail "the browser did not load the page: $(tail -n 3 "$WORK/browser.log")"
	title=$(sed -n 's/.*<title>\(.*\)<\/title>.*/\1/p' "$WORK/dom")
	echo "$system: $title"
	read -r shown hidden lines nodes width <<<"$title"
	[ "$shown" = block ] && [ "$hidden" = none ] || fail "the click shows $shown, the other box has $hidden"
	[ "$lines" -gt 0 ] && [ "$nodes" -gt 3 ] && [ "${width%.*}" -gt 300 ] || fail "lines $lines, boxes $nodes, width $width"
done

# SPDX-License-Identifier: BSD-2-Clause
# What a compiler made of client_calls.c, as assembly of arm or arm64: every register that a call takes must be
# written after the last function call before the HVC or SMC, and every result read before the next one.
# saved: the first register that calls keep, 4 for arm, 8 for arm64.
# Functions are straight lines between the two; what is in neither direction reached by a call is not looked at.
# Prints what is lost, and how many HVCs and SMCs were judged; fails when a register is lost or nothing was judged.

# bit(set, n): whether the hexadecimal set has rn.
function bit(set, n,   digit) {
  digit = index("0123456789abcdef", substr(set, 2 - int(n / 4), 1)) - 1
  return int(digit / 2 ^ (n % 4)) % 2
}
# register(text): its number, -1 for none of r0 to r7.
function register(text) {
  return text ~ /^[xwr][0-7]$/ ? substr(text, 2) + 0 : -1
}
# operands(line): into word[1..count]; ranges in braces are written out, their braces are gone.
function operands(line,   n, part, pair, i, range, j) {
  # A32 names the first register of a pair alone.
  pair = line ~ /^[ \t]*(ldrd|strd)[ \t]+r[0-9]+,[ \t]*\[/
  sub(/^[ \t]*[a-z0-9.]+[ \t]+/, "", line)
  sub(/[ \t]*(@|\/\/).*/, "", line)
  gsub(/[][{}!]/, "", line)
  n = split(line, part, /[ \t]*,[ \t]*/)
  count = 0
  for (i = 1; i <= n; ++i) {
    if (part[i] ~ /^r[0-9]+-r[0-9]+$/) {
      split(part[i], range, /-?r/)
      for (j = range[2] + 0; j <= range[3] + 0; ++j) word[++count] = "r" j
    } else word[++count] = part[i]
    if (pair && i == 1) word[++count] = "r" (substr(part[1], 2) + 1)
  }
}
# targets(name): how many operands from the first on are written by it; -1: all but the first.
function targets(name) {
  if (name ~ /^(str|stp|stm|stur|stl|cmp|cmn|tst|push|cb|tb|b$|b[a-z.]|dsb|nop)/) return 0
  if (name ~ /^(ldp|ldrd)/) return 2
  if (name ~ /^(ldm|pop)/) return -1
  return 1
}
function lost(what, n) { print FILENAME ": " what " of " func_name " lost: r" n; bad = 1 }

/^calls_i[0-9a-f]+_o[0-9a-f]+_[a-z0-9_]+:/ {
  func_name = substr($1, 1, length($1) - 1)
  split(func_name, field, "_")
  takes = substr(field[2], 2); gives = substr(field[3], 2)
  called = 0; after = 0
  split("", written); split("", read)
  next
}
func_name == "" || /^[ \t]*(@|\/\/|#)/ { next }
/^[ \t]*\.(inst|size)/ && /\.inst/ {
  if (called)
    for (n = 0; n < 8; ++n)
      if (bit(takes, n) && !(n in written)) lost("an argument", n)
  after = 1; ++judged
  split("", dead); split("", read)
  next
}
/^[ \t]*\.size/ {
  if (after) results()
  func_name = ""
  next
}
/^[ \t]*\./ || /:/ { next }
{
  name = $1
  if (name ~ /^(bl|blx)$/) {
    if (after) { results(); after = 0 }
    called = 1
    for (n = 0; n < saved; ++n) delete written[n]
    next
  }
  if (name ~ /^(b|ret|bx)$/ && after) { results(); after = 0; next }
  operands($0)
  first = targets(name)
  for (i = 1; i <= count; ++i) {
    n = register(word[i])
    if (n >= 0 && (first == -1 ? i == 1 : i > first) && after && !(n in dead)) read[n]
  }
  for (i = 1; i <= count; ++i) {
    n = register(word[i])
    if (n >= 0 && (first == -1 ? i > 1 : i <= first)) { written[n]; dead[n] }
  }
}
function results(   n) {
  for (n = 0; n < 8; ++n)
    if (bit(gives, n) && !(n in read)) lost("a result", n)
}
END {
  if (judged == 0) { print FILENAME ": no HVC"; bad = 1 }
  print judged " calls"
  exit bad
}

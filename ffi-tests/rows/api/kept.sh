# Sourced by the rows that hold what is public to a kept text.

# changes KEPT NEW [OWNER]: both have one public name a line, sorted. Says what is new and what breaks those who
# used it: what is gone or has changed, and a new line for which OWNER, a program of sed, prints the beginning
# of a line that was kept. The first goes to `new` as well, the second to `broken`; both are empty if there is none.
changes() {
  local kept=$1 line owner name
  name=$(basename "$kept")
  new=$(LC_ALL=C comm -13 "$kept" "$2")
  broken=$(LC_ALL=C comm -23 "$kept" "$2")
  while read -r line; do
    owner=$(sed -nE "${3:-}" <<<"$line")
    [ -z "$owner" ] || ! grep -qE "^$owner( |$)" "$kept" || broken+=$'\n'$line
  done <<<"$new"
  broken=${broken#$'\n'}
  [ -z "$new" ] || { echo "$name: new:"; sed 's/^/+ /' <<<"$new"; }
  [ -z "$broken" ] || { echo "$name: gone, changed, or asked of those who implement it:"; sed 's/^/- /' <<<"$broken"; }
}

# bless BROKEN: whether the new state is to be kept, where it differs; if not, says what keeps it.
bless() {
  [ "${PEERAGE_BLESS:-}" != break ] || return 0
  [ -n "$1" ] || [ "${PEERAGE_BLESS:-}" != 1 ] || return 0
  if [ -n "$1" ]; then
    echo 'this breaks those who use it: it needs a version of its own, 0.2 after 0.1; PEERAGE_BLESS=break keeps it'
  else
    echo 'nothing breaks: PEERAGE_BLESS=1 keeps what is new'
  fi
  return 1
}

# Turns what `go doc -all` prints into one line for each exported name. Comments are left out. A field, a
# method of an interface and a constant of a block stand after the type or block that they are in; one of
# a block that counts (iota) has its place.

/^(CONSTANTS|VARIABLES|FUNCTIONS|TYPES)$/ { on = 1; next }
!on || /^ / || /^[ \t]*$/ || /^[ \t]*\/\// { next }

# What stands behind a declaration on its line; no string of a declaration has two slashes.
{ sub(/[ \t]+\/\/ .*/, "") }

# Ends with the line that is not indented.
/^(type .*(struct|interface) \{|(const|var) \()$/ {
  block = $0
  sub(/ *[({]$/, "", block)
  if (block ~ /^type/) print block
  place = 0
  counts = 0
  next
}
/^[)}]/ { block = ""; next }
block != "" {
  line = $0
  gsub(/[ \t]+/, " ", line)
  sub(/^ /, "", line)
  if (line ~ /= .*iota/) counts = 1
  print block ":" " " line (counts ? " [" place "]" : "")
  place++
  next
}
{ print }

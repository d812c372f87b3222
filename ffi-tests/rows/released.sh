# Sourced. released: whether CHANGELOG.md has an entry for a version, under a heading of its own. Until then
# what a change breaks is printed, and from then on it is a failure.
released() { grep -qE '^## \[?[0-9]+\.' CHANGELOG.md; }

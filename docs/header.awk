# Turns peerage.h into what doxygen reads; the header stays plain text for those who read it.
#
#   its second comment       the main page
#   ---- topic: title ----   a group, with all that follows up to the next one
#   Ownership: and the like  a paragraph of their own
#   peerage_name             a link, which doxygen warns of if there is no such thing

function linked(text,    done, before) {
  # Not in examples of code, and not where it is a link or a part of a name already.
  if (text ~ /[;{]/) return text
  done = ""
  while (match(text, /(peerage_[a-z0-9_]*[a-z0-9]|PEERAGE_[A-Z0-9_]*[A-Z0-9])/)) {
    before = substr(text, 1, RSTART - 1)
    done = done before (before ~ /[A-Za-z0-9_#.\/`]$/ ? "" : "#") substr(text, RSTART, RLENGTH)
    text = substr(text, RSTART + RLENGTH)
  }
  return done text
}

/^\/\*$/ {
  # The first says what the header is made of, the second what it is about.
  print ++plain == 1 ? "/*" : plain == 2 ? "/**\n * @mainpage peerage" : "/**"
  in_comment = first = 1
  next
}
/^ *\/\*\*/ { in_comment = 1 }

in_comment && first && /^ \* ---- / {
  match($0, /---- [a-z]+: /)
  topic = substr($0, RSTART + 5, RLENGTH - 7)
  title = substr($0, RSTART + RLENGTH)
  sub(/ -+$/, "", title)
  if (in_group) print " * @}"
  printf " *//**\n * @defgroup topic_%s %s: %s\n * @{\n", topic, topic, title
  in_group = 1
  first = 0
  next
}
in_comment { first = 0 }
in_comment && /^ \*+ ?(Ownership|Threads|Blocks|Calls back|Errors|Since): / {
  label = $0
  sub(/^ \*+ /, "", label)
  text = label
  sub(/:.*/, "", label)
  sub(/^[^:]*: /, "", text)
  print " * @par " label
  print " * " linked(text)
  next
}
in_comment { print linked($0) }
!in_comment { print }
/\*\/ *$/ { in_comment = 0 }
END { if (in_group) print "/** @} */" }

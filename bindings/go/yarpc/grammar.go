package yarpcpeers

import (
	"maps"
	"slices"
	"strings"
)

// texts are settings in the library's grammar, key[=value][,key[=value]]..., each part under its key, so
// that a later text overrides an earlier one in what it says. What is wrong with a part is the library's
// to say.
type texts map[string]string

// read sets what a text says. A key that stands in it twice stays there twice, which the library refuses.
func (t texts) read(text string) {
	seen := map[string]bool{}
	for _, part := range parts(text) {
		key, _, _ := strings.Cut(part, "=")
		if seen[key] {
			part = t[key] + "," + part
		}
		seen[key] = true
		t[key] = part
	}
}

// set sets one key. The value may be any text.
func (t texts) set(key, value string) { t[key] = key + "=" + escaped.Replace(value) }

func (t texts) String() string {
	all := make([]string, 0, len(t))
	for _, key := range slices.Sorted(maps.Keys(t)) {
		all = append(all, t[key])
	}
	return strings.Join(all, ",")
}

// headers are the names of the headers that a policy with these settings looks at.
func (t texts) headers() []string {
	var names []string
	for _, key := range slices.Sorted(maps.Keys(t)) {
		if strings.HasSuffix(key, "-header") {
			_, value, _ := strings.Cut(t[key], "=")
			names = append(names, unescaped.Replace(value))
		}
	}
	return names
}

// policyTexts splits name[:key=value[,key=value]...].
func policyTexts(policy string) (name string, keys texts) {
	name, text, _ := strings.Cut(policy, ":")
	keys = texts{}
	keys.read(text)
	return name, keys
}

// A comma in a value, and the backslash that says so.
var (
	escaped   = strings.NewReplacer(`\`, `\\`, ",", `\,`)
	unescaped = strings.NewReplacer(`\\`, `\`, `\,`, ",")
)

// parts splits a text at its commas, but for those behind a backslash.
func parts(text string) []string {
	if text == "" {
		return nil
	}
	var all []string
	begin := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++ // Whatever it escapes is no comma.
		case ',':
			all = append(all, text[begin:i])
			begin = i + 1
		}
	}
	return append(all, text[begin:])
}

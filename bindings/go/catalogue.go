package peerage

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"strings"
	"unsafe"
)

// PolicyRow is a policy that has a name.
type PolicyRow struct {
	// Name is the policy's.
	Name string
	// About says which peer it picks, in a few words.
	About string
	// Keys are those of its settings.
	Keys []KeyRow
}

// KeyRow is a key of a policy, or of the text of [WithOptions].
type KeyRow struct {
	// Name is the key.
	Name string
	// About says what it is for, in a few words.
	About string
	// Accepts says which values it takes, in the words in which errors ask for one.
	Accepts string
	// Default is the value it has if it is not given; empty if it then has none.
	Default string
}

// Policies returns the policies that [NewChooser] knows by name.
func Policies() []PolicyRow {
	var policies []PolicyRow
	for {
		var row C.peerage_policy_row
		n := C.size_t(len(policies))
		if C.peerage_catalogue_policy(n, &row, C.size_t(unsafe.Sizeof(row))) != C.PEERAGE_OK {
			return policies
		}
		policies = append(policies, PolicyRow{
			Name:  goString(row.name.ptr, row.name.len),
			About: goString(row.about.ptr, row.about.len),
			Keys: keys(func(index C.size_t, key *C.peerage_key_row, size C.size_t) C.peerage_status {
				return C.peerage_catalogue_key(n, index, key, size)
			}),
		})
	}
}

// OptionKeys returns the keys that the text of [WithOptions] may have.
func OptionKeys() []KeyRow {
	return keys(func(index C.size_t, key *C.peerage_key_row, size C.size_t) C.peerage_status {
		return C.peerage_catalogue_option(index, key, size)
	})
}

// ProbeKeys returns the keys that the options of [NewProbingTransport] may have; none, if the C library
// was built without probes.
func ProbeKeys() []KeyRow {
	return keys(func(index C.size_t, key *C.peerage_key_row, size C.size_t) C.peerage_status {
		return C.peerage_catalogue_probe_option(index, key, size)
	})
}

// SchemeRow is a kind of source that the URI of an [Updater] can name.
type SchemeRow struct {
	// Name is what stands before the first colon.
	Name string
	// Form is that of its URIs.
	Form string
	// About says what it is, in a few words.
	About string
	// Feature is what the C library has to be built with; empty: every build has it.
	Feature string
	// Available says whether it was.
	Available bool
	// Keys may stand behind the #.
	Keys []KeyRow
}

// Schemes returns the kinds of sources, those that the C library was built without too.
func Schemes() []SchemeRow {
	var schemes []SchemeRow
	for {
		var row C.peerage_scheme_row
		n := C.size_t(len(schemes))
		if C.peerage_catalogue_scheme(n, &row, C.size_t(unsafe.Sizeof(row))) != C.PEERAGE_OK {
			return schemes
		}
		schemes = append(schemes, SchemeRow{
			Name:      goText(row.name),
			Form:      goText(row.form),
			About:     goText(row.about),
			Feature:   goText(row.feature),
			Available: row.available != 0,
			Keys: keys(func(index C.size_t, key *C.peerage_key_row, size C.size_t) C.peerage_status {
				return C.peerage_catalogue_scheme_key(n, index, key, size)
			}),
		})
	}
}

// Has says whether the C library was built with a scheme, such as "dns", or a feature, such as "probing".
func Has(name string) bool {
	if strings.IndexByte(name, 0) >= 0 {
		return false
	}
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	return C.peerage_has(text) != 0
}

// keys collects rows until there is none.
func keys(read func(C.size_t, *C.peerage_key_row, C.size_t) C.peerage_status) []KeyRow {
	var keys []KeyRow
	for {
		var row C.peerage_key_row
		if read(C.size_t(len(keys)), &row, C.size_t(unsafe.Sizeof(row))) != C.PEERAGE_OK {
			return keys
		}
		keys = append(keys, KeyRow{
			Name:    goString(row.name.ptr, row.name.len),
			About:   goString(row.about.ptr, row.about.len),
			Accepts: goString(row.accepts.ptr, row.accepts.len),
			Default: goString(row.default_value.ptr, row.default_value.len),
		})
	}
}

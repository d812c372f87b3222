module peerage.dev/go/yarpc

go 1.24

require (
	// Several errors of one update.
	go.uber.org/multierr v1.11.0
	// The interfaces that the lists have; no older version shows lists of others on its status page
	// and finds the causes of errors.
	go.uber.org/yarpc v1.47.2
	// The logger that YARPC's options take.
	go.uber.org/zap v1.28.0
	// The choosers.
	peerage.dev/go v0.0.0
)

replace (
	go.uber.org/yarpc => ./standin
	peerage.dev/go => ../
)

// A stand-in for the real go.uber.org/yarpc: see README.md.
module go.uber.org/yarpc

go 1.24

module soak

go 1.24

require peerage.dev/go v0.0.0

replace peerage.dev/go => ../../../bindings/go

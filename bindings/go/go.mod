module peerage.dev/go

go 1.24

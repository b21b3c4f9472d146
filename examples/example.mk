# Included by the Makefile of each example.

PORT ?= 8080

# jsii's banner about Node.js 20.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.PHONY: run test

run: # serves the app on PORT, and again whenever a source changes
	@go tool cloudfurl local --watch --listen 127.0.0.1:$(PORT)

test: # synthesizes the app, serves it and calls it
	go test -count=1 ./...

# How make compiles Go; included by the Makefile and by those of examples. GoHandler
# compiles handlers with -trimpath, and what else is compiled shares their standard library.
# A CDK app runs for seconds and calls Node.js: inlining in the CDK, and symbols for a
# debugger, would cost more than they bring, a sixth of compiling the CDK.
export GOFLAGS := $(if $(findstring aws-cdk-go,$(GOFLAGS)),$(GOFLAGS),$(strip -trimpath '-gcflags=github.com/aws/aws-cdk-go/...=-l -dwarf=false' $(GOFLAGS)))
export CGO_ENABLED ?= 0

# jsii's banner about Node.js 20, for machines that npm has no Node.js 24 for.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

// Package iam decides whether policies permit a request: those of buckets and REST
// APIs, the permissions of functions, and the policies of roles.
//
// Left out: NotPrincipal, policy variables, set operators, permissions boundaries,
// session and organization policies, and the operators and keys of conditions that
// condition.go doesn't have. A statement with one of these is never counted, and
// Check and denials say so.
package iam

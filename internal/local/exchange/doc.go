// Package exchange has what several parts of the local edge need to respond.
package exchange

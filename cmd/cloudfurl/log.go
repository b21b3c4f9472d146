package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/console"
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// newLogHandler returns a handler that writes lines for people, or JSON lines.
func newLogHandler(w io.Writer, asJSON bool) slog.Handler {
	var handler slog.Handler = slog.NewJSONHandler(w, nil)
	if !asJSON {
		handler = console.New(w, console.Options{Color: colored(w), Width: func() int { return widthOf(w) }, Request: requestOf})
	}
	if output, ok := w.(*queued); ok {
		output.queue.tellDropped = func(dropped int) {
			fault.Log(slog.New(handler), slog.LevelWarn, fmt.Sprintf("%d lines are missing before this one", dropped),
				"the reader of this log took none for a while, and requests don't wait for it", "")
		}
	}
	return handler
}

// requestOf returns what the request of a context is called.
func requestOf(ctx context.Context) (number int, method, target string) {
	summary := trace.FromContext(ctx).Summary()
	return int(summary.ID), summary.Method, summary.Target
}

// takeStandardLog sends what packages write to the standard logger to log, at debug
// level: net/http complains there about apps that send a body for HEAD.
func takeStandardLog(log *slog.Logger) {
	slog.SetLogLoggerLevel(slog.LevelDebug)
	slog.SetDefault(log)
}

// terminal returns how many columns the terminal has that w is, and whether it is one.
func terminal(w io.Writer) (columns int, ok bool) {
	if output, ok := w.(*queued); ok {
		w = output.file
	}
	if file, ok := w.(*os.File); ok {
		return columnsOf(file.Fd())
	}
	return 0, false
}

// colored reports whether w takes colors.
//
// See: https://no-color.org
func colored(w io.Writer) bool {
	_, ok := terminal(w)
	return ok && os.Getenv("NO_COLOR") == ""
}

// widthOf returns how many columns the terminal has that w is, or 0 for anything else.
func widthOf(w io.Writer) int {
	columns, _ := terminal(w)
	return columns
}

// An annotationLog writes what constructs tell the author of an app, which the cdk
// command shows after synthesis and nothing else.
type annotationLog struct {
	log  *slog.Logger
	last []assembly.Annotation
}

// write writes the annotations that the version before didn't have.
func (l *annotationLog) write(annotations []assembly.Annotation) {
	for _, annotation := range annotations {
		if slices.Contains(l.last, annotation) {
			continue
		}
		message := annotation.Path + ": " + annotation.Message
		if annotation.Level == slog.LevelError {
			message += " (cdk deploy stops at this)"
		}
		l.log.Log(context.Background(), annotation.Level, message)
	}
	l.last = annotations
}

package main

import (
	"context"
	"log/slog"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

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

package fault

import (
	"context"
	"log/slog"
)

// Log writes a line about something that AWS rejects, or that fails at run time:
// what happened, why, and what to do about it, if that is known. It is an Error
// that doesn't end the program, so cause and cure use the words that an Error
// would. The attributes, such as "path", stand between the message and the cause.
func Log(log *slog.Logger, level slog.Level, message, cause, cure string, attributes ...any) {
	ctx := context.Background()
	if !log.Enabled(ctx, level) {
		return
	}
	log = log.With(attributes...).With("cause", cause)
	if cure != "" {
		log = log.With("cure", cure)
	}
	log.Log(ctx, level, message)
}

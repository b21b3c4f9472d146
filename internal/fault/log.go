package fault

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// maxLogged is how much of a text of the viewer's the log shows, in bytes.
const maxLogged = 200

// Shorten returns a text as the log shows it: the beginning of a long one, and its
// length.
func Shorten(text string) string {
	if len(text) <= maxLogged {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(text[:maxLogged], ""), len(text))
}

// Log writes a line about something that AWS rejects, or that fails at run time:
// what happened, why, and what to do about it, if that is known. It is an Error
// that doesn't end the program, so cause and cure use the words that an Error
// would. The attributes, such as "path", stand between the message and the cause;
// long texts among them are shortened.
func Log(log *slog.Logger, level slog.Level, message, cause, cure string, attributes ...any) {
	ctx := context.Background()
	if !log.Enabled(ctx, level) {
		return
	}
	attributes = slices.Clone(attributes)
	for i, value := range attributes {
		if text, ok := value.(string); ok {
			attributes[i] = Shorten(text)
		}
	}
	log = log.With(attributes...).With("cause", cause)
	if cure != "" {
		log = log.With("cure", cure)
	}
	log.Log(ctx, level, message)
}

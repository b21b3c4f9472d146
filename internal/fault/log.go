package fault

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// maxLogged is how much of a string from a viewer is logged, in bytes.
const maxLogged = 200

// Shorten returns a string as it is logged: a long one is cut, and its length
// added.
func Shorten(text string) string {
	if len(text) <= maxLogged {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(text[:maxLogged], ""), len(text))
}

// Log logs what AWS rejects, or what fails at run time: what happened, why, and
// what to do about it, if that is known. It is an Error that doesn't end the
// program, in the same words. The attributes, such as "path", come between the
// message and the cause. Strings among them are shortened; a [slog.Attr] isn't.
func Log(log *slog.Logger, level slog.Level, message, cause, hint string, attributes ...any) {
	attributes = slices.Clone(attributes)
	for i, value := range attributes {
		if text, ok := value.(string); ok {
			attributes[i] = Shorten(text)
		}
	}
	log = log.With(attributes...).With("cause", cause)
	if hint != "" {
		log = log.With("hint", hint)
	}
	log.Log(context.Background(), level, message)
}

package adapter

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// pieces are what paths and query strings may consist of, on their way through a
// function URL. Characters that aren't sent unencoded come in encoded form too.
var pieces = []string{
	"/", "/", "/", ".", "..", "%2e", "%2E", "%2F", "%5C", "%20", "%00", "%7F", "%C3%BC", "%", "%z", `\`, "a", "B", "7",
	"ü", "€", "😀", "-", "_", "~", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=", ":", "@", "|", "^", "`", "{", "}", "[", "]",
}

// TestAdapters_agree_on_random_requests compares the two with each other, on
// requests that no table has thought of.
func TestAdapters_agree_on_random_requests(t *testing.T) {
	if _, err := os.Stat(binary); err != nil {
		t.Skip("AWS's adapter isn't built, so there is nothing to compare with; run `make adapter`")
	}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(most int) string {
		var b strings.Builder
		for range random.IntN(most) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		return b.String()
	}
	var events []event
	for range 100 {
		e := event{path: "/" + pick(8), query: pick(8)}
		if strings.HasPrefix(e.path, "//") || strings.HasPrefix(e.path, `/\`) {
			e.path = "/a" + e.path // differences has those
		}
		events = append(events, e)
	}
	ask := func(i implementation) (answers []string) {
		a, l := listen(t, ok), newLambda(t)
		i.start(t, l.address(), variables(a.port(), nil))
		for _, e := range events {
			lambda := l.invoke(t, e.String()).String()
			app := "nothing"
			if len(a.received) > 0 {
				app = (<-a.received).String()
			}
			answers = append(answers, app+lambda)
		}
		return answers
	}
	standIn, aws := ask(implementation{"stand-in", startStandIn}), ask(implementation{"aws", startReal})
	for n, e := range events {
		if standIn[n] != aws[n] {
			t.Errorf("%q?%q: the stand-in gives\n%s\nand AWS's adapter\n%s", e.path, e.query, standIn[n], aws[n])
		}
	}
}

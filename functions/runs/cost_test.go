package runs

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// A meter counts the request units that DynamoDB would bill.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
type meter struct {
	Memory
	writes, writeUnits, reads, readUnits int
}

// size is the size of an item: names, text and bytes as they are, and a byte for two
// digits of a number and one more.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func size(i item) int {
	total := 0
	data, _ := json.Marshal(i)
	var attributes map[string]struct {
		S, N string
		B    []byte
	}
	json.Unmarshal(data, &attributes)
	for name, a := range attributes {
		total += len(name) + len(a.S) + len(a.B)
		if a.N != "" {
			total += (len(a.N)+1)/2 + 1
		}
	}
	return total
}

func (m *meter) put(ctx context.Context, i item, alive int64) error {
	m.writes++
	m.writeUnits += (size(i) + 1023) / 1024
	return m.Memory.put(ctx, i, alive)
}

func (m *meter) query(ctx context.Context, run string, after int64) ([]item, error) {
	found, err := m.Memory.query(ctx, run, after)
	total := 0
	for _, i := range found {
		total += size(i)
	}
	m.reads++
	m.readUnits += max(1, (total+4095)/4096)
	return found, err
}

// The table of docs/resume.md has these numbers.
func TestRuns_cost_what_the_documentation_says(t *testing.T) {
	doc, err := os.ReadFile("../../docs/resume.md")
	if err != nil {
		t.Fatal(err)
	}
	poem := strings.Fields("the quick brown fox jumps over a lazy dog while seven wizards brew potions and nobody ever knows why rivers bend near old stone bridges")
	for _, perSecond := range []int{25, 50, 100} {
		synctest.Test(t, func(t *testing.T) {
			var m meter
			r := New(&m, nil)
			recorder := httptest.NewRecorder()
			r.Start(recorder, httptest.NewRequestWithContext(t.Context(), "POST", "/", nil), ada, func(ctx context.Context, emit func(sse.Event) error) error {
				for i := range 1000 {
					time.Sleep(time.Second/time.Duration(perSecond) + time.Microsecond) // never with a tick
					// As those of functions/agent.
					data := fmt.Sprintf(`{"id":%d,"type":"token","ms":%d,"node":"draft","attempt":1,"text":"%s "}`, i+1, i*1000/perSecond, poem[(i*i+7*i)%len(poem)])
					if err := emit(sse.Event{Name: "token", Data: data}); err != nil {
						return err
					}
				}
				return nil
			})
			reads := m.readUnits
			run := runOf(t, events(t, recorder)[0])
			do(t, serving(r, nil), "Ada", "GET", "/ask/"+run, "")
			row := fmt.Sprintf("| %d tokens/s, %d s | %d | %d | %d | %d | $%s |", perSecond, 1000/perSecond, m.writes, m.writeUnits,
				reads, m.readUnits-reads,
				strconv.FormatFloat((float64(m.writeUnits)*0.625+float64(m.readUnits)*0.125)/1e6, 'f', 6, 64))
			if !strings.Contains(string(doc), row) {
				t.Errorf("docs/resume.md lacks %s", row)
			}
		})
	}
}

package runs

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// The states of a run. Viewers get those that end it early as they are here.
const (
	running = "running"
	done    = "done"
	failed  = "the run failed: its log says why"
	stopped = "the run was stopped"
	late    = "the function's time is up: ask for less"
	died    = "the run's function died: ask again"
)

// Strings, numbers and bytes in DynamoDB's JSON.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
type (
	text   struct{ S string }
	number struct {
		N int64 `json:",string"`
	}
	binary struct{ B []byte }
)

// An item is a batch of events, the head of a run, the mark that somebody has stopped
// it, or the head of a chat. None of the names is reserved.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
type item struct {
	Run     text   `json:"run"`
	Number  number `json:"seq"`     // of the last event of a batch
	Expires number `json:"expires"` // in Unix seconds

	Events binary `json:"events,omitzero"`

	State text   `json:"runState,omitzero"`
	Last  number `json:"lastSeq,omitzero"`    // the number of the last event of a run that is over: markNumber if sendEnd sends it
	Alive number `json:"aliveUntil,omitzero"` // in Unix milliseconds

	Current text `json:"currentRun,omitzero"` // the id of a chat's latest run
}

// The numbers of a mark and of a head are beyond those of events, so that a query that
// begins at any event ends with them.
const (
	headNumber = 1_000_000_000_000
	markNumber = headNumber - 1
)

func (i item) isOver() bool { return i.State.S != running && i.State.S != "" }

// partition returns the key of a run or of a chat. It is a hash, so that its length
// doesn't depend on that of names, and the table has no names of users.
func partition(kind, owner, name string) string {
	if owner == "" {
		panic("runs: a Key has no Owner: reject requests without one, or set it to a constant if anybody may read all runs")
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s %s", kind, len(owner), owner, name))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// packSize is after how many bytes a batch takes no more events. With one of maxEvent,
// and what the compressor holds back, it is below the 400 KB of an item.
//
// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const packSize = 64 << 10

// pack compresses names and data of events, so that they take fewer write units, and
// returns how many it took.
func pack(events [][2]string) (packed []byte, n int) {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.DefaultCompression)
	for encoder := json.NewEncoder(w); n < len(events) && b.Len() < packSize; n++ {
		encoder.Encode(events[n])
	}
	w.Close()
	return b.Bytes(), n
}

func unpack(packed []byte) (events [][2]string, err error) {
	decoder := json.NewDecoder(flate.NewReader(bytes.NewReader(packed)))
	for len(packed) > 0 && err == nil && decoder.More() {
		var event [2]string
		err = decoder.Decode(&event)
		events = append(events, event)
	}
	return events, err
}

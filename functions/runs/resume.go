package runs

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// errNone is a run that doesn't exist, has expired, or is another owner's.
var errNone = errors.New("there is no such run")

// Resume queries the table again after firstPoll while events arrive, otherwise less
// and less often, up to lastPoll.
const (
	firstPoll = 100 * time.Millisecond
	lastPoll  = time.Second
)

// Resume sends the events of a run that follow the request's Last-Event-ID, or all of
// them, and goes on until the run ends. It responds with 204 when there is nothing more to
// come, which makes clients stop, and with 404 if the owner has no such run.
//
// With a Chat, it sends the latest run of the chat from its beginning, and responds with
// 204 if none is active, as the AI SDK wants it.
//
// See: https://ai-sdk.dev/docs/ai-sdk-ui/chatbot-resume-streams
func (r *Runs) Resume(w http.ResponseWriter, request *http.Request, key Key) {
	id, after := resumed(sse.LastEventID(request))
	if key.ID == "" && key.Chat == "" {
		key.ID = id
	}
	if key.ID != id {
		after = 0
	}
	at, p, err := r.find(request.Context(), key, after)
	switch {
	case key.Chat != "" && (err == errNone || p.isOver()), p.isOver() && after >= p.Last.N:
		w.WriteHeader(http.StatusNoContent)
	case err != nil:
		refuse(w, request, err)
	default:
		out := r.writer(w, request)
		defer out.Close()
		r.follow(out, at, after, p)
	}
}

// Stop ends a run of this or another process, within a tenth of its lease, and responds
// with 204, also if it is over. It responds with 404 if the owner has no such run.
func (r *Runs) Stop(w http.ResponseWriter, request *http.Request, key Key) {
	at, p, err := r.find(request.Context(), key, markNumber)
	if err == nil && !p.isOver() {
		err = r.store.put(request.Context(), item{Run: text{at.run}, Number: number{markNumber}, Expires: p.Expires}, 0)
	}
	if err != nil {
		refuse(w, request, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// find returns where the run of a key is, and its first page, or the head alone for a
// chat: whether its run is over is in the last page.
func (r *Runs) find(ctx context.Context, key Key, after int64) (at place, p page, err error) {
	if key.ID == "" {
		if p, err = read(ctx, place{store: r.store, run: partition("chat", key.Owner, key.Chat)}, markNumber); err != nil {
			return at, p, err
		}
		key.ID, after = p.Current.S, markNumber
	}
	at = place{r.store, partition("run", key.Owner, key.ID), key.ID}
	p, err = read(ctx, at, after)
	return at, p, err
}

type page struct {
	item   // the head, or zero if there is more than a query returns
	events []sse.Event
}

func read(ctx context.Context, at place, after int64) (p page, err error) {
	items, err := at.store.query(ctx, at.run, after)
	if err != nil {
		return p, err
	}
	// DynamoDB may take days to delete what has expired.
	// See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
	if len(items) == 0 || items[0].Expires.N <= time.Now().Unix() {
		return p, errNone
	}
	if final := items[len(items)-1]; final.Number.N == headNumber {
		p.item = final
	}
	for _, i := range items {
		events, err := unpack(i.Events.B)
		if err != nil {
			return p, err
		}
		n := i.Number.N - int64(len(events))
		for _, e := range events {
			if n++; n > after {
				p.events = append(p.events, at.event(n, e))
			}
		}
	}
	return p, nil
}

// follow sends events until the run is over, beginning with those of a page.
func (r *Runs) follow(out *sse.Writer, at place, after int64, p page) {
	ctx := out.Context()
	for wait := firstPoll; ; wait = min(max(2*wait, firstPoll), lastPoll) {
		for _, event := range p.events {
			if out.Send(event) != nil {
				return
			}
			after++
			wait = firstPoll
		}
		now := time.Now().UnixMilli()
		switch {
		case p.isOver() && (after >= p.Last.N || len(p.events) == 0):
			r.sendEnd(out, at, p.State.S)
			return
		case p.State.S == "":
			wait = 0
		case p.State.S == running && p.Alive.N < now && len(p.events) == 0:
			p.State.S, p.Last.N = died, markNumber
			at.store.put(ctx, p.item, now)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
		next, err := read(ctx, at, after)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "a run can't be read", "error", err.Error())
		}
		if err != nil {
			return
		}
		p = next
	}
}

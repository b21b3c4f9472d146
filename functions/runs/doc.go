// Package runs records the events of a run in Amazon DynamoDB while they are produced,
// and serves them again from any of them. A run is what a request starts and what may
// take longer than its viewer stays: the answer of a model, a report, an import.
//
//	recorded := runs.New(table, nil)
//	mux.HandleFunc("POST /ask", func(w http.ResponseWriter, r *http.Request) {
//		if sse.LastEventID(r) != "" { // a client that connects again
//			recorded.Resume(w, r, runs.Key{Owner: user(r)})
//			return
//		}
//		recorded.Start(w, r, runs.Key{Owner: user(r)}, answer)
//	})
//	mux.HandleFunc("GET /ask/{run}", func(w http.ResponseWriter, r *http.Request) { // a reload, a second tab
//		recorded.Resume(w, r, runs.Key{Owner: user(r), ID: r.PathValue("run")})
//	})
//	mux.HandleFunc("DELETE /ask/{run}", func(w http.ResponseWriter, r *http.Request) {
//		recorded.Stop(w, r, runs.Key{Owner: user(r), ID: r.PathValue("run")})
//	})
//
// # Recording
//
// Events are server-sent events. Their ids are RUN.NUMBER: the id of the run, and a
// number that begins at 1 and has no gaps. Every 200 ms those that have come are written
// as one item, compressed. The run goes on when its viewer leaves, and Start returns when
// the run has ended and is written: Lambda freezes the environment after that. Who
// started the run gets its events from memory, all others from the table, so recording
// waits for nobody.
//
// # The end of a run
//
// A producer that returns nil has sent its own last event. Any other end is an event that
// this package adds, the same for all viewers: the producer returned an error, its time
// was up, [Runs.Stop] was called, or the process died. A process is dead when it hasn't
// renewed its lease, for 10 s by default. The first viewer to find that out writes it
// down, and a process that wakes up later writes nothing more.
//
// # Whose run it is
//
// The key of every item is a hash of the owner and the id, so no request of one owner
// reaches a run of another: it is answered as one for a run that doesn't exist.
//
// # What it leaves out
//
// A run ends with its function, after 15 minutes at most: it isn't continued by another.
package runs

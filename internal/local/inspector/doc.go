// Package inspector serves the traces of the local edge's requests: as a page that
// shows each on its path, and as JSON.
//
//	GET /                          the page; /#17 is a request of it, /#17..18 compares two
//	GET /api/requests              the summaries, the newest first
//	GET /api/requests/{id}         a trace
//	GET /api/events                summaries as they change, as server-sent events
//	POST /api/requests/{id}/replay sends a request again
//	DELETE /api/requests           drops all traces
//
// Only this machine may ask. Other sites can't, in a browser of it: their names don't
// count as this machine's, and their pages may neither read nor send anything.
package inspector

package smoke

import "time"

// emptyStream is why cases without a body in the response are informational.
const emptyStream = "Inferred: with Go, an empty stream ends at once. With other runtimes it has been seen to hang until the function's timeout, or to lose its status."

// statusBody is what the demo sends at /status.
const statusBody = `{"error":{"message":"as asked"}}` + "\n"

// silence is longer than the ReadTimeout of an Endpoint by default, 60 s. The
// query of its case has it in milliseconds.
const silence = 65 * time.Second

// responseCases test what handlers respond besides a 200 with a body.
func responseCases() []Case {
	const whyError = "CloudFront and Lambda have errors of their own. The handler's must keep its status and its text, or nobody finds the cause."
	silent := newCase("silence past ReadTimeout", "CloudFront ends what is silent for longer than the origin's ReadTimeout. Handlers must send something before, such as a heartbeat.",
		Request{Method: "POST", Target: "/status?wait=65000"}, status(504), header("X-Cache", "Error from cloudfront")).
		informational("With a ReadTimeout over 65 s it is the handler's 200.")
	silent.Takes = silence
	return []Case{
		newCase("200 without a body", "Handlers acknowledge webhooks so.", withBody("POST", "/echo", octets, []byte{}), status(200), bodyIs("")).informational(emptyStream),
		newCase("204", "It makes an EventSource stop. If it doesn't arrive, browsers connect again and again.",
			get("/events?count=1", Field{"Last-Event-ID", "1"}), status(204), bodyIs("")).informational(emptyStream),
		newCase("303 after POST", "Logins and forms redirect. If something follows the redirect on the way, the browser's address and cookies are wrong.",
			Request{Method: "POST", Target: "/status?code=303", Body: []byte{}}, status(303), header("Location", "inspect"), bodyIs(statusBody)),
		newCase("304 with ETag", "It saves viewers a download. Without the ETag they can't ask again.",
			get("/status?code=304", Field{"If-None-Match", `"cloudfurl"`}), status(304), header("ETag", `"cloudfurl"`), bodyIs("")).informational(emptyStream),
		newCase("404", whyError, get("/status?code=404"), status(404), bodyIs(statusBody), header("Content-Type", "application/json")),
		newCase("429", "Clients wait as long as Retry-After says, if they get it.", get("/status?code=429"), status(429), header("Retry-After", "1"), bodyIs(statusBody)),
		newCase("500", whyError, get("/status?code=500"), status(500), bodyIs(statusBody)),
		newCase("503", whyError, get("/status?code=503"), status(503), bodyIs(statusBody)),
		newCase("an error mid-stream", "The status has been sent, so the viewer sees a complete 200. Streams must say in their last line or event that they are complete.",
			get("/status?fail=yes"), status(200), bodyIs(statusBody)),
		silent,
	}
}

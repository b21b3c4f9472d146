package functionurl

// limits are Lambda's quotas, in bytes. Tests lower them.
type limits struct {
	event    int   // what is sent to the function
	buffered int   // an answer that is sent when whole
	stream   int64 // an answer that is sent as it arrives
	prelude  int   // what comes before the body of a streamed answer
	free     int64 // what a throttled stream sends at full speed
	rate     int   // bytes a second after that
}

// lambdaLimits are the quotas as Lambda states them: 6 MB a request, 6 MB a
// buffered and 200 MB a streamed answer, of which the first 6 MB are sent at
// full speed and the rest at 2 MB a second.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
// Seen: 6291456 and 6291556 are the numbers in Lambda's error messages.
// Inferred: the streamed answer's MB are of 2^20 bytes too, and the prelude's
// limit, which keeps an answer without one from being gathered in memory.
var lambdaLimits = limits{
	event:    6_291_456,
	buffered: 6_291_556,
	stream:   200 << 20,
	prelude:  64 << 10,
	free:     6 << 20,
	rate:     2 << 20,
}

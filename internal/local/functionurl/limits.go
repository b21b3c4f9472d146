package functionurl

import (
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
)

// limits are Lambda's quotas, in bytes. Tests lower them.
type limits struct {
	event    int   // the event of a request
	buffered int   // a buffered response
	stream   int64 // a streamed response
	prelude  int   // what precedes the body of a streamed response
	free     int64 // what a throttled stream sends at full speed
	rate     int   // bytes a second after that
}

// lambdaLimits are the quotas as Lambda states them: 6 MB for requests and
// buffered responses, and 200 MB for streamed ones, of which the first 6 MB are
// sent at full speed and the rest at 2 MB a second.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
// Inferred: the MB of a streamed response are of 2^20 bytes too; and the prelude's
// limit, which keeps a response without a prelude out of memory.
var lambdaLimits = limits{
	event:    payload.MaxEvent,
	buffered: lambda.MaxBufferedResponse,
	stream:   200 << 20,
	prelude:  64 << 10,
	free:     6 << 20,
	rate:     2 << 20,
}

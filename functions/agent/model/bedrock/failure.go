package bedrock

import (
	"context"
	"errors"

	"github.com/aws/smithy-go"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// A story says what an exception means to whoever runs the agent.
type story struct {
	problem, hint string

	// temporary says that the model may answer in a moment.
	temporary bool
}

// credentials is what to do without valid ones.
const credentials = "in Lambda they are the role's; the keys of the local edge are its own, so run the agent without it, with yours"

// stories are the exceptions of ConverseStream, before the stream and in it.
//
// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors
// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html
var stories = map[string]story{
	"AccessDeniedException": {"may not be used",
		"grant bedrock:InvokeModelWithResponseStream on it to the function, as infra.BedrockModel does, and enable it for the account and region", false},
	"ExpiredTokenException":         {"rejects the credentials", credentials, false},
	"InternalServerException":       {"failed", "", true},
	"ModelErrorException":           {"failed while it processed the request", "", false},
	"ModelNotReadyException":        {"isn't ready", "try again in a few minutes", true},
	"ModelStreamErrorException":     {"failed in the middle of its answer", "", true},
	"ModelTimeoutException":         {"took too long", "ask for less", false},
	"ResourceNotFoundException":     {"doesn't exist in this region", "check the id and AWS_REGION", false},
	"ServiceQuotaExceededException": {"has reached a quota of the account", "request an increase", false},
	"ServiceUnavailableException":   {"isn't available", "", true},
	"UnrecognizedClientException":   {"rejects the credentials", credentials, false},
	"ThrottlingException":           {"is throttled", "try again in a minute, or use an inference profile", true},
	"ValidationException": {"rejected the request",
		"check that it can converse, takes system prompts and may be used on demand, which some models are only through an inference profile", false},
}

// failure describes an error. Before the stream, the SDK has tried it again
// already, so there it isn't called temporary.
func (b *bedrock) failure(ctx context.Context, err error, inStream bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s := story{"can't be reached", "check AWS_REGION and the network", true}
	exception := smithy.APIError(nil)
	switch {
	case errors.As(err, &exception):
		var ok bool
		if s, ok = stories[exception.ErrorCode()]; !ok {
			s = story{problem: "failed"}
		}
	case !inStream && b.lacksCredentials(ctx):
		s = story{problem: "was asked without credentials", hint: credentials}
	}
	return &model.Error{Model: b.Name(), Problem: s.problem, Hint: s.hint, Temporary: s.temporary && inStream, Err: err}
}

// lacksCredentials asks for them, because the SDK's error has no type of its own.
func (b *bedrock) lacksCredentials(ctx context.Context) bool {
	provider := b.client.Options().Credentials
	if provider == nil {
		return true
	}
	_, err := provider.Retrieve(ctx)
	return err != nil
}

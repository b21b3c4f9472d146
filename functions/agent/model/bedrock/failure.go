package bedrock

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/smithy-go"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// credentials is what to do without valid ones.
const credentials = "in Lambda they are the role's; the keys of the local edge are its own, so run the agent without it, with yours"

// hints are what to do about exceptions of ConverseStream, before the stream and in it.
//
// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors
// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html
var hints = map[string]string{
	"AccessDeniedException":       "grant bedrock:InvokeModelWithResponseStream on it to the function, as infra.BedrockModel does, and enable it for the account and region",
	"ExpiredTokenException":       "renew the credentials: " + credentials,
	"ResourceNotFoundException":   "check the id and AWS_REGION",
	"ThrottlingException":         "try again in a minute, or use an inference profile",
	"UnrecognizedClientException": "check the credentials: " + credentials,
	"ValidationException":         "check that it can converse, takes system prompts and may be used on demand, which some models are only through an inference profile",
}

// temporary are the exceptions after which the model may answer in a moment.
var temporary = []string{"InternalServerException", "ModelNotReadyException", "ModelStreamErrorException", "ServiceUnavailableException", "ThrottlingException"}

// failure describes an error. Before the stream, the SDK has tried it again
// already, so there it isn't called temporary.
func (b *bedrock) failure(ctx context.Context, err error, inStream bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	failure := &model.Error{Model: b.Name(), Problem: "can't be reached", Hint: "check AWS_REGION, the network and the credentials: " + credentials, Temporary: inStream, Err: err}
	if exception := smithy.APIError(nil); errors.As(err, &exception) {
		code := exception.ErrorCode()
		failure.Problem, failure.Hint, failure.Temporary = "failed with "+code, hints[code], inStream && slices.Contains(temporary, code)
	}
	return failure
}

// Package bedrock streams from Amazon Bedrock with ConverseStream.
//
// The function's role needs bedrock:InvokeModelWithResponseStream on the model,
// which infra.BedrockModel grants. The SDK tries requests again that are
// throttled or fail before the stream begins, three times in all.
//
// See: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
//
// It leaves out tools, images, documents, guardrails and reasoning.
package bedrock

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// New returns the model with an id: that of a foundation model or an inference
// profile, or the ARN of anything that ConverseStream accepts. Region and
// credentials are those of the SDK's default configuration, which in Lambda are
// the function's.
func New(ctx context.Context, id string, options ...func(*bedrockruntime.Options)) (model.Model, error) {
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("bedrock: the AWS configuration can't be read: %w", err)
	}
	if settings.Region == "" {
		return nil, fmt.Errorf("bedrock: no region: set AWS_REGION to the region of the model %s", id)
	}
	return &bedrock{id, bedrockruntime.NewFromConfig(settings, options...)}, nil
}

type bedrock struct {
	id     string
	client *bedrockruntime.Client
}

// Name returns "bedrock:" and the id.
func (b *bedrock) Name() string { return "bedrock:" + b.id }

// Stream streams an answer.
func (b *bedrock) Stream(ctx context.Context, request model.Request, token func(string) error) (model.Answer, error) {
	output, err := b.client.ConverseStream(ctx, b.input(request))
	if err != nil {
		return model.Answer{}, b.failure(ctx, err, false)
	}
	stream := output.GetStream()
	defer stream.Close()
	reader := reader{text: model.NewText(b.Name(), token)}
	for event := range stream.Events() {
		if err := reader.read(event); err != nil {
			return model.Answer{}, err
		}
	}
	if err := stream.Err(); err != nil || ctx.Err() != nil {
		return model.Answer{}, b.failure(ctx, err, true)
	}
	if reader.answer.StopReason == "" {
		// The SDK takes a connection that breaks for the end of the stream.
		return model.Answer{}, &model.Error{Model: b.Name(), Problem: "broke off before the end of its answer", Temporary: true}
	}
	reader.answer.Text = reader.text.String()
	return reader.answer, nil
}

func (b *bedrock) input(request model.Request) *bedrockruntime.ConverseStreamInput {
	input := &bedrockruntime.ConverseStreamInput{
		ModelId: &b.id,
		Messages: []types.Message{{
			Role:    types.ConversationRoleUser,
			Content: []types.ContentBlock{&types.ContentBlockMemberText{Value: request.Prompt}},
		}},
	}
	if request.System != "" {
		input.System = []types.SystemContentBlock{&types.SystemContentBlockMemberText{Value: request.System}}
	}
	if request.MaxTokens > 0 {
		input.InferenceConfig = &types.InferenceConfiguration{MaxTokens: aws.Int32(int32(request.MaxTokens))}
	}
	return input
}

// A reader turns the events of a stream into an answer.
type reader struct {
	text   *model.Text
	answer model.Answer
}

// read passes text on. Other content, and events that are newer than the SDK,
// aren't part of the answer.
func (r *reader) read(event types.ConverseStreamOutput) error {
	switch event := event.(type) {
	case *types.ConverseStreamOutputMemberContentBlockDelta:
		if delta, ok := event.Value.Delta.(*types.ContentBlockDeltaMemberText); ok {
			return r.text.Add(delta.Value)
		}
	case *types.ConverseStreamOutputMemberMessageStop:
		r.answer.StopReason = model.StopReason(event.Value.StopReason)
	case *types.ConverseStreamOutputMemberMetadata:
		if usage := event.Value.Usage; usage != nil {
			r.answer.Usage = model.Usage{
				InputTokens:  int(aws.ToInt32(usage.InputTokens)),
				OutputTokens: int(aws.ToInt32(usage.OutputTokens)),
			}
		}
	}
	return nil
}

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

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// cliTimeout bounds how long the AWS CLI may take, which may have to ask AWS for the
// keys of a role.
const cliTimeout = time.Minute

// renewal is how long before their end keys are read again, for the next version.
const renewal = 10 * time.Minute

// An awsFlag is --aws, with the end of the keys that it stands for.
type awsFlag struct {
	given bool
	end   time.Time // zero: none
}

// read puts the keys and the region of this machine into the options, unless they
// are there and last.
//
// The AWS CLI knows them by the same chain as AWS's SDKs: profiles, roles, single
// sign-on, and the metadata of instances and containers. ARCHITECTURE.md says what
// the Go SDK would cost instead.
func (f *awsFlag) read(ctx context.Context, options *build.Options, log *slog.Logger) error {
	if !f.given || options.AWS != nil && (f.end.IsZero() || time.Until(f.end) > renewal) {
		return nil
	}
	keys, err := readKeys(ctx)
	if err != nil {
		return fault.At("--aws", err)
	}
	region := cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
	if region == "" {
		output, _ := runCLI(ctx, "configure", "get", "region") // it fails without a region
		region = strings.TrimSpace(string(output))
	}
	options.AWS = &build.AWS{Credentials: keys.Credentials, Region: region}
	f.end = keys.Expiration
	message := "functions have this machine's AWS credentials: what they may do is what these permit"
	if !f.end.IsZero() {
		message += "; they end at " + f.end.Local().Format(time.TimeOnly)
	}
	log.Info(message, "region", region)
	return nil
}

// machineKeys are keys as programs print them for AWS's SDKs.
//
// See: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
type machineKeys struct {
	sigv4.Credentials

	Expiration time.Time
}

// readKeys returns the keys in the environment, which come first in the chain, or
// those that the AWS CLI finds. Errors don't have what it prints as its result.
//
// See: https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html
func readKeys(ctx context.Context) (keys machineKeys, err error) {
	keys.AccessKeyID, keys.SecretAccessKey, keys.SessionToken = os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")
	if keys.AccessKeyID != "" && keys.SecretAccessKey != "" {
		return keys, nil
	}
	output, err := runCLI(ctx, "configure", "export-credentials", "--format", "process")
	if err == nil && (json.Unmarshal(output, &keys) != nil || keys.AccessKeyID == "" || keys.SecretAccessKey == "") {
		err = errors.New("the AWS CLI printed no keys")
	}
	if err != nil {
		return keys, fault.New("log in with version 2 of the AWS CLI, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", "this machine has no AWS credentials: %w", err)
	}
	return keys, nil
}

// runCLI returns what the AWS CLI prints. An error has what it says about one.
func runCLI(ctx context.Context, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, cliTimeout)
	defer cancel()
	var complaint bytes.Buffer
	command := exec.CommandContext(ctx, "aws", args...)
	command.Stderr = &complaint
	output, err := command.Output()
	if text := strings.Join(strings.Fields(complaint.String()), " "); err != nil && text != "" {
		err = errors.New(fault.Shorten(text))
	}
	return output, err
}

package client

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/smithy-go/aws-http-auth/credentials"
	"github.com/aws/smithy-go/aws-http-auth/sigv4"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// A Signer is an [http.RoundTripper] that signs requests to a function URL with
// AWS Signature Version 4. The caller's principal needs lambda:InvokeFunctionUrl
// and lambda:InvokeFunction. Several goroutines may use it at once.
//
// It hashes bodies as a [BodyHasher] does. An Authorization header of the request
// would be lost, so it is moved to X-Original-Authorization, from where
// functions/streamhttp restores it. A redirect to another host isn't signed.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
type Signer struct {
	// Credentials are what the Signer signs with.
	Credentials CredentialsProvider

	// Region is the AWS Region of the function.
	//
	// Default: that of the host name, ID.lambda-url.REGION.on.aws
	Region string

	// Service is the name of the service that the request is for, as signatures have it.
	//
	// Default: lambda
	Service string

	// Base sends the request.
	//
	// Default: http.DefaultTransport
	Base http.RoundTripper

	// MaxBuffer is the size of the largest body without GetBody, in bytes. A
	// request with a larger one fails.
	//
	// Default: DefaultMaxBuffer, 6 MB
	MaxBuffer int64

	// Now returns the time of a signature. AWS accepts signatures that are up to
	// five minutes old.
	//
	// Default: time.Now
	Now func() time.Time
}

// RoundTrip sends a signed copy of the request.
func (s *Signer) RoundTrip(request *http.Request) (*http.Response, error) {
	if redirectedElsewhere(request) {
		return baseOf(s.Base).RoundTrip(request)
	}
	signed, err := s.signed(request)
	if err != nil {
		return nil, err
	}
	return baseOf(s.Base).RoundTrip(signed)
}

// CloseIdleConnections closes those of Base, for [http.Client.CloseIdleConnections].
func (s *Signer) CloseIdleConnections() { closeIdleConnections(s.Base) }

// signed returns a signed copy of the request. If it returns an error, the body
// is closed.
func (s *Signer) signed(request *http.Request) (*http.Request, error) {
	signer, err := s.prepare(request)
	if err != nil {
		if request.Body != nil {
			request.Body.Close()
		}
		return nil, err
	}
	p, err := s.payload(request)
	if err != nil {
		return nil, err
	}
	signer.Request, signer.PayloadHash = signable(p.apply(request)), p.hash
	if err := sigv4.New().SignRequest(signer); err != nil {
		p.body.Close()
		return nil, fmt.Errorf("client: signing %s: %w", request.URL.Redacted(), err)
	}
	// net/http sends Request.Host.
	signer.Request.Header.Del("Host")
	return signer.Request, nil
}

// prepare returns everything about the signature that doesn't depend on the body.
func (s *Signer) prepare(request *http.Request) (*sigv4.SignRequestInput, error) {
	if err := checkURL(request.URL); err != nil {
		return nil, err
	}
	region := s.Region
	if region == "" {
		var err error
		if region, err = regionOf(cmp.Or(request.Host, request.URL.Host)); err != nil {
			return nil, err
		}
	}
	if s.Credentials == nil {
		return nil, errors.New("client: the Signer has no Credentials: set them, such as client.EnvironmentCredentials()")
	}
	c, err := s.Credentials.Retrieve(request.Context())
	if err != nil {
		return nil, fmt.Errorf("client: credentials: %w", err)
	}
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	return &sigv4.SignRequestInput{
		Credentials: credentials.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken},
		Service:     cmp.Or(s.Service, "lambda"),
		Region:      region,
		Time:        now(),
	}, nil
}

// payload returns the body, with the hash that the request has, if it has one.
func (s *Signer) payload(request *http.Request) (*payload, error) {
	if hash, err := hex.DecodeString(request.Header.Get(HeaderContentSHA256)); err == nil && len(hash) == 32 {
		return &payload{body: request.Body, getBody: request.GetBody, length: request.ContentLength, hash: hash}, nil
	}
	return readPayload(request, cmp.Or(s.MaxBuffer, DefaultMaxBuffer))
}

// checkURL fails if what net/http sends isn't what would be signed.
func checkURL(u *url.URL) error {
	switch {
	case u.Opaque != "":
		return fmt.Errorf("client: %s can't be signed: set Path of the URL instead of Opaque", u.Redacted())
	case strings.Contains(u.RawQuery, ";"):
		return fmt.Errorf("client: the query of %s has a semicolon: write %%3B", u.Redacted())
	}
	if _, err := url.ParseQuery(u.RawQuery); err != nil {
		return fmt.Errorf("client: the query of %s: %w", u.Redacted(), err)
	}
	return nil
}

// signable completes a request, which it modifies. A "+" in the query, as
// url.Values.Encode writes a space, becomes the %20 that is signed.
//
// Inferred: AWS may take a "+" for itself, because a space has to be %20.
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func signable(request *http.Request) *http.Request {
	request.Method = cmp.Or(request.Method, http.MethodGet)
	request.URL.RawQuery = strings.ReplaceAll(request.URL.RawQuery, "+", "%20")
	if authorization := request.Header.Get("Authorization"); authorization != "" {
		request.Header.Set(contract.HeaderOriginalAuthorization, authorization)
	}
	return request
}

// regionOf returns the Region in the host name of a function URL. A local edge
// has names like AWS's below localhost.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
func regionOf(host string) (string, error) {
	if labels := strings.Split(strings.ToLower(host), "."); len(labels) > 3 && labels[1] == "lambda-url" {
		return labels[2], nil
	}
	return "", fmt.Errorf("client: %s isn't the host name of a function URL, so its Region is unknown: set Region of the Signer", host)
}

// redirectedElsewhere reports whether the request follows a redirect to a host
// that the caller didn't name. Session token and Authorization aren't its
// business.
func redirectedElsewhere(request *http.Request) bool {
	first := request
	for first.Response != nil && first.Response.Request != nil {
		first = first.Response.Request
	}
	return !strings.EqualFold(first.URL.Host, request.URL.Host)
}

// Credentials are an AWS access key.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string

	// SessionToken belongs to temporary credentials.
	//
	// Default: empty, long-term credentials
	SessionToken string
}

// Retrieve returns the credentials themselves: they are their own provider.
func (c Credentials) Retrieve(context.Context) (Credentials, error) { return c, nil }

// A CredentialsProvider returns the credentials to sign with. A [Signer] asks it
// for every request, from several goroutines, so it should cache them until they
// expire.
type CredentialsProvider interface {
	Retrieve(ctx context.Context) (Credentials, error)
}

// A CredentialsFunc is a function as a [CredentialsProvider]. It adapts those of
// the AWS SDK, which this package doesn't import:
//
//	config, err := awsconfig.LoadDefaultConfig(ctx)
//	…
//	signer := &client.Signer{Credentials: client.CredentialsFunc(func(ctx context.Context) (client.Credentials, error) {
//		c, err := config.Credentials.Retrieve(ctx)
//		return client.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken}, err
//	})}
type CredentialsFunc func(ctx context.Context) (Credentials, error)

// Retrieve calls the function.
func (f CredentialsFunc) Retrieve(ctx context.Context) (Credentials, error) { return f(ctx) }

// EnvironmentCredentials returns a provider that reads AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN for every request. In a Lambda
// function they are those of its role.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func EnvironmentCredentials() CredentialsProvider {
	return CredentialsFunc(func(context.Context) (Credentials, error) {
		c := Credentials{os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")}
		if c.AccessKeyID == "" || c.SecretAccessKey == "" {
			return Credentials{}, errors.New("AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is empty: set both, or set other Credentials")
		}
		return c, nil
	})
}

package client

import (
	"context"
	"errors"
	"os"
)

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
			return Credentials{}, errors.New("AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is empty: set both, or give the Signer other credentials")
		}
		return c, nil
	})
}

package sigv4

// Credentials are an access key: what a caller signs with.
type Credentials struct {
	// AccessKeyID names the key. It travels in the request.
	AccessKeyID string

	// SecretAccessKey signs. It never travels.
	SecretAccessKey string

	// SessionToken goes with temporary credentials and travels in
	// X-Amz-Security-Token. Default: empty, long-term credentials.
	SessionToken string
}

// An Identity is who holds an access key: an IAM principal, or an AWS service
// that acts for one resource.
type Identity struct {
	// Credentials are the key that proves the identity.
	Credentials Credentials

	// Account is the id of the account that the principal belongs to.
	Account string

	// ARN is the principal's own, such as arn:aws:iam::111122223333:user/local.
	ARN string

	// UserID is the principal's unique id, such as AIDACKCEVSQ6C2EXAMPLE.
	UserID string

	// Service is the service principal, such as cloudfront.amazonaws.com.
	// Default: empty, an IAM principal.
	Service string

	// SourceARN and SourceAccount are the resource that a service acts for, and
	// its account: the condition keys aws:SourceArn and aws:SourceAccount.
	// Default: empty, as for IAM principals.
	SourceARN, SourceAccount string
}

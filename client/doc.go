// Package client has what Go callers of a streaming endpoint need.
//
// A [BodyHasher] sends the SHA-256 of each body. Endpoints without an edge
// function (infra.BodyHashing_VIEWER) require it for every body, the others for
// bodies over 1 MB:
//
//	c := &http.Client{Transport: &client.BodyHasher{}}
//
// A [Signer] signs requests to the function URL itself, which CloudFront isn't
// part of, with AWS Signature Version 4:
//
//	c := &http.Client{Transport: &client.Signer{Credentials: client.EnvironmentCredentials()}}
//
// [Events] reads server-sent events as they arrive, and [Subscribe] reconnects. A
// stream with a JSON value a line is for an [encoding/json.Decoder], which returns each
// as it arrives.
//
// A handler that fails mid-stream has already sent its status, and Lambda ends
// the response as if it were complete. So let streams end with an event or a line
// that says so, and take a stream without one for broken.
//
// The npm package @cloudfurl/client, in this directory, is the same for JavaScript,
// without the Signer. Lines for curl and Python are in docs/clients.md.
package client

package smoke

import (
	"math/rand/v2"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// megabyte is the most that a function at origin-request sees of a body, in
// bytes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
// Inferred: its 1 MB is 1,048,576 bytes.
const megabyte = 1 << 20

// Matrix returns all cases.
func Matrix() []Case {
	return slices.Concat(
		group("Distribution", distributionCases()),
		group("Streaming", streamingCases()),
		group("Methods", methodCases()),
		group("Bodies", bodyCases()),
		group("Client hashes", hashCases()),
		group("Host and authorization", identityCases()),
		group("Headers and cookies", headerCases()),
		group("Query strings", queryCases()),
		group("Paths", pathCases()),
		group("Responses", responseCases()),
		group("Function URL", functionURLCases()),
	)
}

func group(name string, cases []Case) []Case {
	for i := range cases {
		cases[i].Group = name
	}
	return cases
}

// blob returns n pseudorandom bytes, the same on each call.
func blob(n int) []byte {
	bytes := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(bytes)
	return bytes
}

func everyByte() []byte {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	return every
}

func hashField(value string) Field {
	return Field{contract.HeaderContentSHA256, value}
}

package smoke

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// megabyte is how much of a body CloudFront shows to a function at
// origin-request.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
// Inferred: that its 1 MB is 1,048,576 bytes.
const megabyte = 1 << 20

// Matrix returns the cases. Their bodies are shared and must not be changed.
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
		group("Function URL", functionURLCases()),
	)
}

func group(name string, cases []Case) []Case {
	for i := range cases {
		cases[i].Group = name
	}
	return cases
}

// blob returns n bytes, at most 3 MB, that look random and are the same at each
// call.
func blob(n int) []byte {
	return wholeBlob()[:n:n]
}

var wholeBlob = sync.OnceValue(func() []byte {
	whole := make([]byte, 0, 3*megabyte)
	for counter := uint64(0); len(whole) < cap(whole); counter++ {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, counter))
		whole = append(whole, sum[:]...)
	}
	return whole
})

// everyByte returns all values that a byte has.
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

func typeField(value string) Field {
	return Field{"Content-Type", value}
}

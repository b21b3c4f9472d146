package cloudfront

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A PublicKey verifies signed URLs and cookies.
type PublicKey struct{ key crypto.PublicKey }

// ParsePublicKey reads the EncodedKey of a public key, which is PEM: 2,048 bits of
// RSA, or ECDSA with the curve P-256.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublicKeyConfig.html
func ParsePublicKey(encoded string) (PublicKey, error) {
	if block, _ := pem.Decode([]byte(encoded)); block != nil {
		key, _ := x509.ParsePKIXPublicKey(block.Bytes) // nil for what it isn't
		rsaKey, _ := key.(*rsa.PublicKey)
		ecKey, _ := key.(*ecdsa.PublicKey)
		if rsaKey != nil && rsaKey.N.BitLen() == 2048 || ecKey != nil && ecKey.Curve == elliptic.P256() {
			return PublicKey{key}, nil
		}
	}
	return PublicKey{}, fault.New("use the output of openssl pkey -in private.pem -pubout, for a private key of openssl genrsa 2048",
		"isn't a public key in PEM of 2,048 bits for RSA, or of the curve P-256")
}

// verifies reports whether a signature of a digest was made with the private key.
func (k PublicKey) verifies(signature []byte, hash crypto.Hash, digest []byte) bool {
	if key, ok := k.key.(*ecdsa.PublicKey); ok {
		return ecdsa.VerifyASN1(key, digest, signature)
	}
	return rsa.VerifyPKCS1v15(k.key.(*rsa.PublicKey), hash, digest, signature) == nil
}

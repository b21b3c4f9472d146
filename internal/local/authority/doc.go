// Package authority has certificates for the local edge, signed by an authority
// that exists on this machine only. Browsers and other clients that trust it take
// them for those of any site.
//
// If mkcert has made an authority here, that one is used: it may be trusted
// already. Otherwise the package makes one, the first time, with the same file
// names, so that mkcert can install it. Unlike mkcert's, it can't sign for names of
// the internet, whoever gets its key.
//
// See: https://github.com/FiloSottile/mkcert#changing-the-location-of-the-ca-files
package authority

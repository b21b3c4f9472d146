package bucket

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

// uploadName returns the name of the file for a key, which may be one that no file has.
func uploadName(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// upload stores the file of a form as an object, in place of one with the same key, and
// opens it. The error is a *rejection if its size isn't permitted.
func (b *Bucket) upload(f *form, permitted sizes) (*object, error) {
	to, err := os.CreateTemp(b.config.Uploads, "new")
	if err != nil {
		return nil, err
	}
	key := f.field("key")
	size, err := io.Copy(to, f.file)
	if err = errors.Join(err, to.Close(), permitted.check(size)); err == nil {
		err = os.Rename(to.Name(), filepath.Join(b.config.Uploads, uploadName(key)))
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(to.Name()))
	}
	b.uploaded.Store(key, f.header())
	return b.findUploaded(key)
}

// findUploaded opens the object that a form has stored, or returns nil.
func (b *Bucket) findUploaded(key string) (*object, error) {
	header, ok := b.uploaded.Load(key)
	if !ok {
		return nil, nil
	}
	file, info, err := open(b.config.Uploads, uploadName(key))
	return &object{key: key, file: file, info: info, header: header.(http.Header)}, err
}

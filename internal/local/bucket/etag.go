package bucket

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"
)

// partSize is the size of the parts in which the AWS CLI uploads larger files.
//
// See: https://docs.aws.amazon.com/cli/latest/topic/s3-config.html#multipart-threshold
const partSize = 8 << 20

// etags remembers the entity tags of files, by name.
type etags struct{ known sync.Map }

type knownETag struct {
	size     int64
	modified time.Time
	etag     string
}

// of returns the object's entity tag: the MD5 of an object that is uploaded in one
// piece. For one uploaded in parts, S3 hashes the parts' hashes and appends their
// number. Here name, size and time are hashed instead, because reading a large
// file would delay its first byte.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
func (e *etags) of(o *object) (string, error) {
	size, modified := o.info.Size(), o.info.ModTime()
	if size >= partSize {
		sum := md5.Sum(fmt.Appendf(nil, "%s\n%d\n%d", o.key, size, modified.UnixNano()))
		return `"` + hex.EncodeToString(sum[:]) + "-" + strconv.FormatInt((size+partSize-1)/partSize, 10) + `"`, nil
	}
	name := o.file.Name()
	if found, ok := e.known.Load(name); ok {
		if known := found.(knownETag); known.size == size && known.modified.Equal(modified) {
			return known.etag, nil
		}
	}
	sum := md5.New()
	if _, err := io.Copy(sum, io.NewSectionReader(o.file, 0, size)); err != nil {
		return "", err
	}
	etag := `"` + hex.EncodeToString(sum.Sum(nil)) + `"`
	e.known.Store(name, knownETag{size, modified, etag})
	return etag, nil
}

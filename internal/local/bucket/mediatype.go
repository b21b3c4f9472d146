package bucket

import (
	"mime"
	"path"
	"strings"
)

// defaultMediaType is the type of an object that was uploaded without one.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
const defaultMediaType = "binary/octet-stream"

// mediaTypes are the types that the AWS CLI guesses by extension, without a
// charset. For other extensions it uses the machine's own table, and so does
// mediaType.
//
// Seen: types_map of Python's module mimetypes, which the CLI uses.
// Inferred: .webp, .woff and .woff2, which older versions of that module leave
// to the machine.
var mediaTypes = map[string]string{
	".aac": "audio/aac", ".avi": "video/x-msvideo", ".avif": "image/avif", ".bin": "application/octet-stream",
	".bmp": "image/bmp", ".css": "text/css", ".csv": "text/csv", ".gif": "image/gif", ".htm": "text/html",
	".html": "text/html", ".ico": "image/vnd.microsoft.icon", ".jpeg": "image/jpeg", ".jpg": "image/jpeg",
	".js": "text/javascript", ".json": "application/json", ".m3u8": "application/vnd.apple.mpegurl",
	".mjs": "text/javascript", ".mov": "video/quicktime", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
	".mpeg": "video/mpeg", ".opus": "audio/opus", ".pdf": "application/pdf", ".png": "image/png",
	".svg": "image/svg+xml", ".tar": "application/x-tar", ".tif": "image/tiff", ".tiff": "image/tiff",
	".ts": "video/mp2t", ".tsv": "text/tab-separated-values", ".txt": "text/plain", ".vtt": "text/vtt",
	".wasm": "application/wasm", ".wav": "audio/x-wav", ".webm": "video/webm",
	".webmanifest": "application/manifest+json", ".webp": "image/webp", ".woff": "font/woff", ".woff2": "font/woff2",
	".xml": "text/xml", ".zip": "application/zip",
}

func mediaType(key string) string {
	extension := strings.ToLower(path.Ext(key))
	if known, ok := mediaTypes[extension]; ok {
		return known
	}
	guessed, _, err := mime.ParseMediaType(mime.TypeByExtension(extension))
	if err != nil {
		return defaultMediaType
	}
	return guessed
}

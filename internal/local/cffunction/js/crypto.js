// The crypto module of CloudFront Functions.
// Job: createHash and createHmac with md5, sha1 and sha256.
// Limits: the digests hex, base64 and base64url; without one a Buffer (runtime 2.0) or a byte string (1.0).
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

const Buffer = buffer.Buffer;

function dataOf(data) {
  if (typeof data === 'string') return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  throw new TypeError('data is not a string or Buffer-like object');
}
function algorithmOf(name) {
  if (name !== 'md5' && name !== 'sha1' && name !== 'sha256') throw new TypeError('not supported algorithm: "' + name + '", use md5, sha1 or sha256');
  return name;
}
function digester(algorithm, key) {
  let parts = [], done = false;
  return {
    update: function (data) {
      if (done) throw new Error('Digest already called');
      parts.push(Buffer.from(dataOf(data)));
      return this;
    },
    digest: function (encoding) {
      if (done) throw new Error('Digest already called');
      if (encoding !== undefined && encoding !== 'hex' && encoding !== 'base64' && encoding !== 'base64url')
        throw new TypeError('Unknown digest encoding: "' + encoding + '", use hex, base64 or base64url');
      done = true;
      const sum = Buffer.from(native.digest(algorithm, key, Buffer.concat(parts)));
      if (encoding !== undefined) return sum.toString(encoding);
      return native.byteStrings ? native.encode(sum, 'latin1') : sum;
    },
  };
}

return {
  createHash: function (algorithm) { return digester(algorithmOf(algorithm)); },
  createHmac: function (algorithm, key) { return digester(algorithmOf(algorithm), Buffer.from(dataOf(key))); },
};

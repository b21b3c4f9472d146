// The cloudfront module of CloudFront Functions.
// Job: reads of the associated key value store.
// Limits: the helpers that choose an origin and cf.edgeLocation are not modelled; each throws and says so.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-custom-methods.html

const Buffer = require('buffer').Buffer;

function keyOf(key) {
  if (typeof key !== 'string') throw new TypeError('the key must be a string');
  return key;
}

const module = {
  kvs: function () {
    if (!native.hasStore()) throw new Error('no key value store is associated with this function');
    return {
      get: async function (key, options) {
        const format = options && options.format !== undefined ? options.format : 'string';
        if (format !== 'string' && format !== 'json' && format !== 'bytes') throw new TypeError('format "' + format + '" is not string, json or bytes');
        const value = native.lookup(keyOf(key));
        if (value === undefined) throw new Error('the key value store has no key "' + key + '"');
        return format === 'json' ? JSON.parse(value) : format === 'bytes' ? Buffer.from(value) : value;
      },
      exists: async function (key) { return native.lookup(keyOf(key)) !== undefined; },
      meta: async function () { return native.storeMeta(); },
    };
  },
};

['updateRequestOrigin', 'selectRequestOriginById', 'createRequestOriginGroup'].forEach(function (name) {
  module[name] = function () { throw new Error('cf.' + name + ' is not modelled by the local edge'); };
});
Object.defineProperty(module, 'edgeLocation', { get: function () { throw new Error('cf.edgeLocation is not modelled by the local edge'); } });

return module;

// The cloudfront module of CloudFront Functions.
// Job: reads of the associated key value store, the choice of an origin, custom log data.
// Limits: an origin group is its first origin; edgeLocation is made up.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-custom-methods.html

const Buffer = buffer.Buffer;

function textOf(name, value) {
  if (typeof value !== 'string') throw new TypeError('cf.' + name + ' takes a string');
  return value;
}

const module = {
  kvs: function () {
    if (!native.hasStore()) throw new Error('no key value store is associated with this function');
    return {
      get: async function (key, options) {
        const format = options && options.format !== undefined ? options.format : 'string';
        if (format !== 'string' && format !== 'json' && format !== 'bytes') throw new TypeError('format "' + format + '" is not string, json or bytes');
        const value = native.lookup(textOf('kvs', key));
        if (value === undefined) throw new Error('the key value store has no key "' + key + '"');
        return format === 'json' ? JSON.parse(value) : format === 'bytes' ? Buffer.from(value) : value;
      },
      exists: async function (key) { return native.lookup(textOf('kvs', key)) !== undefined; },
      meta: async function () { return native.storeMeta(); },
    };
  },
};

function atRequest(name) {
  if (!native.request()) throw new Error('cf.' + name + ' works at viewer-request only, inside the handler');
}
function choose(name, origin) {
  atRequest(name);
  native.setOrigin(name, origin);
}
module.updateRequestOrigin = function (origin) {
  if (origin === null || typeof origin !== 'object') throw new TypeError('cf.updateRequestOrigin takes an object');
  choose('updateRequestOrigin', origin);
};
module.selectRequestOriginById = function (id, changes) {
  choose('selectRequestOriginById', Object.assign({}, changes, { id: textOf('selectRequestOriginById', id) }));
};
module.createRequestOriginGroup = function (group) {
  const ids = group && group.originIds;
  if (!Array.isArray(ids) || ids.length !== 2 || !ids[0]) throw new TypeError('cf.createRequestOriginGroup takes two originIds');
  const name = 'createRequestOriginGroup';
  choose(name, { id: textOf(name, typeof ids[0] === 'string' ? ids[0] : ids[0].originId) });
};
module.logCustomData = function (text) { native.logData(textOf('logCustomData', text)); };

// The name of X-Amz-Cf-Pop; empty at viewer-response.
Object.defineProperty(module, 'edgeLocation', {
  enumerable: true,
  get: function () { return native.request() ? { name: 'LOC', serverIp: '127.0.0.1', region: 'us-east-1' } : {}; },
});

return module;

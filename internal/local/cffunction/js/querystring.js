// The querystring module of CloudFront Functions.
// Job: parse, stringify, escape and unescape, with the aliases decode and encode.
// Limits: maxKeys is 1000 unless asked otherwise, 0 means no limit.
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

function escape(string) { return encodeURIComponent(String(string)); }
// A bad escape stays as it is, the good ones around it are decoded.
function unescape(string) {
  return String(string).replace(/(%[0-9a-f]{2})+/gi, function (run) { return native.encode(native.decode(run.split('%').join(''), 'hex'), 'utf8'); });
}

function parse(string, separator, equal, options) {
  const out = {}, eq = equal || '=';
  const decode = options && options.decodeURIComponent || module.unescape;
  const maxKeys = options && options.maxKeys !== undefined ? options.maxKeys : 1000;
  if (typeof string !== 'string' || string === '') return out;
  let parts = string.split(separator || '&');
  if (maxKeys > 0) parts = parts.slice(0, maxKeys);
  parts.forEach(function (part) {
    if (part === '') return;
    const at = part.indexOf(eq);
    const key = decode((at < 0 ? part : part.slice(0, at)).split('+').join(' '));
    const value = at < 0 ? '' : decode(part.slice(at + eq.length).split('+').join(' '));
    if (!Object.prototype.hasOwnProperty.call(out, key)) Object.defineProperty(out, key, { value: value, writable: true, enumerable: true, configurable: true });
    else if (Array.isArray(out[key])) out[key].push(value);
    else out[key] = [out[key], value];
  });
  return out;
}
function text(value) {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' && isFinite(value) ? String(value) : '';
}
function stringify(object, separator, equal, options) {
  const sep = separator || '&', eq = equal || '=';
  const encode = options && options.encodeURIComponent || module.escape;
  if (object === null || typeof object !== 'object') return '';
  const pairs = [];
  Object.keys(object).forEach(function (key) {
    const values = Array.isArray(object[key]) ? object[key] : [object[key]];
    values.forEach(function (value) { pairs.push(encode(key) + eq + encode(text(value))); });
  });
  return pairs.join(sep);
}

const module = { parse: parse, decode: parse, stringify: stringify, encode: stringify, escape: escape, unescape: unescape };
return module;

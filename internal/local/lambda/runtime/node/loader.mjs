// Finds the handler in the function's code.
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.mjs';
import { streamingSymbol } from './response_stream.mjs';

// Reports whether the nearest package.json of dir, up to the task root or the
// folder of a package, says type module. What lies above the task root does not
// exist on AWS.
function isModulePackage(dir, root) {
  for (; ; dir = path.dirname(dir)) {
    if (path.basename(dir) === 'node_modules') return false;
    try {
      return JSON.parse(fs.readFileSync(path.join(dir, 'package.json'), 'utf8')).type === 'module';
    } catch (error) {
      if (error.code !== 'ENOENT') return false;
    }
    if (dir === root || dir === path.dirname(dir)) return false;
  }
}

// Node.js itself looks for a package.json above the task root, too. Where one
// says type module, CommonJS files need to be told what they are.
function shieldCommonJS(root) {
  if (!isModulePackage(path.dirname(root), '/')) return;
  const original = Module._extensions['.js'];
  Module._extensions['.js'] = (module, filename) => {
    if (filename.startsWith(root + path.sep) && !isModulePackage(path.dirname(filename), root)) {
      module._compile(fs.readFileSync(filename, 'utf8'), filename);
    } else {
      original(module, filename);
    }
  };
}

async function loadModule(base, root) {
  const require = createRequire(path.join(root, 'index.js'));
  const esm = isModulePackage(path.dirname(base), root);
  const load = (file, asModule) => (asModule ? import(pathToFileURL(file)) : require(file));
  const kinds = [['', false], ['.js', esm], ['.mjs', true], ['.cjs', false]];
  for (const [extension, asModule] of kinds) {
    if (fs.statSync(base + extension, { throwIfNoEntry: false })?.isFile()) return load(base + extension, asModule);
  }
  throw new RuntimeError('ImportModuleError', `Error: Cannot find module '${path.basename(base)}'`);
}

function renamed(name, error) {
  return Object.assign(new RuntimeError(name, String(error)), { stack: error.stack });
}

export async function loadHandler(hasCallbacks) {
  const root = process.env.LAMBDA_TASK_ROOT;
  const name = process.env._HANDLER;
  const file = path.basename(name);
  const dot = file.indexOf('.');
  if (dot < 0 || name.includes('..')) throw new RuntimeError('MalformedHandlerName', `'${name}' is not a valid handler name`);
  shieldCommonJS(root);
  let loaded;
  try {
    loaded = await loadModule(path.resolve(root, path.dirname(name), file.slice(0, dot)), root);
  } catch (error) {
    if (error instanceof SyntaxError) throw renamed('UserCodeSyntaxError', error);
    if (error.code === 'MODULE_NOT_FOUND') throw renamed('ImportModuleError', error);
    throw error;
  }
  const find = (object) => file.slice(dot + 1).split('.').reduce((found, key) => found?.[key], object);
  const handler = find(loaded) ?? (hasCallbacks ? undefined : find(loaded.default));
  if (!handler) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  if (!hasCallbacks && !handler[streamingSymbol] && handler.length >= 3) {
    throw new RuntimeError('CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. Use an async handler.');
  }
  return handler;
}

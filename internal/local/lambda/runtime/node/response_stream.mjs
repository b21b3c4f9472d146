// What awslambda offers to handlers: streamed responses. Left out: highWaterMark, which
// changes when write() returns false.
// See: https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
import { Writable } from 'node:stream';
import { begin, hold, write } from './connection.mjs';
import { RuntimeError, errorDocument, headerValue } from './errors.mjs';

// This symbol and the string are the contract of awslambda.streamifyResponse.
// See: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
export const streamingSymbol = Symbol.for('aws.lambda.runtime.handler.streaming');
const preludeContentType = 'application/vnd.awslambda.http-integration-response';
const preludeDelimiter = new Uint8Array(8);

// The stream of a handler wrapped with streamifyResponse. As on AWS, a prelude
// goes out with the first write(), and end() alone sends none.
export class ResponseStream extends Writable {
  #id;
  #contentType = 'application/octet-stream';
  #written = false;
  #failure;
  response; // of the Runtime API, once a byte was sent

  constructor(id) {
    super();
    this.#id = id;
    hold();
  }

  setContentType(contentType) {
    if (this.#written) throw new RuntimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.#contentType = contentType;
  }

  write(chunk, encoding, callback) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) chunk = JSON.stringify(chunk);
    if (!this.#written) {
      this.#written = true;
      this._onBeforeFirstWrite?.((data) => super.write(data));
    }
    return super.write(chunk, encoding, callback);
  }

  end(...args) {
    if (this._onBeforeFirstWrite && !this.#written && !this.#failure) {
      console.warn('The response stream ended without a write(): its status and headers are not sent, here as on AWS. Write an empty string first.');
    }
    return super.end(...args);
  }

  _write(chunk, encoding, callback) {
    this.#send([chunk], chunk.length, callback);
  }

  _writev(items, callback) {
    this.#send(items.map((item) => item.chunk), items.reduce((sum, item) => sum + item.chunk.length, 0), callback);
  }

  #send(chunks, size, callback) {
    this.#open();
    if (size === 0) callback();
    else write([`${size.toString(16)}\r\n`, ...chunks, '\r\n'], callback);
  }

  #open() {
    this.response ??= begin('POST', `/invocation/${this.#id}/response`, {
      'Content-Type': this.#contentType,
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      'Transfer-Encoding': 'chunked',
      Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    });
  }

  _final(callback) {
    this.#open();
    let trailers = '';
    if (this.#failure) {
      const body = Buffer.from(JSON.stringify(this.#failure)).toString('base64');
      const type = headerValue(this.#failure.errorType);
      trailers = `Lambda-Runtime-Function-Error-Type: ${type}\r\nLambda-Runtime-Function-Error-Body: ${body}\r\n`;
    }
    write([`0\r\n${trailers}\r\n`], callback);
  }

  fail(error) {
    if (this.writableEnded) return; // its last chunk may be on its way
    this.#failure = errorDocument(error);
    this.end();
  }
}

globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[streamingSymbol] = 'response';
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType(preludeContentType);
      const metadata = JSON.stringify(prelude);
      stream._onBeforeFirstWrite = (write) => {
        write(metadata);
        write(preludeDelimiter);
      };
      return stream;
    },
  },
};
